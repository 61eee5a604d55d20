"""More time for handling. The incident: reported Friday 9:00, due 15:00 and at the 16:00 line, signed 9:20."""

from datetime import UTC

import pytest
from django.urls import reverse

from accounts.errors import Forbidden, Refused
from accounts.models import Notice
from dispatch import clocks, extensions
from dispatch.limits import load_default_rules
from dispatch.models import Deadline, DeadlineShift, ExtensionRequest, LimitRule
from dispatch.models.deadline import Clock
from dispatch.overview import needs
from dispatch.overview.needs import Need
from dispatch.shifts import due_as_of
from dispatch.sweep import sweep
from incidents import services
from tests.dispatch.moments import friday, on, saturday
from tests.incidents import stages
from tests.incidents.test_races import at_once, refusals
from tests.world import build

pytestmark = pytest.mark.django_db

SUNDAY = on("2026-11-22", "12:00")


@pytest.fixture(autouse=True)
def _rules():
    load_default_rules()


def due(incident):
    return {row.clock: row.due_at for row in clocks.undone(incident)}


def ask(world, incident, *, until=SUNDAY, reason="等配件。", actor=None, at="10:00"):
    return extensions.ask_extension(
        incident, actor=actor or world.department, until=until, reason=reason, at=friday(at)
    )


def decide(world, incident, *, approve=True, note="", actor=None, at="11:00"):
    return extensions.decide_extension(
        incident, actor=actor or world.command, approve=approve, note=note, at=friday(at)
    )


def test_approved_the_clocks_move_and_each_shift_says_why_and_by_whom(world):
    incident = stages.in_progress(world)
    entered = incident.state_entered_at
    ask(world, incident)
    assert due(incident) == {Clock.HANDLE: friday("15:00"), Clock.CLOSE_OUT: friday("16:00")}, "it runs meanwhile"
    assert needs.count_needs(world.command)[Need.EXTEND] == 1
    assert Need.EXTEND not in needs.count_needs(world.department)

    decide(world, incident)
    decide(world, incident)

    assert due(incident) == {Clock.HANDLE: SUNDAY, Clock.CLOSE_OUT: on("2026-11-22", "16:00")}
    shifts = DeadlineShift.objects.all()
    assert {(row.kind, row.reason, row.approved_by) for row in shifts} == {("extended", "等配件。", world.command)}
    assert {row.due_was for row in shifts} == {friday("15:00"), friday("16:00")}
    assert len(shifts) == 2, "decided twice it moves once"
    told = Notice.objects.get()
    assert (told.user, told.url) == (world.department, reverse("incidents:incident", args=[incident.number]))
    assert "2026-11-22 12:00" in told.text
    handle = clocks.undone(incident).get(clock=Clock.HANDLE)
    assert (due_as_of(handle, friday("10:59")), due_as_of(handle, friday("11:00"))) == (friday("15:00"), SUNDAY)
    incident.refresh_from_db()
    assert (incident.status, incident.state_entered_at) == ("in_progress", entered)
    assert Need.EXTEND not in needs.count_needs(world.command)


def test_refused_nothing_moves_and_the_lead_may_ask_again(world):
    incident = stages.in_progress(world)
    first = ask(world, incident)
    assert ask(world, incident).pk == first.pk, "the same request twice is one"
    with pytest.raises(Refused) as waiting:
        ask(world, incident, reason="另一个理由。")
    with pytest.raises(Refused) as silent:
        decide(world, incident, approve=False)
    decide(world, incident, approve=False, note="今天能办完。")
    with pytest.raises(Refused) as quicker:
        decide(world, incident, actor=world.command2)

    assert (waiting.value.code, silent.value.field, quicker.value.code) == ("waiting", "note", "request")
    assert due(incident)[Clock.HANDLE] == friday("15:00")
    assert not DeadlineShift.objects.exists()
    told = Notice.objects.get()
    assert told.user == world.department
    assert "今天能办完" not in told.text
    assert ask(world, incident, at="12:00").pk != first.pk


def test_who_may_ask_and_who_may_decide(world):
    incident = stages.in_progress(world)
    for outsider in (world.police_officer, world.command, world.worker):
        with pytest.raises(Forbidden):
            ask(world, incident, actor=outsider)
    request = ask(world, incident)
    for stranger in (world.department, world.outsider, world.worker):
        with pytest.raises(Forbidden):
            decide(world, incident, actor=stranger)
    ExtensionRequest.objects.filter(pk=request.pk).update(asked_by=world.command)
    with pytest.raises(Forbidden, match=r"不能审批自己|Somebody else"):
        decide(world, incident)


@pytest.mark.parametrize(
    ("until", "at", "code"),
    [(friday("14:00"), "10:00", "until"), (friday("15:00"), "10:00", "until"), (SUNDAY, "15:00", "over")],
)
def test_a_moment_that_makes_no_sense_or_comes_too_late_is_refused(world, until, at, code):
    with pytest.raises(Refused) as refusal:
        ask(world, stages.in_progress(world), until=until, at=at)
    assert refusal.value.code == code


