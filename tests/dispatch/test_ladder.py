"""The ladder: when it starts, who hears at each rung, what it waits for, and that it never speaks after the closing."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.models import Notice
from dispatch.escalation import climbing
from dispatch.escalation.climbing import climb, due_ladders
from dispatch.escalation.ladder import load_default_ladder
from dispatch.limits import load_default_rules
from dispatch.models import Escalation, EscalationStep, LadderRung, OutboxMessage
from dispatch.models.escalation import Tier
from dispatch.sweep import sweep
from grids.absences import report_absence
from grids.models import Post, Role
from incidents import services
from tests.dispatch.moments import friday, on
from tests.incidents import stages
from tests.incidents.stages import MINUTE
from tests.world import World, build, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(town: World) -> World:
    """The six tiers of practice 76, each with its people."""
    load_default_ladder()
    post("micro", "单微格", "micro_grid_leader", town.micro_1)
    post("grid_leader", "林网长", "grid_leader", town.grid_1)
    post("head", "何村长", "community_head", town.community_1)
    post("headquarters", "韩指挥", "headquarters_officer", town.district)
    return town


def held_by_micro_grid(world: World):
    """Dispatched at 9:10 to a micro-grid, which should have signed by 10:10."""
    incident = stages.report(world, at=friday("09:00"))
    return services.dispatch(incident, actor=world.command, lead=world.micro_1, at=friday("09:10"))


def run(*moments: str) -> None:
    for moment in moments:
        sweep(friday(moment))
        climb(friday(moment))


def told(incident) -> list[tuple[str, str]]:
    """Tier and account of every step, `-` where nobody was reached."""
    steps = EscalationStep.objects.filter(escalation__incident=incident).select_related("told").order_by("pk")
    return [(step.tier, step.told.username if step.told else "-") for step in steps]


def notices(user: str) -> list[str]:
    return list(Notice.objects.filter(user__username=user).order_by("pk").values_list("text", flat=True))


def test_six_tiers_hear_one_after_the_other_and_the_top_is_the_end(chain):
    incident = held_by_micro_grid(chain)
    run("10:09")
    assert told(incident) == []

    run("10:10", "10:24")
    assert told(incident) == [("micro_grid", "micro")]
    run("10:25", "10:40", "11:10", "11:40", "12:10", "14:10", "20:00")

    assert told(incident) == [
        *[("micro_grid", "micro"), ("grid", "worker"), ("grid", "grid_leader"), ("community", "head")],
        *[("street", "command"), ("street", "command2"), ("street", "leader")],
        *[("district", "district_officer"), ("headquarters", "headquarters")],
    ]
    row = Escalation.objects.get()
    assert (row.next_at, row.cancelled_at, row.position) == (None, None, len(row.plan))
    (said,) = notices("micro")
    assert incident.number in said
    assert "旧家具" not in said
    # Once a tier in the groups of street and district, and only as long as the incident is open.
    groups = OutboxMessage.objects.filter(kind="escalation").order_by("pk")
    assert [message.street_id for message in groups] == [chain.street_a.pk, None]
    assert all(message.is_urgent and message.incident_id == incident.pk for message in groups)
    assert "旧家具" not in "".join(message.text for message in groups)


def test_a_vacant_rung_is_noted_and_the_next_one_climbed_at_once(chain):
    Post.objects.filter(role__code="micro_grid_leader").update(ends_on=on("2026-11-19").date())
    incident = held_by_micro_grid(chain)
    run("10:10")

    assert told(incident) == [("micro_grid", "-"), ("grid", "worker")]
    run("10:25")
    assert told(incident)[2:] == [("grid", "grid_leader")]


def test_who_is_away_is_stood_in_for_and_without_a_stand_in_the_rung_counts_as_vacant(chain):
    days = {"actor": chain.register, "starts_on": on("2026-11-20").date(), "ends_on": on("2026-11-21").date()}
    at = on("2026-11-19")
    report_absence(Post.objects.get(role__code="micro_grid_leader"), stand_in=chain.worker2, at=at, **days)
    report_absence(Post.objects.get(role__code="community_head"), at=at, **days)
    incident = held_by_micro_grid(chain)
    run("10:10", "10:25", "10:40")

    first = EscalationStep.objects.earliest("pk")
    assert (first.told, first.stands_in) == (chain.worker2, True)
    assert incident.number in notices("worker2")[-1]
    assert told(incident)[3:] == [("community", "-"), ("street", "command"), ("street", "command2")]


def test_an_edited_ladder_changes_no_plan(chain):
    incident = held_by_micro_grid(chain)
    run("10:10")
    LadderRung.objects.exclude(tier=Tier.HEADQUARTERS).update(is_active=False)
    LadderRung.objects.update(after_minutes=999)
    run("10:25")

    assert told(incident)[1:] == [("grid", "worker"), ("grid", "grid_leader")]


@pytest.mark.parametrize(("signed", "expected"), [(False, ["street", "street", "street"]), (True, [])])
def test_with_a_department_it_begins_at_the_street_and_ends_once_what_was_owed_is_done(chain, signed, expected):
    incident = stages.dispatched(chain)  # signed by 10:10
    run("10:10")
    if signed:
        services.sign(incident, actor=chain.department, at=friday("10:30"))
    run("11:10", "11:40")

    assert [tier for tier, _who in told(incident)] == expected
    assert (Escalation.objects.get().cancelled_at is not None) == signed


def test_a_closed_merged_or_void_incident_ends_its_ladder_in_the_same_transaction(chain):
    incident = held_by_micro_grid(chain)
    run("10:10")
    services.void(incident, actor=chain.command, note="误报。", at=friday("10:20"))

    assert Escalation.objects.get().cancelled_at == friday("10:20")
    run("10:25")
    assert told(incident) == [("micro_grid", "micro")]


def test_a_suspended_incident_waits_on_its_rung_and_what_is_left_moves_later(chain):
    incident = stages.suspended(chain)  # in progress since 9:20, suspended from 10:00 to Wednesday 9:00
    services.resume(incident, actor=chain.department, at=friday("10:30"))
    run("15:30", "16:29")  # handled by 15:30 instead of 15:00; the street hears an hour later
    assert told(incident) == []
    services.ask_suspension(
        incident, actor=chain.department, reason="等配件。", until=friday("20:00"), at=friday("16:29")
    )
    services.decide_suspension(incident, actor=chain.command, approve=True, at=friday("16:29"))
    run("17:00", "19:59")
    assert told(incident) == []
    run("20:00", "20:01")  # woken after three and a half hours, with one minute left
    assert [tier for tier, _who in told(incident)] == ["street", "street"]


def test_rework_after_the_limit_starts_a_ladder_of_its_own_from_that_moment(chain):
    incident = stages.handled(chain)  # at 10:00, handled by 15:00
    services.reject(incident, actor=chain.verifier, note="仍有杂物。", at=friday("15:30"))

    row = Escalation.objects.get(cancelled_at=None)
    assert row.next_at == friday("16:30")
    run("16:00")
    assert told(incident) == []


def test_a_bad_row_keeps_its_error_and_stops_no_other(chain, caplog):
    bad, good = held_by_micro_grid(chain), held_by_micro_grid(chain)
    sweep(friday("10:10"))
    row = Escalation.objects.get(incident=bad)
    row.plan[0]["tier"] = "nonsense"
    row.save()
    done = climb(friday("10:10"))

    assert (done.rungs, done.failed) == (1, 1)
    assert told(good) == [("micro_grid", "micro")]
    row.refresh_from_db()
    assert row.error == "ValueError"
    assert row.position == 0
    assert f"ladder {row.pk}" in caplog.text


def test_a_ladder_that_reaches_nobody_ends_without_going_round(chain):
    Post.objects.update(ends_on=on("2026-11-20").date())
    incident = held_by_micro_grid(chain)
    sweep(on("2026-11-21", "00:00"))
    climb(on("2026-11-21", "00:00"))

    assert {who for _tier, who in told(incident)} == {"-"}
    assert len(told(incident)) == len(Escalation.objects.get().plan) == 8
    assert climb(on("2026-11-22", "00:00")).rungs == 0


def test_a_group_hears_of_single_incidents_up_to_a_measure_and_people_of_each(chain, monkeypatch):
    monkeypatch.setattr("dispatch.escalation.groups.MOST_AN_HOUR", 1)
    for _number in range(2):
        stages.dispatched(chain)
    run("10:10", "11:10")

    assert OutboxMessage.objects.filter(kind="escalation").count() == 1
    assert len([text for text in notices("command") if "20261120" in text]) == 2


def test_the_due_rungs_are_read_from_their_own_index(chain):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = due_ladders(friday("12:00")).explain()
    assert "ladder_due" in plan


@pytest.mark.django_db(transaction=True)
def test_who_closes_while_a_rung_is_climbed_waits_for_nobody_and_nothing_is_said_afterwards(handed_over):
    """Two connections. The act holds the incident: the climb passes it by, and finds the ladder cancelled later."""
    world = build()
    load_default_rules()
    load_default_ladder()
    incident = stages.dispatched(world)
    sweep(friday("10:10"))
    results = []

    def work() -> None:
        try:
            results.append(climb(friday("11:30")))
        finally:
            connection.close()

    with transaction.atomic():
        services.void(incident, actor=world.command, note="误报。", at=friday("11:30"))
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(10)
        assert results[0].rungs == 0  # neither waited nor spoke
    assert climb(friday("11:31")).rungs == 0
    assert not EscalationStep.objects.exists()
    assert not OutboxMessage.objects.filter(kind="escalation").exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_waits_for_the_rung_that_is_being_climbed_and_then_ends_the_ladder(monkeypatch):
    world = build()
    load_default_rules()
    load_default_ladder()
    incident = stages.dispatched(world)
    sweep(friday("10:10"))
    climbing_now, may_go_on = threading.Event(), threading.Event()
    climb_from = climbing.climb_from

    def slow(*args, **facts):
        climbing_now.set()
        may_go_on.wait(0.3)  # the act begins meanwhile, and has to wait
        return climb_from(*args, **facts)

    monkeypatch.setattr(climbing, "climb_from", slow)

    def work() -> None:
        try:
            climb(friday("11:10"))
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert climbing_now.wait(10)
    services.void(incident, actor=world.command, note="误报。", at=friday("11:10") + MINUTE)
    thread.join(10)

    row = Escalation.objects.get()
    assert (row.position, row.cancelled_at) == (1, friday("11:10") + timedelta(minutes=1))
    assert climb(friday("13:00")).rungs == 0


def test_the_first_ladder_is_laid_down_once(world):
    assert load_default_ladder() == 8
    assert load_default_ladder() == 0
    assert Role.objects.filter(code="headquarters_officer").exists()
