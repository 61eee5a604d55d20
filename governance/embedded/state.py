"""The state folder: what one checkout keeps between two starts (secrets, data, media, notes), never in git."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from governance.embedded import Trouble
from governance.embedded.places import write_closed

PROJECT = Path(__file__).resolve().parent.parent.parent


def state_folder() -> Path:
    """`WEIGE_STATE` or .weige in the checkout; made when missing.

    It is closed to other accounts. Root leaves the right to pass through (0711) for the account that runs the servers;
    every file in it is closed by itself.
    """
    folder = Path(os.environ.get("WEIGE_STATE") or PROJECT / ".weige")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except PermissionError as error:
        raise Trouble(
            f"{folder} belongs to another account. Start as that account, or set WEIGE_STATE to a folder of your own."
        ) from error
    return folder


def load_secrets(state: Path) -> dict[str, str]:
    """The secrets of this checkout, made on the first call: signing key, field keys and passwords."""
    path = state / "secrets.json"
    try:
        kept = json.loads(path.read_text())
    except FileNotFoundError:
        kept = {}
    complete = _fresh_secrets() | kept
    if complete != kept:
        write_closed(path, json.dumps(complete, indent=1) + "\n")
    return complete


def _fresh_secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "DEMO_PASSWORD": _speakable_password(),
        "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
        "VALKEY_PASSWORD": secrets.token_urlsafe(24),
    }


def _speakable_password() -> str:
    """Three groups of four letters and digits without look-alikes: easy to type from the terminal into a phone."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))


def is_configured(name: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the setting comes from outside, as a value or as a file that holds it."""
    return bool(environment.get(name) or environment.get(f"{name}_FILE"))


def product_environment(state: Path, kept: Mapping[str, str], servers: Mapping[str, str]) -> dict[str, str]:
    """What the product's processes read: the defaults of a trial installation, and above them what is set outside."""
    media = state / "media"
    media.mkdir(exist_ok=True)
    media.chmod(0o700)
    defaults = {
        "TRIAL": "1",
        "SECRET_KEY": kept["SECRET_KEY"],
        "FIELD_KEYS": kept["FIELD_KEYS"],
        "MEDIA_ROOT": str(media),
        **servers,
    }
    return {name: value for name, value in defaults.items() if not is_configured(name)}
