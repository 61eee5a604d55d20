"""A register's file from the drop zone to the register and out again, at a desk in Chinese and on a phone in English.

What the loader does in service is done here in between, so that the page's own look every second finds it done.
"""

from collections.abc import Callable

import pytest
from django.urls import reverse

from accounts.models import Language
from households.loading import runs
from households.loading.runs import enqueueing
from households.models import RegisterLoad, Resident
from tests.browser import DESK, PHONE
from tests.households.test_load_pages import HEADERS, people, workbook
from tests.loop.people import Cast, Person

pytestmark = pytest.mark.long

State = RegisterLoad.State


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[], RegisterLoad]:
    """The load that was sent last; nothing of it goes to a broker."""
    monkeypatch.setattr(enqueueing, "work_soon", lambda task, load_id: None)
    return lambda: RegisterLoad.objects.latest("pk")


def wait_for(person: Person, what: str) -> None:
    """The page looks every second whether the work is over, and then shows what came of it."""
    person.page.locator(what).first.wait_for()
    person.look()


def test_a_file_goes_in_and_out_through_the_pages(cast: Cast, load: Callable[[], RegisterLoad]) -> None:
    file = workbook(people(), (*HEADERS[:7], "代号"))
    register = cast.at(DESK, "register")
    register.go("households:loads")
    register.page.locator("input[type=file]").set_input_files(
        {"name": "高田王村.xlsx", "mimeType": "application/octet-stream", "buffer": file.read()}
    )
    assert register.page.locator("[data-drop-word]").inner_text() == "高田王村.xlsx"
    register.press("Read the file")
    assert register.page.locator("#working").is_visible()

    runs.read(load().pk)
    wait_for(register, ".columns-table")
    register.page.locator("[name=column-7]").select_option("note")
    register.press("Read it like this")
    runs.read(load().pk)
    wait_for(register, ".load-figures")

    look_at_it_on_a_phone(cast, load())
    register = cast.at(DESK, "register")
    register.go("households:load", load().key)
    register.pressable("Apply").first.click()
    with register.page.expect_navigation():
        register.page.locator("dialog[open] .btn-primary").click()
    runs.apply(load().pk)
    wait_for(register, ".load-figures")
    assert Resident.objects.count() == 4

    register.press("Undo this load")
    register.press("Undo")
    runs.take_back(load().pk)
    wait_for(register, ".page-head .status[data-status=idle]")
    assert load().state == State.UNDONE
    assert not Resident.objects.exists()
    register.go("inbox")
    assert register.page.locator(f'a[href="{reverse("households:load", args=[load().key])}"]').count()


def look_at_it_on_a_phone(cast: Cast, ready: RegisterLoad) -> None:
    """Every page of it, in English: `Person.go` judges each."""
    phone = cast.at(PHONE, "register", language=Language.ENGLISH)
    phone.go("households:loads")
    for name in ("load", "load_columns", "load_places", "load_apply"):
        phone.go(f"households:{name}", ready.key)
    phone.go("households:load_rows", ready.key, "new")
    assert "张建国" in phone.text


def test_a_file_that_is_no_register_says_so(cast: Cast, load: Callable[[], RegisterLoad]) -> None:
    register = cast.at(DESK, "register")
    register.go("households:loads")
    register.page.locator("input[type=file]").set_input_files(
        {"name": "说明.txt", "mimeType": "text/plain", "buffer": b"\x00\x01 no table"}
    )
    register.press("Read the file")
    runs.read(load().pk)
    wait_for(register, ".notice[data-tone=error]")
    assert load().refusal in register.text
