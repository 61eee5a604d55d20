"""The command room's roster and handovers."""

import threading
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.urls import reverse

from accounts.errors import Forbidden, Refused
from accounts.models import Notice
from dispatch import duty
from dispatch.duty.patterns import Pattern, monday_of, slots_like, slots_of
from dispatch.duty.rooms import members_of, rooms_of
from dispatch.duty.roster import Turn
from dispatch.duty.swaps import waiting_for
from dispatch.limits import load_default_rules
from dispatch.models import Handover, OutboxMessage, Shift, ShiftSwap
from dispatch.overview.duty import closed_since, room_now
from incidents import services
from tests.dispatch.moments import friday, on, saturday
from tests.incidents import stages
from tests.world import build, post

NOTE = "牌门社区燃气维修今晚 20:00 前回话。"
EARLY = friday("06:00")


def plan(world, user=None, begins="08:00", ends="16:00", *, room="street_a", actor=None, at=EARLY, day=friday):
    place = getattr(world, room) if room else None
    turn = {"user": user or world.command, "starts_at": day(begins), "ends_at": day(ends)}
    return duty.plan_shift(place, actor=actor or world.command, at=at, **turn)


# -- patterns --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pattern", "count", "first", "last"),
    [
        (Pattern.THREE, 21, ("00:00", "08:00"), ("16:00", "24:00")),
        (Pattern.TWO, 14, ("08:00", "20:00"), ("20:00", "08:00")),
        (Pattern.ONE, 7, ("08:00", "08:00"), ("08:00", "08:00")),
    ],
)
def test_a_pattern_cuts_seven_days_without_gap_or_overlap(pattern, count, first, last):
    slots = list(slots_of(pattern, date(2026, 11, 16)))

    assert len(slots) == len({slot.name for slot in slots}) == count
    assert slots[0].starts_at == on("2026-11-16", first[0])
    assert slots[-1].starts_at == on("2026-11-22", last[0])
    assert all(slot.ends_at == after.starts_at for slot, after in pairwise(slots))
    assert monday_of(date(2026, 11, 22)) == date(2026, 11, 16)


def test_a_week_is_cut_like_an_earlier_one_and_two_at_once_make_two_slots():
    day, night = (friday("09:30"), friday("20:00")), (friday("20:00"), saturday("08:00"))
    slots = list(slots_like([night, day, day], date(2026, 12, 7)))

    assert [slot.name for slot in slots] == ["slot_1211_0930_2000", "slot_1211_0930_2000_2", "slot_1211_2000_0800"]
    assert slots[-1].times == (on("2026-12-11", "20:00"), on("2026-12-12", "08:00"))


# -- the roster ------------------------------------------------------------------------------------------------------
def test_who_is_on_duty_is_known_to_the_minute(world):
    shift = plan(world)
    plan(world, world.command2, "12:00", "20:00")
    plan(world, world.district_officer, room=None, actor=world.district_officer)

    assert duty.on_duty(world.street_a, friday("07:59")) == []
    assert duty.on_duty(world.street_a, friday("08:00")) == [shift]
    assert [each.user.name for each in duty.on_duty(world.street_a, friday("13:00"))] == ["陈值班", "赵值班"]
    assert [each.user.name for each in duty.on_duty(world.street_a, friday("16:00"))] == ["赵值班"]
    assert [each.user.name for each in duty.on_duty(None, friday("13:00"))] == ["冯区值班"]
    duty.cancel_shift(shift, actor=world.command2, at=friday("09:00"))
    assert duty.on_duty(world.street_a, friday("10:00")) == []


def test_the_same_shift_planned_twice_is_one(world):
    assert plan(world) == plan(world, actor=world.command2)
    assert Shift.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "begins", "ends", "code"),
    [
        ("command", "12:00", "18:00", "overlap"),
        ("command2", "10:00", "10:00", "order"),
        ("command2", "04:00", "06:00", "past"),
        ("verifier", "08:00", "16:00", "post"),
        ("outsider", "08:00", "16:00", "post"),
        ("district_officer", "08:00", "16:00", "post"),
    ],
)
def test_what_makes_no_sense_is_not_planned(world, who, begins, ends, code):
    plan(world)
    with pytest.raises(Refused) as refusal:
        plan(world, getattr(world, who), begins, ends)

    assert refusal.value.code == code


def test_a_post_must_last_as_long_as_the_shift(world):
    world.command2.posts.update(ends_on=date(2026, 11, 20))
    plan(world, world.command2, "16:00", "23:59")
    with pytest.raises(Refused):
        duty.plan_shift(
            world.street_a,
            actor=world.command,
            user=world.command2,
            starts_at=saturday("00:00"),
            ends_at=saturday("08:00"),
            at=EARLY,
        )