def test_only_a_running_clock_of_work_in_progress_is_extended(world):
    incident = stages.in_progress(world)
    ask(world, incident)
    services.handle(incident, actor=world.department, measures="已清走。", at=friday("10:30"))
    with pytest.raises(Refused) as handled:
        decide(world, incident)
    LimitRule.objects.all().delete()
    with pytest.raises(Refused) as unlimited:
        ask(world, stages.in_progress(world))
    assert (handled.value.code, unlimited.value.code) == ("status", "no_limit")


def test_what_was_missed_before_the_approval_is_missed_anew_at_the_new_moment(world):
    incident = stages.in_progress(world)
    ask(world, incident, until=saturday("10:00"), at="14:59")
    sweep(friday("15:01"))
    decide(world, incident, at="15:30")

    handle = clocks.undone(incident).get(clock=Clock.HANDLE)
    assert handle.missed_at is None
    assert handle.shifts.get().data == {"missed_at": friday("15:01").astimezone(UTC).isoformat()}
    assert sweep(friday("16:30")).missed == 0
    assert sweep(saturday("10:00")).missed == 1


def test_rework_runs_towards_the_extended_moment_and_level_three_extends_the_close_out(world):
    incident = stages.in_progress(world)
    ask(world, incident)
    decide(world, incident)
    services.handle(incident, actor=world.department, measures="已清走。", at=friday("12:00"))
    services.reject(incident, actor=world.verifier, note="仍有。", at=friday("13:00"))
    assert due(incident)[Clock.HANDLE] == SUNDAY

    major = stages.in_progress(world, level=3)
    ask(world, major, until=saturday("15:00"))
    decide(world, major)
    assert due(major) == {Clock.CLOSE_OUT: saturday("16:00")}


def test_remarks_and_requests_touch_neither_the_state_nor_a_clock(world):
    incident = stages.in_progress(world)
    before = (incident.state_entered_at, list(Deadline.objects.order_by("pk").values()))
    services.add_note(incident, actor=world.department, text="已联系当事人。", at=friday("09:30"))
    services.ask_suspension(incident, actor=world.department, reason="等。", until=SUNDAY, at=friday("09:40"))
    ask(world, incident)

    incident.refresh_from_db()
    assert (incident.state_entered_at, list(Deadline.objects.order_by("pk").values())) == before


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_counts():
    cast = build()
    load_default_rules()
    incident = stages.in_progress(cast)
    ask(cast, incident)
    outcomes = at_once(
        lambda: decide(cast, incident),
        lambda: decide(cast, incident, actor=cast.command2, approve=False, note="今天能办完。"),
    )

    assert [refusal.code for refusal in refusals(outcomes)] == ["request"]
    request = ExtensionRequest.objects.get()
    assert DeadlineShift.objects.count() == (2 if request.is_approved else 0)


def test_on_the_page_the_lead_asks_and_the_command_room_decides(world, client, stop_clock):
    incident = stages.in_progress(world)
    stop_clock(friday("10:00"))
    page, act = reverse("incidents:incident", args=[incident.number]), "incidents:act"
    client.force_login(world.department)
    asking = reverse(act, args=[incident.number, "ask-extension"])
    assert asking in client.get(page).text
    assert "2026-11-21T15:00" in client.get(asking).text, "a day after the present moment is proposed"
    wrong = client.post(asking, {"reason": "等配件。", "until": "2026-11-20T12:00"})
    assert wrong.status_code == 422
    assert client.post(asking, {"reason": "等配件。", "until": "2026-11-22T12:00"}).status_code == 302
    assert client.post(reverse(act, args=[incident.number, "decide-extension"]), {"approve": "yes"}).status_code == 403

    client.force_login(world.command)
    deciding = reverse(act, args=[incident.number, "decide-extension"])
    shown = client.get(page).text
    assert "等配件。" in shown
    assert deciding in shown
    assert incident.number in client.get(reverse("dispatch:verify"), {"tab": "extend"}).text
    assert "等配件。" in client.get(deciding).text
    assert client.post(deciding, {"approve": "yes"}).status_code == 302
    assert "2026-11-22 12:00" in client.get(page).text
    assert due(incident)[Clock.HANDLE] == SUNDAY


def test_over_the_api(world, client, stop_clock):
    incident = stages.in_progress(world)
    stop_clock(friday("10:00"))
    root = f"/api/v1/incidents/{incident.number}/"
    client.force_login(world.department)
    asked = client.post(f"{root}extensions/", {"until": SUNDAY.isoformat(), "reason": "等配件。"}, "application/json")
    assert asked.status_code == 201
    decision = {"approve": True}
    assert client.post(f"{root}extensions/decision/", decision, "application/json").status_code == 403
    client.force_login(world.command)
    assert client.post(f"{root}extensions/decision/", decision, "application/json").json()["is_approved"]
    assert len(client.get(f"{root}extensions/").json()) == 1
    clock = next(row for row in client.get(f"{root}deadlines/").json() if row["clock"] == "handle")
    assert clock["rule"]["amount"] == 360
    assert [(row["kind"], row["reason"]) for row in clock["shifts"]] == [("extended", "等配件。")]
    client.force_login(world.outsider)
    assert {client.get(f"{root}{part}/").status_code for part in ("deadlines", "extensions")} == {404}
