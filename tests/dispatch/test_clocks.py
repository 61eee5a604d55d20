"""What each act does to the clocks. Incidents are reported on a Friday at 9:00 (`tests.incidents.stages`)."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError

from dispatch import clocks
from dispatch.limits import load_default_rules
from dispatch.models import Deadline, LimitRule
from dispatch.models.deadline import Clock
from dispatch.shifts import due_as_of
from dispatch.sweep import sweep
from incidents import services
from incidents.models import Incident
from incidents.workflow import Act
from tests.dispatch.moments import friday, on, saturday
from tests.incidents import stages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rules():
    load_default_rules()


def undone(incident: Incident) -> dict[str, Deadline]:
    return {row.clock: row for row in clocks.undone(incident)}


def rows(incident: Incident, clock: Clock) -> list[Deadline]:
    return list(Deadline.objects.filter(incident=incident, clock=clock).order_by("pk"))


def due(incident: Incident) -> dict[str, object]:
    return {clock: row.due_at for clock, row in undone(incident).items()}


def test_every_act_of_the_table_moves_a_clock():
    assert set(clocks._MOVES) == set(Act)


def test_a_report_starts_handling_and_the_close_out(world):
    incident = stages.report(world)

    assert due(incident) == {Clock.HANDLE: friday("15:00"), Clock.CLOSE_OUT: friday("16:00")}
    row = undone(incident)[Clock.HANDLE]
    assert row.starts_at == friday("09:00")
    source = row.rule.pop("source")
    assert row.rule == {"amount": 360, "measure": "minutes", "mode": ""}
    assert source.startswith("rule:")


def test_a_report_of_level_three_has_the_close_out_alone(world):
    assert due(stages.report(world, level=3)) == {Clock.CLOSE_OUT: friday("16:00")}


def test_a_rule_that_changes_later_changes_no_running_clock(world):
    incident = stages.report(world)
    LimitRule.objects.filter(clock=Clock.HANDLE).update(amount=5)

    assert due(incident)[Clock.HANDLE] == friday("15:00")


def test_settled_on_the_spot_meets_everything(world):
    incident = stages.report(world, level=1)
    services.settle(incident, actor=world.worker, measures="已当场劝离。", at=friday("09:05"))

    assert undone(incident) == {}
    assert {row.met_at for row in incident.deadlines.all()} == {friday("09:05")}


def test_another_level_counts_by_its_own_rule_from_the_report(world):
    incident = stages.report(world, level=2)
    services.triage(incident, actor=world.command, level=1, at=friday("09:10"))

    old, new = rows(incident, Clock.HANDLE)
    assert (old.due_at, old.cancelled_at) == (friday("15:00"), friday("09:10"))
    assert (new.starts_at, new.due_at) == (friday("09:00"), friday("10:00"))
    assert len(rows(incident, Clock.CLOSE_OUT)) == 1, "the close-out is the same for both levels: it runs on"


def test_a_level_that_ran_out_before_it_was_set_is_missed_at_once(world):
    incident = stages.report(world, level=2)
    services.triage(incident, actor=world.command, level=1, at=friday("10:30"))

    assert undone(incident)[Clock.HANDLE].missed_at == friday("10:30")


def test_raised_to_level_three_the_handling_clock_ends_and_lowered_again_it_counts_from_the_report(world):
    incident = stages.report(world, level=2)
    services.triage(incident, actor=world.command, level=3, at=friday("09:10"))
    assert set(undone(incident)) == {Clock.CLOSE_OUT}

    services.triage(incident, actor=world.command, level=2, at=friday("09:20"))
    assert due(incident)[Clock.HANDLE] == friday("15:00")


def test_another_category_brings_its_own_limit(world):
    incident = stages.report(world, level=2)
    other = stages.category(world, 2, code="0203")
    other.limit_minutes = 120
    other.save(update_fields=["limit_minutes"])
    services.triage(incident, actor=world.command, category=other, at=friday("09:10"))

    assert due(incident)[Clock.HANDLE] == friday("11:00")


def test_a_dispatch_starts_signing_and_another_one_starts_it_anew(world):
    incident = stages.dispatched(world)  # at 9:10
    assert due(incident)[Clock.SIGN] == friday("10:10")

    services.redispatch(incident, actor=world.command, lead=world.police, note="改派。", at=friday("09:40"))
    old, new = rows(incident, Clock.SIGN)
    assert (old.cancelled_at, old.met_at) == (friday("09:40"), None)
    assert new.due_at == friday("10:40")


def test_signing_meets_the_signing_clock(world):
    incident = stages.in_progress(world)

    assert rows(incident, Clock.SIGN)[0].met_at == friday("09:20")
    assert set(undone(incident)) == {Clock.HANDLE, Clock.CLOSE_OUT}


def test_a_return_cancels_signing_and_handling_runs_on(world):
    incident = stages.returned(world)

    assert rows(incident, Clock.SIGN)[0].cancelled_at == friday("09:30")
    assert set(undone(incident)) == {Clock.HANDLE, Clock.CLOSE_OUT}


def test_handled_meets_handling_and_starts_verifying(world):
    incident = stages.handled(world)  # at 10:00

    assert rows(incident, Clock.HANDLE)[0].met_at == friday("10:00")
    assert due(incident) == {Clock.VERIFY: saturday("10:00"), Clock.CLOSE_OUT: friday("16:00")}


def test_rework_runs_towards_the_moment_that_was_due_at_first(world):
    incident = stages.handled(world)
    services.reject(incident, actor=world.verifier, note="仍有杂物。", at=friday("11:00"))

    first, again = rows(incident, Clock.HANDLE)
    assert rows(incident, Clock.VERIFY)[0].met_at == friday("11:00")
    assert (again.due_at, again.starts_at) == (friday("15:00"), friday("11:00"))
    assert again.rule["again_after"] == first.pk


def test_rework_after_the_due_moment_is_missed_at_once(world):
    incident = stages.handled(world)
    services.reject(incident, actor=world.verifier, note="仍有杂物。", at=friday("15:20"))

    assert rows(incident, Clock.HANDLE)[-1].missed_at == friday("15:20")


def test_verified_meets_all_that_runs(world):
    incident = stages.closed(world)  # at 11:00

    assert undone(incident) == {}
    assert rows(incident, Clock.VERIFY)[0].met_at == friday("11:00")
    assert rows(incident, Clock.CLOSE_OUT)[0].met_at == friday("11:00")


def test_a_clock_met_in_time_takes_back_a_sweep_that_came_between_act_and_commit(world):
    incident = stages.in_progress(world)
    Deadline.objects.filter(incident=incident, clock=Clock.HANDLE).update(missed_at=friday("15:00:01"))
    services.handle(incident, actor=world.department, measures="已清走。", at=friday("14:59:59"))

    assert rows(incident, Clock.HANDLE)[0].missed_at is None


def test_so_does_a_suspension_that_was_decided_in_time(world):
    incident = stages.asked_to_suspend(world)
    Deadline.objects.filter(incident=incident, clock=Clock.HANDLE).update(missed_at=friday("15:00:01"))
    services.decide_suspension(incident, actor=world.command, approve=True, at=friday("14:59:59"))

    assert rows(incident, Clock.HANDLE)[0].missed_at is None


def test_a_clock_met_late_stays_missed(world):
    incident = stages.in_progress(world)
    Deadline.objects.filter(incident=incident, clock=Clock.HANDLE).update(missed_at=friday("15:00:30"))
    services.handle(incident, actor=world.department, measures="已清走。", at=friday("15:10"))

    row = rows(incident, Clock.HANDLE)[0]
    assert (row.missed_at, row.met_at) == (friday("15:00:30"), friday("15:10"))


def test_suspended_clocks_stand_still(world):
    incident = stages.suspended(world)  # at 10:00

    assert {row.suspended_at for row in undone(incident).values()} == {friday("10:00")}


def test_resumed_clocks_are_due_later_by_the_standstill_and_the_close_out_at_a_line(world):
    incident = stages.suspended(world)
    services.resume(incident, actor=world.department, at=on("2026-11-23", "12:30"))

    handle, close_out = undone(incident)[Clock.HANDLE], undone(incident)[Clock.CLOSE_OUT]
    assert handle.due_at == on("2026-11-23", "17:30")
    assert close_out.due_at == on("2026-11-24", "16:00"), "16:00 and the standstill is 18:30: the next line counts"
    assert handle.suspended_at is None
    (shift,) = handle.shifts.all()
    assert (shift.since, shift.at) == (friday("10:00"), on("2026-11-23", "12:30"))
    assert (shift.due_was, shift.due_is) == (friday("15:00"), handle.due_at)
    assert (shift.reason, shift.approved_by) == ("等配件。", world.command)


def test_what_was_due_when_can_be_told_after_a_standstill(world):
    incident = stages.suspended(world)
    services.resume(incident, actor=world.department, at=on("2026-11-23", "10:00"))
    handle = undone(incident)[Clock.HANDLE]

    assert due_as_of(handle, friday("16:00")) == friday("15:00")
    assert due_as_of(handle, on("2026-11-23", "10:00")) == on("2026-11-23", "15:00")


def test_opened_again_handling_and_the_close_out_run_anew(world):
    incident = stages.closed(world)
    services.reopen(incident, actor=world.command, note="复发。", at=friday("17:00"))

    assert due(incident) == {Clock.HANDLE: friday("23:00"), Clock.CLOSE_OUT: saturday("16:00")}


def test_rework_after_a_reopening_counts_from_the_reopening(world):
    incident = stages.closed(world)
    services.reopen(incident, actor=world.command, note="复发。", at=friday("17:00"))
    services.handle(incident, actor=world.department, measures="再次清理。", at=friday("18:00"))
    services.reject(incident, actor=world.verifier, note="仍有。", at=friday("19:00"))

    assert due(incident)[Clock.HANDLE] == friday("23:00")


def test_triage_after_a_reopening_counts_from_the_reopening(world):
    incident = stages.report(world, level=1)
    services.settle(incident, actor=world.worker, measures="已劝离。", at=friday("09:05"))
    services.reopen(incident, actor=world.command, note="复发。", at=friday("12:00"))
    services.triage(incident, actor=world.command, level=2, at=friday("12:30"))

    assert due(incident)[Clock.HANDLE] == friday("18:00")


@pytest.mark.parametrize("stage", [stages.merged, stages.void])
def test_merged_or_void_nothing_runs_and_nothing_counts_as_done(world, stage):
    incident = stage(world)

    assert undone(incident) == {}
    assert {row.met_at for row in incident.deadlines.all()} == {None}
    assert {row.cancelled_at for row in incident.deadlines.all()} == {friday("10:00")}


def test_a_void_incident_that_stood_still_is_cancelled_too(world):
    incident = stages.suspended(world)
    services.void(incident, actor=world.command, note="重复。", at=friday("11:00"))

    assert undone(incident) == {}


def test_without_rules_no_clock_runs_and_the_incident_moves_all_the_same(world):
    LimitRule.objects.all().delete()
    incident = stages.closed(world)

    assert incident.status == "closed"
    assert not incident.deadlines.exists()


def test_the_database_refuses_two_running_clocks_of_a_kind(world):
    row = undone(stages.report(world))[Clock.HANDLE]
    row.pk = None

    with pytest.raises(IntegrityError, match="deadline_one_running_clock"):
        row.save()


def test_an_act_that_fails_leaves_the_clocks_alone(world, monkeypatch):
    incident = stages.in_progress(world)
    monkeypatch.setitem(clocks._MOVES, Act.HANDLE, lambda change: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        services.handle(incident, actor=world.department, measures="已清走。", at=friday("10:00"))
    incident.refresh_from_db()
    assert incident.status == "in_progress"
    assert undone(incident)[Clock.HANDLE].due_at == incident.reported_at + timedelta(hours=6)


def test_where_a_rule_asks_for_an_evaluation_its_clock_runs_from_the_closing(world):
    LimitRule.objects.create(clock=Clock.EVALUATE, amount=3, measure=LimitRule.Measure.NATURAL_DAYS)
    incident = stages.closed(world)  # at 11:00
    assert due(incident) == {Clock.EVALUATE: on("2026-11-23", "23:59:59")}

    assert sweep(on("2026-11-24")).missed == 1, "it outlives the closing"
    services.reopen(incident, actor=world.command, note="复发。", at=on("2026-11-24", "10:00"))
    assert Clock.EVALUATE not in due(incident)

    other = stages.closed(world)
    services.evaluate(other, actor=world.command, score="satisfied", at=friday("12:00"))
    (row,) = rows(other, Clock.EVALUATE)
    assert (row.met_at, row.missed_at) == (friday("12:00"), None)


def test_copies_of_before_become_measures_and_shifts(world):
    incident = stages.suspended(world)  # asked for with 等配件。, approved at 10:00
    row = undone(incident)[Clock.HANDLE]
    notes = [
        {"from": friday(since).isoformat(), "until": friday(until).isoformat(), "due_was": friday(due_was).isoformat()}
        for since, until, due_was in (("10:00", "11:00", "15:00"), ("12:00", "12:30", "16:00"))
    ]
    Deadline.objects.filter(pk=row.pk).update(
        rule={"minutes": 360, "source": "rule:2", "stood_still": notes}, due_at=friday("16:30")
    )

    import_module("dispatch.migrations.0011_limits_and_standstills_of_old_copies").renew(apps, None)

    row.refresh_from_db()
    assert row.rule == {"amount": 360, "measure": "minutes", "mode": "", "source": "rule:2"}
    first, second = row.shifts.all()
    assert (first.since, first.at, first.due_was, first.due_is) == tuple(
        map(friday, ("10:00", "11:00", "15:00", "16:00"))
    )
    assert (second.due_is, second.reason, second.approved_by) == (friday("16:30"), "等配件。", world.command)
