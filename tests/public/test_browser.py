"""The one minute of the report in a real browser: the phone of a resident, with every header that the server sends."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from public.models import PlaceCode
from public.place_codes import give_codes
from tests.incidents.stages import NINE, category
from tests.world import World


@pytest.mark.django_db(transaction=True)
def test_a_resident_reports_on_a_phone_and_sees_what_becomes_of_it(
    live_server: LiveServer, world: World, phone: Page
) -> None:
    give_codes([world.micro_1], actor=world.register, at=NINE)
    category(world, 2)
    phone.goto(f"{live_server.url}/q/{PlaceCode.objects.get().code}/")
    phone.click(".elder button")
    expect(phone.locator("html")).to_have_class(re.compile("large"))
    phone.click(".tile")
    phone.fill("textarea", "楼道灯坏了两天。")
    phone.click(".btn-primary")
    expect(phone.locator(".query-code")).to_have_text(re.compile(r"\w{4}-\w{4}"))
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
