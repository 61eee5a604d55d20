"""The queue in a real browser: what is committed elsewhere arrives by itself, and the keyboard does the rest."""

import pytest
from django.urls import reverse
from playwright.sync_api import Route, expect

import clock
from dispatch.limits import load_default_rules
from incidents.models import Incident
from incidents.workflow import Status
from tests.incidents import stages
from tests.world import PASSWORD, build


@pytest.mark.django_db(transaction=True)
def test_new_rows_arrive_within_a_second_and_keys_dispatch_them_together(live_server, desk):
    world = build()
    load_default_rules()
    first = stages.report(world, at=clock.now())  # both of the same days, whenever this runs
    desk.goto(f"{live_server.url}{reverse('accounts:login')}?next={reverse('dispatch:queue')}")
    desk.fill("[name=username]", world.command.username)
    desk.fill("[name=password]", PASSWORD)
    desk.press("[name=password]", "Enter")
    desk.wait_for_selector("[data-live][data-state=on]")

    second = stages.report(world, at=clock.now())  # somebody else's, in a transaction of its own
    desk.wait_for_selector(".queue-news a", timeout=10_000)  # the half-minute renewal would come later
    assert "1" in desk.inner_text("[data-announce]")
    assert desk.locator("[data-row]").count() == 1  # nothing moves under the cursor
    desk.keyboard.press("n")
    desk.wait_for_selector(f"[data-row='{second.number}']")

    desk.keyboard.press("j")
    desk.wait_for_selector("#queue-panel form >> visible=true")
    held: list[Route] = []
    desk.route("**/panel/", lambda route: held.append(route), times=1)
    desk.keyboard.press("k")
    shown = desk.get_attribute("[data-row].chosen", "data-row")
    desk.keyboard.press("j")  # the answer is late: the other one's forms must not be at hand
    other = desk.get_attribute("[data-row].chosen", "data-row")
    assert shown != other
    assert desk.locator("#queue-panel form >> visible=true").count() == 0
    while not held:
        desk.evaluate("0")  # the script's request comes to us when something is asked of the page
    held[0].continue_()
    desk.wait_for_selector(f"#queue-panel form[action*='{other}'] >> visible=true")

    desk.keyboard.press("m")  # beside those that are like it, to be merged
    desk.wait_for_selector(".compared-one")
    desk.click(".action-bar a")
    desk.wait_for_selector("[data-live][data-state=on]")

    for key in ("j", "Space", "j", "Shift+Space"):
        desk.keyboard.press(key)
    expect(desk.locator("[data-row].is-picked")).to_have_count(2)
    desk.keyboard.press("?")
    assert desk.locator("#keys").is_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("d")
    desk.select_option("[name=lead]", world.police.code)
    desk.click(".action-bar .btn-primary")
    desk.wait_for_selector("#went")
    assert {Incident.objects.get(pk=one.pk).status for one in (first, second)} == {Status.DISPATCHED}
