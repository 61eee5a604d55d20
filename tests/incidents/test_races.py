"""Two people at once, over two real connections: one act happens, the other is told, and the history has one row."""

import threading
import uuid

import pytest
from django.db import connection

from accounts.errors import Refused
from incidents import services
from incidents.models import Assignment, Note, StatusChange
from incidents.workflow import Act, Status
from tests.incidents import stages
from tests.incidents.stages import HOUR, NINE
from tests.world import build

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls in threads that start together; returns what each returned or refused."""
    barrier, outcomes = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index, call):
        try:
            barrier.wait()
            outcomes[index] = call()
        except Refused as refusal:
            outcomes[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def refusals(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Refused)]


def test_two_officers_dispatching_at_once_leave_one_lead():
    world = build()
    incident = stages.report(world)
    outcomes = at_once(
        lambda: services.dispatch(incident, actor=world.command, lead=world.enforcement, at=NINE + HOUR),
        lambda: services.dispatch(incident, actor=world.command2, lead=world.police, at=NINE + HOUR),
    )
    assert [refusal.code for refusal in refusals(outcomes)] == ["status"]
    assert Assignment.objects.filter(incident=incident, part="lead").count() == 1
    assert StatusChange.objects.filter(incident=incident, act=Act.DISPATCH).count() == 1


def test_signing_and_redispatching_at_once_leave_a_whole_incident():
    world = build()
    incident = stages.dispatched(world)
    at_once(
        lambda: services.sign(incident, actor=world.department, at=NINE + HOUR),
        lambda: services.redispatch(incident, actor=world.command, lead=world.police, note="改派", at=NINE + HOUR),
    )
    incident.refresh_from_db()
    lead = Assignment.objects.get(incident=incident, part="lead", ended_at=None)
    holder = {Status.IN_PROGRESS: world.enforcement, Status.DISPATCHED: world.police}[Status(incident.status)]
    assert lead.party == holder


def test_two_officers_merging_a_pair_into_each_other_neither_wait_for_ever_nor_lose_both():
    world = build()
    one, other = stages.report(world), stages.report(world)
    outcomes = at_once(
        lambda: services.merge(one, into=other, actor=world.command, at=NINE + HOUR),
        lambda: services.merge(other, into=one, actor=world.command2, at=NINE + HOUR),
    )
    assert len(refusals(outcomes)) == 1
    one.refresh_from_db()
    other.refresh_from_db()
    assert {one.status, other.status} == {Status.MERGED, Status.REPORTED}


def test_a_double_click_over_two_connections_verifies_once():
    world = build()
    incident = stages.handled(world)
    outcomes = at_once(*[lambda: services.verify(incident, actor=world.verifier, at=NINE + 2 * HOUR)] * 4)
    assert not refusals(outcomes)
    assert StatusChange.objects.filter(incident=incident, act=Act.VERIFY).count() == 1


def test_a_supplement_sent_by_four_tries_at_once_is_there_once():
    world = build()
    incident, key = stages.report(world), uuid.uuid4()
    facts = {"actor": world.worker, "text": "村口第二根也不亮。", "client_uuid": key, "at": NINE + HOUR}
    outcomes = at_once(*[lambda: services.supplement(incident, **facts)] * 4)
    assert {note.pk for note in outcomes} == {Note.objects.get(incident=incident).pk}
