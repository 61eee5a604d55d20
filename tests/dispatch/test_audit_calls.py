"""The watcher over whistles, supervision items and the warnings before the close-out."""

from datetime import datetime
from typing import Any

import pytest

from dispatch import supervising, whistling
from dispatch.audit import checks
from dispatch.audit.audit import audit
from dispatch.calendar.standard import load_standard_hours
from dispatch.close_out import close_owed_days
from dispatch.day_warnings import moments_between
from dispatch.digest import push_reminders
from dispatch.models import DayWarning, Deadline, LimitRule, Supervision, SupervisionType, Whistle
from dispatch.supervision_types import load_supervision_types
from grids.models import Unit
from tests.dispatch.moments import friday, on
from tests.world import World

NINE, TEN = friday("09:00"), friday("10:00")
Rows = list[tuple[str, datetime, datetime]]


@pytest.fixture(autouse=True)
def beat_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.pulse, "silent_for", lambda name: 1)


@pytest.fixture
def calls(town: World) -> tuple[Whistle, Supervision]:
    """At nine: a whistle for two departments, and an item that one of them has to put right."""
    load_standard_hours()
    load_supervision_types()
    departments = [town.enforcement, town.police]
    whistle = whistling.call_whistle(
        town.street_a, actor=town.command, grade=2, matter="私拉电线", departments=departments, at=NINE
    )
    item = supervising.issue_supervision(
        town.street_a,
        actor=town.command,
        target=town.enforcement,
        issue_type=SupervisionType.objects.get(code="stalls"),
        demand="占道",
        at=NINE,
    )
    return whistle, item


def look(at: datetime) -> tuple[dict[str, Any], dict[str, int]]:
    """What stands, with its examples, and how much was put right, by rule."""
    seen, _is_kept = audit(at)
    return (
        {each["check"]: each["examples"] for each in seen.findings},
        {each["check"]: each["count"] for each in seen.repairs},
    )


def alive(**of: Any) -> Rows:
    rows = Deadline.objects.filter(met_at=None, cancelled_at=None, **of)
    return list(rows.order_by("clock").values_list("clock", "starts_at", "due_at"))


def test_lost_clocks_of_whistles_and_items_start_again_towards_the_moment_they_had(
    town: World, calls: tuple[Whistle, Supervision]
) -> None:
    whistle, item = calls
    signed, never = whistle.parties.order_by("pk")
    whistling.sign(signed, actor=town.department, at=friday("09:10"))
    push_reminders(friday("09:06"))
    assert look(friday("09:15")) == ({}, {})
    before = alive(whistle_party=signed), alive(whistle_party=never), alive(supervision=item)

    Deadline.objects.filter(whistle_party=signed, clock="arrive").update(cancelled_at=TEN)  # contact goes on
    Deadline.objects.filter(whistle_party=never).delete()
    Deadline.objects.filter(supervision=item).update(met_at=TEN, missed_at=TEN)
    assert look(friday("09:20")) == ({}, {"without_clock": 3})
    assert before == (alive(whistle_party=signed), alive(whistle_party=never), alive(supervision=item))
    again = Deadline.objects.get(supervision=item, met_at=None)
    assert (again.missed_at, "audit" in again.rule, again.rule["source"][:4]) == (TEN, True, "rule")

    supervising.rectify(item, actor=town.department, note="已清理", at=friday("09:30"))  # waits without a clock
    assert look(friday("09:35")) == ({}, {})


def test_what_can_not_be_started_stands_as_a_finding(town: World, calls: tuple[Whistle, Supervision]) -> None:
    """A time that may have been given by hand is not guessed, and what no rule asks for is not invented."""
    whistle, item = calls
    push_reminders(friday("09:06"))
    LimitRule.objects.all().delete()
    Deadline.objects.all().delete()
    assert look(friday("09:15")) == ({"without_clock": [whistle.number, whistle.number, item.number]}, {})

    for party in whistle.parties.all():
        whistling.release(party, actor=town.command, note="不需要", at=friday("09:15"))
    supervising.withdraw(item, actor=town.command, note="重新下发", at=friday("09:15"))
    assert look(friday("09:16")) == ({}, {})


def test_clocks_of_what_has_ended_are_cancelled(town: World, calls: tuple[Whistle, Supervision]) -> None:
    whistle, item = calls
    push_reminders(friday("09:06"))
    released, called = whistle.parties.order_by("pk")
    for ended in (1, 2):
        if ended == 1:
            whistling.release(released, actor=town.command, note="不需要", at=friday("09:10"))
            Deadline.objects.filter(whistle_party=released, clock="sign").update(cancelled_at=None)
        else:
            whistling.withdraw(whistle, actor=town.command, note="误吹", at=friday("09:12"))
            supervising.withdraw(item, actor=town.command, note="误发", at=friday("09:12"))
            Deadline.objects.filter(whistle_party=called, clock="sign").update(cancelled_at=None)
            Deadline.objects.filter(supervision=item).update(cancelled_at=None)
        assert look(friday("09:15")) == ({}, {"outlived": ended})
        assert alive(whistle_party=released) == []
    assert alive(whistle_party=called) == alive(supervision=item) == []


def test_a_warning_that_was_owed_is_made_up_for_while_it_can_be_and_else_said_once(town: World) -> None:
    def settle(at: datetime) -> None:
        push_reminders(at)
        close_owed_days(at)

    Unit.objects.filter(pk=town.street_b.pk).update(made_at=NINE)  # owed none on its first day
    settle(friday("14:06"))
    assert look(friday("14:15")) == ({}, {})
    settle(friday("15:06"))
    assert look(friday("15:15")) == ({}, {"without_warning": 1})  # nobody had warned at 15:00
    assert DayWarning.objects.get(street=town.street_a).due_at == friday("15:00")
    settle(friday("16:06"))
    street = town.street_a.code
    assert look(friday("16:15")) == ({"without_warning": [f"{street} 2026-11-20 15:30"]}, {})
    settle(friday("17:06"))
    assert look(friday("17:15")) == ({}, {})


@pytest.mark.parametrize(
    ("since", "until", "moments"),
    [
        (friday("15:00"), friday("15:30"), [friday("15:30")]),
        (friday("14:59"), friday("15:29"), [friday("15:00")]),
        (friday("15:30"), on("2026-11-21", "14:59"), []),
        (friday("12:00"), on("2026-11-21", "15:00"), [friday("15:00"), friday("15:30"), on("2026-11-21", "15:00")]),
    ],
)
def test_the_moments_of_warning_between_two_audits(since: datetime, until: datetime, moments: list[datetime]) -> None:
    assert moments_between(since, until, checks.rules.CLOSE_OUT_AT) == moments
