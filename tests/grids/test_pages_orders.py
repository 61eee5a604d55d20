"""The pages of zones and absences, and the rules of a zone on the worker's phone."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grids.models import Absence, Post, ZoneOrder
from grids.zones import order_zone
from tests.query_counts import query_count
from tests.world import World

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
RULES = "足不出户，服务上门。"


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def lockdown(world: World, *units: Any) -> ZoneOrder:
    return order_zone(units, actor=world.command, zone="lockdown", rules=RULES, authorised_by="街道指挥部", at=NOON)


def test_units_are_ticked_down_the_tree_and_put_under_one_order(world: World, client: Client) -> None:
    client.force_login(world.command)
    choose = reverse("zones:choose")
    assert [unit for unit, _below in client.get(choose).context["rows"]] == [world.street_a]
    assert len(client.get(choose, {"at": world.street_a.code}).context["rows"]) == 2
    ticked = [world.micro_5.code]
    page = client.get(choose, {"at": world.community_1.code, "unit": ticked})
    assert [len(below) for _unit, below in page.context["rows"]] == [2, 2]
    assert page.context["elsewhere"] == [world.micro_5]
    address = reverse("zones:order") + f"?zone=lockdown&unit={world.micro_5.code}&unit={world.micro_1.code}"
    page = client.get(address)
    assert "足不出户" in page.content.decode()  # the handbook's words are proposed
    assert client.post(address, {"rules": "", "authorised_by": "街道指挥部"}).status_code == 422
    done = client.post(address, {"rules": RULES, "authorised_by": "街道指挥部"})
    made = ZoneOrder.objects.get()
    assert done.url == reverse("zones:zone", args=[made.pk])
    assert {unit.pk for unit in made.units.all()} == {world.micro_1.pk, world.micro_5.pk}
    assert client.get(reverse("zones:order")).url == choose  # nothing chosen


def test_the_rules_stand_on_the_phone_of_who_works_there_and_on_the_unit(world: World, client: Client) -> None:
    made = lockdown(world, world.micro_1)
    for user, seen in ((world.worker, True), (world.worker2, False)):
        client.force_login(user)
        assert (RULES in client.get(reverse("dispatch:today")).content.decode()) is seen
    client.force_login(world.command)
    assert RULES in client.get(reverse("grids:unit", args=[world.grid_1.code])).content.decode()
    with query_count("zones:list"):
        assert client.get(reverse("zones:list")).status_code == 200
    page = client.get(reverse("zones:end", args=[made.pk]))
    assert page.context["told"] == 1
    client.post(reverse("zones:end", args=[made.pk]))
    made.refresh_from_db()
    assert made.ended_by == world.command
    assert made.get_zone_display() in client.get(reverse("zones:list")).content.decode()


def test_a_zone_is_seen_by_whom_it_concerns_and_lifted_by_who_may_order(world: World, client: Client) -> None:
    made = lockdown(world, world.community_1)
    page, end = reverse("zones:zone", args=[made.pk]), reverse("zones:end", args=[made.pk])
    client.force_login(world.worker)
    assert (client.get(page).status_code, client.post(end).status_code) == (200, 403)
    assert client.get(reverse("zones:choose")).status_code == 403
    client.force_login(world.outsider)
    assert (client.get(page).status_code, client.post(end).status_code) == (404, 404)


def test_an_absence_is_noted_on_the_own_page_and_shown_at_the_unit(world: World, client: Client) -> None:
    held = Post.objects.get(user=world.worker)
    address = reverse("grids:absences", args=[held.pk])
    client.force_login(world.worker)
    assert address in client.get(reverse("accounts:profile")).content.decode()
    assert world.worker2.name in client.get(address).content.decode()
    typed = {"starts_on": "2026-11-20", "ends_on": "2026-11-22", "stand_in": world.worker2.pk}
    assert client.post(address, typed | {"ends_on": "2026-11-19"}).status_code == 422
    client.post(address, typed)
    absence = Absence.objects.get()
    unit = client.get(reverse("grids:unit", args=[world.grid_1.code])).content.decode()
    assert "2026-11-22" in unit
    assert world.worker2.name in unit
    client.post(reverse("grids:cancel_absence", args=[held.pk, absence.pk]))
    absence.refresh_from_db()
    assert absence.cancelled_at == NOON
    client.force_login(world.worker2)
    assert client.get(address).status_code == 404


def test_orders_of_a_unit_over_the_api(world: World, client: Client) -> None:
    lockdown(world, world.micro_1)
    client.force_login(world.worker)
    body = client.get(f"/api/v1/units/{world.micro_1.code}/orders/").json()
    assert body["mode"] == "normal"
    assert body["zones"][0]["rules"] == RULES
    assert client.get(f"/api/v1/units/{world.micro_b.code}/orders/").status_code == 404
