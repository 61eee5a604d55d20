"""Take the two pictures of the README from the running product: the queue at a desk, Today on a phone, in Chinese."""

import argparse
import os
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import DESK, PHONE, find_chromium

FOLDER = Path(__file__).resolve().parent.parent / "docs/images"
MOST_BYTES = 200_000
_COLOURS = 128


@dataclass(frozen=True)
class Picture:
    """One page as one account sees it; `press` is clicked before the picture is taken."""

    name: str
    path: str
    account: str
    is_phone: bool = False
    press: str = ""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/screenshots", description=__doc__)
    parser.add_argument("address", help="of a running script/server, such as http://127.0.0.1:8000")
    parser.add_argument("password", help="of the demo accounts")
    parser.add_argument("--queue", default="command", metavar="ACCOUNT", help="a command-room officer (%(default)s)")
    parser.add_argument("--today", default="worker", metavar="ACCOUNT", help="a grid worker (%(default)s)")
    options = parser.parse_args(arguments)
    pictures = (
        Picture("queue", "/queue/", options.queue, press="[data-panel]"),
        Picture("today", "/today/", options.today, is_phone=True),
    )
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=sandbox)
        for picture in pictures:
            file = FOLDER / f"{picture.name}.png"
            file.write_bytes(compressed(take(browser, picture, options.address.rstrip("/"), options.password)))
            sys.stdout.write(f"{file.relative_to(Path.cwd())}: {file.stat().st_size // 1000} kB\n")
        browser.close()
    return 0


def take(browser: Browser, picture: Picture, address: str, password: str) -> bytes:
    """Log in, open the page, and return the picture as the browser makes it."""
    context = browser.new_context(
        viewport=PHONE if picture.is_phone else DESK,
        device_scale_factor=2 if picture.is_phone else 1,
        is_mobile=picture.is_phone,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    log_in(page, address, picture.account, password)
    page.goto(f"{address}{picture.path}")
    if picture.press:
        page.locator(picture.press).first.click()
    page.wait_for_load_state("networkidle")
    image = page.screenshot()
    context.close()
    return image


def log_in(page: Page, address: str, account: str, password: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.fill("[name=username]", account)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.click("main button")
    if "/login/" in page.url:
        raise SystemExit(f"{account} can't log in at {address}: is this the password of the demo accounts?")


def compressed(image: bytes) -> bytes:
    """The same picture with a palette: a page has few colours, and the file a third of the size."""
    picture = Image.open(BytesIO(image)).convert("RGB")
    few = picture.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = BytesIO()
    few.save(out, "PNG", optimize=True)
    if out.tell() > MOST_BYTES:
        raise SystemExit(f"A picture of {out.tell()} bytes is too heavy for a README: it should show less.")
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
