"""One command to 3,339 micro-grid leaders: `python -m benchmarks.commands [--leaders 3339]`.

Prints what `docs/performance.md` quotes: receipts and notices written as sets against one row at a time, in the same
run and on the same rows; what the page of progress asks; an answer; a reminder to all who owe one.
"""

import argparse
from datetime import UTC, date, datetime, timedelta
from typing import Any

from benchmarks.rig import bare_database, measure, say, seconds

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai
COMMUNITIES, GRIDS = 18, 9


def main(leaders: int) -> None:
    with bare_database(durable=True):
        street, actor = build(leaders)
        command = send(street, actor, leaders)
        one_by_one = seconds(lambda: receipts_one_by_one(street, actor))
        say("the same receipts and notices, one by one", one_by_one, "s")
        follow(command, street)


def build(leaders: int) -> tuple[Any, Any]:
    """A street with that many micro-grids and a leader in each; returns it and an officer of its command room."""
    from django.db import connection

    from accounts.models import User
    from grids import tree
    from grids.catalogue import load_roles
    from grids.models import District, Kind, Post, Role, Unit
    from grids.tree import NewUnit

    load_roles()
    district = District.objects.create(code="330206", name="北仑区")
    street = tree.add_street(district, name="大碶街道", code="330206003", actor=None, reason="benchmark", at=NOW)
    communities = [NewUnit(street, Kind.COMMUNITY, f"{number}社区") for number in range(COMMUNITIES)]
    grids = [NewUnit(community, Kind.GRID, f"{number}网格") for community in communities for number in range(GRIDS)]
    micros = [NewUnit(grids[number % len(grids)], Kind.MICRO_GRID, f"{number}微网格") for number in range(leaders)]
    tree.add_units_in_bulk(street, [*communities, *grids, *micros], actor=None, reason="benchmark", at=NOW)
    roles = {role.code: role for role in Role.objects.all()}
    people = User.objects.bulk_create(User(username=f"u{number}", name=f"人{number}") for number in range(leaders + 1))
    served = [*Unit.objects.filter(kind=Kind.MICRO_GRID).order_by("pk"), street]
    given = [roles["micro_grid_leader"]] * leaders + [roles["command_officer"]]
    Post.objects.bulk_create(
        Post(user=user, unit=unit, role=role, starts_on=date(2026, 1, 1))
        for user, unit, role in zip(people, served, given, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # units, people and posts have been there for long; the receipts are new
    return Unit.objects.get(pk=street.pk), people[-1]


def send(street: Any, actor: Any, leaders: int) -> Any:
    """Sent three times over; the best counts, as the first warms plans and caches."""
    from dispatch.commanding import send_command

    sent: list[Any] = []

    def once() -> None:
        words = {"title": f"第{len(sent)}次", "text": "今晚加强夜巡。"}
        sent.append(send_command(street, actor=actor, due_at=NOW + timedelta(hours=2), at=NOW, **words))

    best = min(seconds(once) for _time in range(3))
    say(f"send a command to {sent[-1].receipts.count():,} people (receipts, notices, counters)", best, "s")
    assert sent[-1].receipts.count() == leaders
    return sent[-1]


def receipts_one_by_one(street: Any, actor: Any) -> None:
    """What a loop over the people would do: a receipt, a notice and a counter each."""
    from django.db import transaction

    from accounts.inbox import tell
    from dispatch.models import Command, CommandReceipt
    from grids.models import Post

    with transaction.atomic():
        command = Command.objects.create(
            number="one-by-one", target=street, title="t", text="t", sent_by=actor, sent_at=NOW
        )
        for post in Post.objects.filter(unit__street=street).exclude(user=actor).select_related("user"):
            CommandReceipt.objects.create(command=command, unit_id=post.unit_id, user=post.user)
            tell(post.user, "指令", at=NOW)


def follow(command: Any, street: Any) -> None:
    """The pages and acts that come after."""
    from dispatch.commanding import acknowledge, remind_when_due
    from dispatch.overview import commands

    measure("progress of the whole command by tier", lambda: commands.progress_by_kind(command))
    measure("progress of a street by community", lambda: commands.progress_below(command, street))
    measure("the first 50 who have not answered", lambda: list(commands.still_owing(command, street)[:50]))
    receipts = iter(list(command.receipts.select_related("user")[:40]))
    measure("one person's commands on Today", lambda: list(commands.owed_by(command.receipts.first().user)))
    measure("one person acknowledges", lambda: acknowledge(command, actor=next(receipts).user, at=NOW))
    say(
        "remind all who owe an answer to three commands",
        seconds(lambda: remind_when_due(NOW + timedelta(hours=3))),
        "s",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leaders", type=int, default=3339)
    main(parser.parse_args().leaders)