def test_the_room_plans_for_itself_and_the_centre_for_its_streets(world):
    for user in (world.worker, world.outsider, world.leader, world.admin):
        with pytest.raises(Forbidden):
            plan(world, actor=user)
    with pytest.raises(Forbidden):
        plan(world, room=None)
    shift = plan(world, actor=world.district_officer)
    with pytest.raises(Forbidden):
        duty.cancel_shift(shift, actor=world.outsider, at=EARLY)
    duty.cancel_shift(shift, actor=world.command, at=friday("09:00"))
    assert duty.cancel_shift(shift, actor=world.command, at=friday("10:00")).cancelled_at == friday("09:00")
    with pytest.raises(Refused):
        duty.cancel_shift(plan(world), actor=world.command, at=friday("16:00"))
    assert rooms_of(world.command) == [world.street_a]
    assert rooms_of(world.district_officer) == [None]
    assert set(members_of(world.street_a)) == {world.command, world.command2}


def test_a_week_is_planned_as_a_whole_or_not_at_all(world):
    slots = list(slots_of(Pattern.TWO, date(2026, 11, 23)))
    people = [world.command, world.command2]
    turns = [Turn(people[number % 2], slot.starts_at, slot.ends_at, slot.name) for number, slot in enumerate(slots)]
    bad = [*turns, Turn(world.worker, slots[0].starts_at, slots[0].ends_at, "slot_bad")]

    with pytest.raises(Refused) as refusal:
        duty.plan_week(world.street_a, actor=world.command, turns=bad, at=EARLY)
    assert refusal.value.field == "slot_bad"
    assert not Shift.objects.exists()

    assert len(duty.plan_week(world.street_a, actor=world.command, turns=turns, at=EARLY)) == 14


# -- swaps -----------------------------------------------------------------------------------------------------------
def test_a_swap_needs_both_and_keeps_what_was_planned(world):
    mine, theirs = plan(world), plan(world, world.command2, "16:00", "23:00")
    with pytest.raises(Forbidden):
        duty.propose_swap(mine, for_shift=theirs, actor=world.command2, at=EARLY)
    swap = duty.propose_swap(mine, for_shift=theirs, actor=world.command, at=EARLY)
    assert duty.propose_swap(mine, for_shift=theirs, actor=world.command, at=EARLY) == swap
    for user in (world.command, world.district_officer):
        with pytest.raises(Forbidden):
            duty.answer_swap(swap, actor=user, accept=True, at=EARLY)

    duty.answer_swap(swap, actor=world.command2, accept=True, at=EARLY)
    duty.answer_swap(swap, actor=world.command2, accept=True, at=EARLY)

    assert [each.user for each in duty.on_duty(world.street_a, friday("09:00"))] == [world.command2]
    assert [each.user for each in duty.on_duty(world.street_a, friday("17:00"))] == [world.command]
    assert Shift.objects.exclude(cancelled_at=None).count() == 2
    assert Notice.objects.filter(user=world.command).count() == Notice.objects.filter(user=world.command2).count() == 1
    with pytest.raises(Refused):
        duty.answer_swap(swap, actor=world.command2, accept=False, at=EARLY)


def test_what_has_begun_or_is_struck_off_is_not_swapped(world):
    mine, theirs = plan(world), plan(world, world.command2, "16:00", "23:00")
    district = plan(world, world.district_officer, room=None, actor=world.district_officer)
    swap = duty.propose_swap(mine, for_shift=theirs, actor=world.command, at=EARLY)
    with pytest.raises(Refused):
        duty.answer_swap(swap, actor=world.command2, accept=True, at=friday("08:00"))
    with pytest.raises(Refused):
        duty.propose_swap(mine, for_shift=district, actor=world.command, at=EARLY)
    assert duty.answer_swap(swap, actor=world.command, accept=False, at=EARLY).answer == ShiftSwap.Answer.WITHDRAWN
    duty.cancel_shift(theirs, actor=world.command2, at=EARLY)
    with pytest.raises(Refused):
        duty.propose_swap(mine, for_shift=theirs, actor=world.command, at=EARLY)


