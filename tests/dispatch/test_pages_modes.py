"""The pages of emergency orders, and the banners that they put on others."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from dispatch.models import LimitRule
from dispatch.models.deadline import Clock
from dispatch.overview.mode_change import differences
from grids.models import Mode, OperationMode
from grids.modes import order_emergency
from tests.incidents import stages
from tests.incidents.stages import HOUR, NINE
from tests.query_counts import query_count
from tests.world import World

TEN = NINE + HOUR


def order(town: World, **more: Any) -> OperationMode:
    facts: dict[str, Any] = {
        "actor": town.command,
        "scenario": "防汛防台",
        "authorised_by": "街道防指",
        "ends_at": TEN + 24 * HOUR,
        "at": TEN,
    }
    return order_emergency(town.community_1, **facts | more)


def test_an_order_is_given_after_a_page_that_says_what_changes(town: World, client: Client, stop_clock: Any) -> None:
    LimitRule.objects.create(clock=Clock.HANDLE, level_from=2, level_to=3, mode=Mode.EMERGENCY, amount=90)
    stages.report(town)
    stop_clock(TEN)
    client.force_login(town.command)
    url = reverse("modes:order")
    page = client.get(url, {"unit": town.grid_1.code}, headers={"accept-language": "en"}).content.decode()
    assert f'<option value="{town.grid_1.pk}" selected' in page
    until = timezone.localtime(TEN + 10 * HOUR).strftime("%Y-%m-%dT%H:%M")
    typed = {"unit": town.community_1.pk, "scenario": "防汛防台", "authorised_by": "街道防指", "ends_at": until}
    wrong = client.post(url, typed | {"ends_at": ""})
    assert (wrong.status_code, OperationMode.objects.count()) == (422, 0)
    confirm = client.post(url, typed | {"applies_to_open": "on"})
    assert OperationMode.objects.count() == 0
    assert (confirm.context["open"], len(confirm.context["differences"])) == (1, 4)
    assert 'name="applies_to_open" value="True"' in confirm.content.decode()
    done = client.post(url, typed | {"applies_to_open": "True", "confirmed": "1"})
    assert done.url == reverse("modes:list")
    made = OperationMode.objects.get()
    assert (made.unit, made.starts_at, made.ends_at, made.applies_to_open) == (
        town.community_1,
        TEN,
        TEN + 10 * HOUR,
        True,
    )


def test_the_difference_between_the_modes_is_told_by_clock_and_level(town: World) -> None:
    assert [(str(line.clock), line.emergency.split()[0]) for line in differences()] == [("签收", "30"), ("核查", "4")]
    LimitRule.objects.filter(mode=Mode.EMERGENCY).delete()
    assert differences() == []
    LimitRule.objects.create(clock=Clock.HANDLE, level_from=2, level_to=4, mode=Mode.EMERGENCY, amount=90)
    LimitRule.objects.create(clock=Clock.SIGN, category_code="02", mode=Mode.EMERGENCY, amount=15)
    said = {amount: LimitRule(amount=amount).limit_in_words for amount in (15, 60, 90, 360)}
    assert [(line.levels, line.category, line.normal, line.emergency) for line in differences()] == [
        ("1–4", "02", said[60], said[15]),
        ("2", "", said[360], said[90]),
        ("3–4", "", pgettext("a limit", "none"), said[90]),
    ]


def test_orders_are_listed_renewed_and_ended(town: World, client: Client, stop_clock: Any) -> None:
    made = order(town)
    stop_clock(TEN + HOUR)
    client.force_login(town.command)
    with query_count("modes:list"):
        assert client.get(reverse("modes:list")).status_code == 200
    client.get(reverse("modes:renew", args=[made.pk]))
    until = timezone.localtime(TEN + 48 * HOUR).strftime("%Y-%m-%dT%H:%M")
    client.post(reverse("modes:renew", args=[made.pk]), {"until": until, "authorised_by": "区防指"})
    assert made.renewed_by.ends_at == TEN + 48 * HOUR
    assert client.get(reverse("modes:end", args=[made.pk])).context["open"] == 0
    client.post(reverse("modes:end", args=[made.pk]))
    made.refresh_from_db()
    assert made.ended_at == TEN + HOUR
    assert "防汛防台" in client.get(reverse("modes:list")).content.decode()


def test_who_may_not_order_only_reads_and_strangers_find_nothing(town: World, client: Client) -> None:
    made = order(town)
    client.force_login(town.worker)
    assert client.get(reverse("modes:list")).status_code == 200
    for url in (reverse("modes:order"), reverse("modes:end", args=[made.pk]), reverse("modes:renew", args=[made.pk])):
        assert client.get(url).status_code == 403
    client.force_login(town.outsider)
    assert client.post(reverse("modes:end", args=[made.pk])).status_code == 404


@pytest.mark.parametrize(
    ("user", "page"), [("worker", "dispatch:today"), ("command", "dispatch:queue"), ("leader", "dispatch:board")]
)
def test_a_banner_stands_where_an_emergency_is_in_force(
    town: World, client: Client, stop_clock: Any, user: str, page: str
) -> None:
    order(town)
    client.force_login(getattr(town, user))
    stop_clock(TEN + HOUR)
    assert "街道防指" in client.get(reverse(page)).content.decode()
    stop_clock(TEN + timedelta(days=2))
    assert "街道防指" not in client.get(reverse(page)).content.decode()
