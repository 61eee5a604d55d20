"""The command room's pages: duty, roster, the form of a week, swaps, stand-ins and handovers."""

import pytest
from django.urls import reverse

from dispatch import duty
from dispatch.duty.patterns import Pattern
from dispatch.models import Handover, Shift, ShiftSwap
from tests.dispatch.moments import friday, on, saturday
from tests.dispatch.test_duty import EARLY, NOTE, plan
from tests.incidents import stages
from tests.query_counts import query_count
from tests.world import post


def get(client, who, name, *args, **query):
    client.force_login(who)
    return client.get(reverse(f"dispatch:{name}", args=args), query)


def press(client, who, name, *args, **data):
    client.force_login(who)
    return client.post(reverse(f"dispatch:{name}", args=args), data)


@pytest.mark.parametrize("who", ["worker", "verifier", "leader", "admin"])
def test_only_a_command_room_opens_the_pages(world, client, who):
    for name in ("duty", "roster", "roster_week", "handovers"):
        assert get(client, getattr(world, who), name).status_code == 403


def test_a_street_sees_its_own_room_and_the_centre_all(world, client, stop_clock):
    stop_clock(friday("09:00"))
    shift = plan(world)
    handover = duty.hand_over(world.street_a, actor=world.command, note=NOTE, at=friday("08:30"))
    code = world.street_a.code
    for name in ("duty", "roster", "roster_week", "handovers"):
        assert get(client, world.outsider, name, street=code).status_code == 404
        assert get(client, world.district_officer, name, street=code).status_code == 200
    assert get(client, world.outsider, "handover", handover.pk).status_code == 404
    assert press(client, world.outsider, "shift_cancel", shift.pk).status_code == 404
    assert press(client, world.district_officer, "handover_take_over", handover.pk).status_code == 403


def test_a_compressed_shift_in_the_browser(town, client, stop_clock):
    stages.dispatched(town)
    stop_clock(EARLY)
    asked = {"user": town.command.pk, "starts_at": "2026-11-20T08:00", "ends_at": "2026-11-20T16:00"}
    assert press(client, town.command, "roster", **asked).status_code == 302
    assert press(client, town.command, "roster", **{**asked, "starts_at": "2026-11-20T09:00"}).status_code == 422
    stop_clock(friday("15:30"))
    client.force_login(town.command)
    with query_count("dispatch:duty"):
        page = client.get(reverse("dispatch:duty"))
    assert "陈值班" in page.text
    assert page.context["facts"]["total"] == 1
    assert press(client, town.command, "duty", note="").status_code == 422
    press(client, town.command, "duty", note=NOTE)
    handover = Handover.objects.get()

    for name in ("queue", "board"):
        assert "<strong>陈值班</strong>" in get(client, town.command2, name).text, name
    link = reverse("dispatch:handover", args=[handover.pk])
    assert link in get(client, town.command2, "queue").text
    assert link not in get(client, town.command, "queue").text
    press(client, town.command2, "handover_take_over", handover.pk)
    client.force_login(town.command2)
    with query_count("dispatch:handover"):
        shown = client.get(link)
    assert NOTE in shown.text
    assert "赵值班" in shown.text
    with query_count("dispatch:handovers"):
        listed = client.get(reverse("dispatch:handovers"))
    assert [(ended, running) for _row, ended, running in listed.context["handovers"]] == [(0, 1)]


def test_a_week_starts_from_the_last_planned_one(world, client, stop_clock):
    stop_clock(EARLY)
    assert get(client, world.command, "roster_week").context["pattern"] == Pattern.THREE
    gone = post("gone", "孙值班", "command_officer", world.street_a)
    for user, begins in ((world.command, "08:30"), (gone, "08:30"), (world.command2, "08:30"), (gone, "17:30")):
        plan(world, user, begins, "17:30" if begins == "08:30" else "23:00")
    gone.posts.update(ends_on=on("2026-11-30").date())
    plan(world, world.command, "10:00", "12:00", day=lambda hour: on("2026-12-11", hour))
    page = get(client, world.command, "roster_week", week="2026-12-11")

    assert page.context["pattern"] == Pattern.LIKE_BEFORE
    assert "11-16" in page.text
    assert {name: field.initial for name, field in page.context["form"].fields.items()} == {
        "slot_1211_0830_1730": world.command2.pk,  # who has another shift then, or no post any more, is left out
        "slot_1211_0830_1730_2": "",
        "slot_1211_0830_1730_3": "",
        "slot_1211_1730_2300": "",
    }
    assert [len(cells) for _day, cells in page.context["form"].rows()] == [0, 0, 0, 0, 4, 0, 0]


def test_a_week_is_planned_in_one_form_and_a_shift_swapped(world, client, stop_clock):
    stop_clock(EARLY)
    plan(world, at=EARLY)
    week = {"week": "2026-11-27", "pattern": "three"}
    page = get(client, world.command, "roster_week", **week)
    offered = {name: field.initial for name, field in page.context["form"].fields.items() if field.initial}
    assert offered == {"slot_1127_0800_1600": world.command.pk}
    address = f"{reverse('dispatch:roster_week')}?week=2026-11-27&pattern=three"
    both = {"slot_1127_0800_1600": world.command.pk, "slot_1127_1600_0000": world.command2.pk}
    assert client.post(address, {**both, "slot_1128_0000_0800": "99999"}).status_code == 422
    assert client.post(address, both).status_code == 302
    assert client.post(address, both).status_code == 302, "sent twice it is planned once"
    assert Shift.objects.count() == 3
    assert client.post(address, {"slot_1127_0800_1600": world.command2.pk}).status_code == 422, "taken meanwhile"
    with query_count("dispatch:roster"):
        client.get(reverse("dispatch:roster"), {"week": "2026-11-27"})

    mine, theirs = Shift.objects.filter(starts_at__gt=saturday("00:00")).order_by("starts_at")
    assert press(client, world.command, "shift_swap", theirs.pk, for_shift=mine.pk).status_code == 403
    assert get(client, world.command, "shift_swap", mine.pk).status_code == 200
    press(client, world.command, "shift_swap", mine.pk, for_shift=theirs.pk)
    swap = ShiftSwap.objects.get()
    assert reverse("dispatch:swap_answer", args=[swap.pk]) in get(client, world.command2, "roster").text
    press(client, world.command2, "swap_answer", swap.pk, accept="yes")
    swap.refresh_from_db()
    assert swap.answer == ShiftSwap.Answer.ACCEPTED
    last = Shift.objects.filter(cancelled_at=None).order_by("starts_at").last()
    assert last.user == world.command
    first = Shift.objects.filter(cancelled_at=None, starts_at__gt=saturday("00:00")).earliest("starts_at")
    assert "陈值班" in get(client, world.command2, "shift_stand_in", first.pk).text
    assert press(client, world.command2, "shift_stand_in", first.pk, colleague=world.worker.pk).status_code == 422
    assert press(client, world.command2, "shift_stand_in", first.pk, colleague=world.command.pk).status_code == 302
    assert press(client, world.outsider, "shift_stand_in", first.pk).status_code == 404
    assert "陈值班" in get(client, world.command, "roster").text
    press(client, world.command, "swap_answer", ShiftSwap.objects.get(answered_at=None).pk, accept="yes")
    assert Shift.objects.filter(user=world.command, starts_at=first.starts_at, cancelled_at=None).exists()
    press(client, world.command, "shift_cancel", last.pk)
    last.refresh_from_db()
    assert last.cancelled_at