def test_a_stand_in_agrees_and_gives_nothing_back(world):
    shift = plan(world)
    third = post("third", "孙值班", "command_officer", world.street_a)

    def ask(colleague, actor=world.command, at=EARLY):
        return duty.ask_stand_in(shift, colleague=colleague, actor=actor, at=at)

    for stranger in (world.worker, world.outsider):
        with pytest.raises(Forbidden):
            ask(world.command2, actor=stranger)
    plan(world, third, "12:00", "20:00")
    refusals = {"own": world.command, "busy": third, "foreign": world.outsider}
    for colleague in refusals.values():
        with pytest.raises(Refused):
            ask(colleague)
    swap = ask(world.command2, actor=third)  # who plans the roster asks, too
    assert ask(world.command2) == swap
    assert [row.pk for row in waiting_for(world.command, EARLY)] == [swap.pk]
    assert Notice.objects.get(user=world.command2).text.count("11-20 08:00–16:00") == 1
    for user in (world.command, world.district_officer):
        with pytest.raises(Forbidden):
            duty.answer_swap(swap, actor=user, accept=True, at=EARLY)
    with pytest.raises(Refused):
        duty.answer_swap(swap, actor=world.command2, accept=True, at=friday("08:00"))

    for _time in range(2):
        duty.answer_swap(swap, actor=world.command2, accept=True, at=EARLY)
    assert [each.user for each in duty.on_duty(world.street_a, friday("09:00"))] == [world.command2]
    assert Shift.objects.filter(cancelled_at=EARLY).get() == shift
    assert Notice.objects.filter(user=third).count() == 1
    assert Notice.objects.filter(user=world.command).count() == 2
    with pytest.raises(Refused):
        ask(world.command2)


def test_a_stand_in_who_was_planned_elsewhere_meanwhile_is_not_put_on_duty_twice(world):
    shift = plan(world)
    swap = duty.ask_stand_in(shift, colleague=world.command2, actor=world.command, at=EARLY)
    plan(world, world.command2, "15:00", "20:00")
    with pytest.raises(Refused) as refusal:
        duty.answer_swap(swap, actor=world.command2, accept=True, at=EARLY)
    assert refusal.value.code == "overlap"
    assert duty.answer_swap(swap, actor=world.command, accept=False, at=EARLY).answer == ShiftSwap.Answer.WITHDRAWN


# -- handing over ----------------------------------------------------------------------------------------------------
def test_a_handover_freezes_what_was_open_and_somebody_else_takes_over(town):
    late, fresh = stages.dispatched(town), stages.report(town, level=3, at=friday("15:00"))
    stages.closed(town)
    OutboxMessage.objects.create(
        street=town.street_a,
        kind="digest",
        dedupe_key="x",
        title="整点提醒",
        state="failed",
        made_at=EARLY,
        next_try_at=EARLY,
    )
    handover = duty.hand_over(town.street_a, actor=town.command, note=NOTE, at=friday("15:30"))

    counts = {
        "total": 2,
        "overdue": 1,
        "serious": 1,
        "unsigned": 1,
        "dead_letters": 1,
        "supervisions": 0,
        "whistles": 0,
    }
    assert handover.open == {**counts, "numbers": [late.number, fresh.number]}
    assert duty.hand_over(town.street_a, actor=town.command, note=NOTE, at=friday("15:31")) == handover
    assert Notice.objects.get(user=town.command2).url == reverse("dispatch:handover", args=[handover.pk])
    with pytest.raises(Refused):
        duty.hand_over(town.street_a, actor=town.command2, note="另一份", at=friday("15:32"))
    with pytest.raises(Refused) as own:
        duty.take_over(handover, actor=town.command, at=friday("15:33"))
    assert own.value.code == "own"
    for user in (town.outsider, town.district_officer, town.leader):
        with pytest.raises(Forbidden):
            duty.take_over(handover, actor=user, at=friday("15:33"))

    duty.take_over(handover, actor=town.command2, at=friday("15:34"))
    assert duty.take_over(handover, actor=town.command2, at=friday("15:40")).taken_at == friday("15:34")
    services.void(fresh, actor=town.command2, note="重复登记。", at=friday("15:45"))
    assert closed_since(handover) == 1
    assert room_now(town.street_a, friday("15:45")).waiting is None


def test_a_note_is_demanded_and_only_the_room_hands_over(world):
    with pytest.raises(Refused) as refusal:
        duty.hand_over(world.street_a, actor=world.command, note=" ", at=EARLY)
    assert refusal.value.field == "note"
    for user in (world.worker, world.outsider, world.district_officer):
        with pytest.raises(Forbidden):
            duty.hand_over(world.street_a, actor=user, note=NOTE, at=EARLY)
    assert duty.hand_over(None, actor=world.district_officer, note=NOTE, at=EARLY).street is None


@pytest.mark.django_db(transaction=True)
def test_two_who_take_over_at_once_leave_one():
    world = build()
    load_default_rules()
    third = world.outsider
    third.posts.update(unit=world.street_a)
    handover = duty.hand_over(world.street_a, actor=world.command, note=NOTE, at=EARLY)
    ready, refused = threading.Barrier(2), []

    def take(user):
        ready.wait()
        try:
            duty.take_over(handover, actor=user, at=EARLY + timedelta(minutes=1))
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[user]) for user in (world.command2, third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert Handover.objects.get().taken_by in {world.command2, third}
