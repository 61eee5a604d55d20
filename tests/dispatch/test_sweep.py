"""The sweep finds each clock that has run out once, whatever happens beside it."""

import threading
from collections import Counter
from itertools import chain

import pytest
from django.db import connection, transaction

from dispatch import sweep as sweeping
from dispatch.models import Deadline
from dispatch.models.deadline import Clock
from dispatch.sweep import sweep
from incidents import services
from incidents.models import Incident, StatusChange
from incidents.workflow import Status
from tests.dispatch.moments import friday, on
from tests.incidents import stages

pytestmark = pytest.mark.django_db


def handling(incident: Incident) -> Deadline:
    return Deadline.objects.get(incident=incident, clock=Clock.HANDLE)


def test_a_clock_that_has_run_out_is_missed_when_it_is_found(town):
    incident = stages.report(town)  # handle by 15:00, close-out at 16:00

    assert sweep(friday("14:59:59")).missed == 0
    assert sweep(friday("15:00")).missed == 1
    row = handling(incident)
    assert (row.due_at, row.missed_at) == (friday("15:00"), friday("15:00"))


def test_missed_once_it_is_found_no_more(town):
    incident = stages.report(town)
    sweep(friday("15:01"))

    assert sweep(friday("15:02")).missed == 0
    assert handling(incident).missed_at == friday("15:01")


def test_a_sweep_that_comes_late_finds_everything_and_the_true_moment_stays(town):
    incident = stages.report(town)

    assert sweep(friday("20:00")).missed == 2
    row = handling(incident)
    assert (row.due_at, row.missed_at) == (friday("15:00"), friday("20:00"))


def test_what_was_done_in_time_is_not_missed(town):
    stages.closed(town)

    assert sweep(friday("20:00")).missed == 0


def test_a_suspended_incident_misses_nothing(town):
    incident = stages.suspended(town)

    assert sweep(friday("20:00")).missed == 0
    assert handling(incident).missed_at is None


def test_a_suspension_that_is_over_is_resumed_by_the_system(town):
    incident = stages.suspended(town)  # from Friday 10:00 to Wednesday 9:00

    assert sweep(on("2026-11-25", "08:59")).resumed == 0
    assert sweep(on("2026-11-25", "09:00")).resumed == 1
    incident.refresh_from_db()
    assert incident.status == Status.IN_PROGRESS
    assert StatusChange.objects.filter(incident=incident).last().actor is None
    assert sweep(on("2026-11-25", "09:00")).resumed == 0


def test_many_are_found_in_batches_the_oldest_first(town, monkeypatch):
    for minute in range(7):
        stages.report(town, at=friday(f"09:0{6 - minute}"))
    seen = []
    mark = sweeping._missed
    monkeypatch.setattr(sweeping, "_missed", lambda rows, now: seen.append([r.due_at for r in rows]) or mark(rows, now))

    assert sweep(friday("15:30"), limit=3).missed == 7
    assert [len(batch) for batch in seen] == [3, 3, 1]
    assert list(chain(*seen)) == sorted(chain(*seen))


@pytest.fixture
def bad_row(town):
    """A row that the database refuses to change, as a broken trigger or a constraint of tomorrow would."""
    incident = stages.report(town, at=friday("08:00"))
    pk = handling(incident).pk
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE FUNCTION refuse_bad_row() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'this row is bad'; END $$
            """
        )
        cursor.execute(
            f"CREATE TRIGGER bad_row BEFORE UPDATE OF missed_at ON dispatch_deadline FOR EACH ROW "
            f"WHEN (OLD.id = {pk} AND NEW.missed_at IS NOT NULL) EXECUTE FUNCTION refuse_bad_row()"
        )
    return pk


def mend(cursor) -> None:
    cursor.execute("DROP TRIGGER bad_row ON dispatch_deadline")


def test_a_bad_row_keeps_its_error_and_stops_no_other(town, bad_row, caplog):
    others = [stages.report(town) for _number in range(3)]
    done = sweep(friday("15:30"), limit=2)

    assert (done.missed, done.failed) == (3, 1)
    assert all(handling(incident).missed_at == friday("15:30") for incident in others)
    bad = Deadline.objects.get(pk=bad_row)
    assert bad.missed_at is None
    assert "this row is bad" in bad.error
    assert f"deadline {bad_row}" in caplog.text


def test_a_bad_row_is_tried_again_and_its_error_is_cleared(town, bad_row):
    sweep(friday("15:30"))
    with connection.cursor() as cursor:
        mend(cursor)

    assert sweep(friday("15:31")).missed == 1
    bad = Deadline.objects.get(pk=bad_row)
    assert (bad.missed_at, bad.error) == (friday("15:31"), "")


@pytest.mark.parametrize(
    ("status", "field"),
    [(Status.VOID, "cancelled_at"), (Status.CLOSED, "cancelled_at"), (Status.SUSPENDED, "suspended_at")],
)
def test_a_clock_that_should_not_run_is_put_right_instead_of_missed(town, status, field):
    incident = stages.report(town)
    until = friday("23:00") if status == Status.SUSPENDED else None
    Incident.objects.filter(pk=incident.pk).update(status=status, suspended_until=until)
    done = sweep(friday("15:30"))

    row = handling(incident)
    assert (done.missed, done.unwanted) == (0, 1)
    assert row.missed_at is None
    assert getattr(row, field) is not None
    assert row.error


def test_an_incident_that_cannot_be_resumed_stops_no_other(town, monkeypatch, caplog):
    first, second = stages.suspended(town), stages.suspended(town)
    resume = services.resume

    def resume_but_the_first(incident, **facts):
        if incident.pk == first.pk:
            raise RuntimeError("楼道口")
        return resume(incident, **facts)

    monkeypatch.setattr(services, "resume", resume_but_the_first)
    done = sweep(on("2026-11-25", "09:00"))

    assert (done.resumed, done.failed) == (1, 1)
    second.refresh_from_db()
    assert second.status == Status.IN_PROGRESS
    assert f"Resuming incident {first.number} failed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_find_each_clock_once(town, monkeypatch):
    for _number in range(40):
        stages.report(town)
    found: Counter[int] = Counter()
    both_hold_rows = threading.Barrier(2)
    mark, first_batch = sweeping._missed, threading.local()

    def missed(rows, now):
        found.update(row.pk for row in rows)
        if not getattr(first_batch, "is_over", False):
            first_batch.is_over = True
            both_hold_rows.wait(10)  # the other sweep has claimed its batch beside ours
        return mark(rows, now)

    monkeypatch.setattr(sweeping, "_missed", missed)
    results = []

    def work() -> None:
        try:
            results.append(sweep(friday("15:30"), limit=7).missed)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(results) == len(found) == 40
    assert set(found.values()) == {1}
    assert min(results) >= 7


@pytest.mark.django_db(transaction=True)
def test_a_sweep_does_not_wait_for_a_row_that_somebody_holds(town):
    held, free = stages.report(town), stages.report(town)
    results = []

    def work() -> None:
        try:
            results.append(sweep(friday("15:30")).missed)
        finally:
            connection.close()

    with transaction.atomic():
        Deadline.objects.select_for_update().get(incident=held, clock=Clock.HANDLE)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(10)
        assert results == [1]
    assert handling(free).missed_at == friday("15:30")
    assert sweep(friday("15:31")).missed == 1
