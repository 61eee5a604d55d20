"""The clocks among a million incidents: `python -m benchmarks.sweep [--incidents 1000000]`.

Prints what `docs/performance.md` quotes. With and without the partial index are measured in the same run, on the same
rows, one after the other.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial

from benchmarks.rig import bare_database, measure, say, seconds

NOW = datetime(2026, 11, 20, 7, 55, tzinfo=UTC)  # 15:55 in Shanghai, the busiest minute of the day


def main(incidents: int, still_open: int) -> None:
    with bare_database():
        from benchmarks import million

        say(
            f"built: {incidents:,} incidents, {still_open:,} open",
            seconds(lambda: million.build(NOW, incidents=incidents, still_open=still_open)),
            "s",
        )
        measure_pages()
        measure_indexes()
        measure_acts()
        measure_the_busiest_minute()


def measure_pages() -> None:
    """What the pages ask for one street."""
    from dispatch.selectors import by_minutes_left, figures_by, with_due
    from grids.models import Kind, Unit
    from incidents.models import Incident
    from incidents.workflow import OPEN

    street = Unit.objects.filter(kind=Kind.STREET)[0]
    queue = Incident.objects.filter(status__in=OPEN, street=street)
    say("open incidents of the street", queue.count(), "rows")
    top = by_minutes_left(queue).values_list("pk", "number", "level", "due_at", "due_clock")[:50]
    every = with_due(queue).values_list("pk", "due_at")
    measure("queue: the 50 most pressing of a street", lambda: list(top.all()))
    measure("queue: nearest due of every open incident of a street", lambda: list(every.all()))
    for tier in (Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID):
        measure(f"board: five numbers of a street by {tier}", partial(figures_by, tier, now=NOW, within=street))
    measure("board: five numbers of the district by street", partial(figures_by, Kind.STREET, now=NOW))


@contextmanager
def changed_indexes(*statements: str) -> Iterator[None]:
    """The same rows under other indexes, taken back afterwards."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("ANALYZE dispatch_deadline")
        yield
        transaction.set_rollback(True)


def measure_indexes() -> None:
    """The sweep's question under three sets of indexes."""
    from dispatch.selectors import to_sweep

    def oldest() -> object:
        return list(to_sweep(NOW).values_list("pk", flat=True)[:100])

    say("due and not found", to_sweep(NOW).count(), "rows")
    measure("sweep: the 100 oldest due, partial index", oldest)
    # All partial ones: the planner reads the undone rows of any of them when the sweep's own is gone.
    drop = "DROP INDEX deadline_to_sweep, deadline_running, deadline_one_running_clock"
    with changed_indexes(drop):
        measure("sweep: the 100 oldest due, no index for it", oldest)
    with changed_indexes(drop, "CREATE INDEX plain_due ON dispatch_deadline (due_at)"):
        measure("sweep: the 100 oldest due, index on due_at alone", oldest)


RUSH = 5_000


def measure_the_busiest_minute() -> None:
    """5,000 clocks run out in one minute: all are found, and their ladders started, within it. Then the audit."""
    from dispatch.audit.audit import audit
    from dispatch.escalation.ladder import load_default_ladder
    from dispatch.models import Deadline, Escalation
    from dispatch.sweep import sweep
    from grids.catalogue import load_roles

    load_roles()
    load_default_ladder()
    due = list(Deadline.objects.filter(clock="handle", missed_at=NOW).values_list("pk", flat=True)[:RUSH])
    Deadline.objects.filter(pk__in=due).update(missed_at=None, due_at=NOW)
    spent = seconds(lambda: sweep(NOW))
    say(f"sweep: {len(due):,} due in the same minute, with their ladders", spent, "s")
    say("sweep: ladders started", Escalation.objects.count(), "rows")
    _climb_the_first_rungs()
    found = []
    say("audit of the clocks", seconds(lambda: found.append(audit(NOW)[0])), "s")
    print("audit found:", [(each["check"], each["count"]) for each in found[0].findings + found[0].repairs])


def _climb_the_first_rungs() -> None:
    """Every ladder climbs at once, to somebody who is there: a notice and a step of history for each."""
    from dispatch.escalation.climbing import climb
    from dispatch.escalation.plan import read
    from dispatch.models import Escalation

    plans = [read(plan) for plan in Escalation.objects.values_list("plan", flat=True)]
    _fill_posts({(rung.role_id, rung.unit, None if rung.unit else rung.district) for plan in plans for rung in plan})
    first = max(plan[0].at for plan in plans)
    done = []
    spent = seconds(lambda: done.append(climb(first)))
    say(f"ladders: {done[0].rungs:,} rungs climbed in the same minute", spent, "s")
    say("ladders: rungs that failed", done[0].failed, "rows")


def _fill_posts(places: set[tuple[int, int | None, int | None]]) -> None:
    """One person in each post (role, unit or district)."""
    from accounts.models import User
    from grids.models import Post

    people = User.objects.bulk_create(
        [User(username=f"rung-{number}", name="某人", password="!") for number in range(len(places))]
    )
    Post.objects.bulk_create(
        Post(user=user, role_id=role, unit_id=unit, district_id=district, starts_on=NOW.date())
        for user, (role, unit, district) in zip(people, places, strict=True)
    )


def measure_acts() -> None:
    """The acts themselves, as the worker does them."""
    from dispatch.close_out import close_street
    from dispatch.digest import owed, push_reminders
    from dispatch.limits import load_default_rules
    from dispatch.sweep import sweep
    from grids.models import Kind, Unit

    load_default_rules()
    street = Unit.objects.filter(kind=Kind.STREET)[0]
    say("digest: what is owed in a street", owed(street, NOW).count(), "rows")
    say("digest: 25 streets and the district, settled", seconds(lambda: push_reminders(NOW)) * 1000)
    measure("digest: asked again in the same hour", partial(push_reminders, NOW))
    done = []
    spent = seconds(lambda: done.append(sweep(NOW)))
    say("sweep: found", done[0].missed, "rows")
    say("sweep: everything that is due", spent * 1000)
    say("sweep: rows a second", done[0].missed / spent, "/s")
    measure("sweep: with nothing due", partial(sweep, NOW))
    line = NOW + timedelta(minutes=5)
    say("close-out: one street frozen", seconds(lambda: close_street(street, date(2026, 11, 20), now=line)) * 1000)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=20_000)
    asked = parser.parse_args()
    main(asked.incidents, asked.open)
