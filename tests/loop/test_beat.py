"""Beat and worker as real processes: the hourly digest and the 16:00 close-out appear by themselves.

The processes are started with the product's own command lines, on the test's database and a broker of their own. Time
is moved as a user of a trial installation moves it, by `manage.py move_clock`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from dispatch.models import DayClose, Deadline, DigestRun, OutboxMessage
from dispatch.models.deadline import Clock
from governance.embedded.process import Child
from governance.embedded.state import PROJECT
from governance.processes import WEIGE
from incidents import services
from incidents.models import Category, Incident
from incidents.services import Draft
from tests.robot import Robot
from tests.world import World

pytestmark = [pytest.mark.processes, pytest.mark.long]

DAY = date(2026, 11, 20)
NINE = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # in Shanghai
OUR_BROKER = 15  # of Valkey's sixteen; the tests' caches count up from 1


def hour(of_day: int) -> datetime:
    return NINE + timedelta(hours=of_day - 9)


@dataclass
class Trial:
    """A trial installation: worker and beat on the test's database."""

    worker: Child
    beat: Child

    def at(self, moment: str) -> None:
        move_clock(moment)

    def wait_until(self, happened: Callable[[], bool]) -> None:
        """Fails with the worker's last words when it doesn't happen in time, or when the worker ends."""
        self.worker.wait_until(happened, seconds=40)
        assert self.beat.exit_code is None, self.beat.last_words()


def move_clock(moment: str) -> None:
    call_command("move_clock", "--to", moment, verbosity=0, stdout=StringIO())


@pytest.fixture
def environment(db: None) -> Iterator[dict[str, str]]:
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    broker = urlsplit(settings.REDIS_URL)._replace(path=f"/{OUR_BROKER}")
    queues = redis.Redis.from_url(broker.geturl())
    queues.flushdb()
    shared = {"default": {**settings.CACHES["default"], "LOCATION": broker.geturl()}}  # the clock's place among them
    with override_settings(TRIAL=True, CACHES=shared):
        yield {**os.environ, "TRIAL": "1", "DATABASE_URL": database.geturl(), "REDIS_URL": broker.geturl()}
    queues.flushdb()
    queues.close()


@contextmanager
def running(environment: dict[str, str], state: Path) -> Iterator[Trial]:
    children = {}
    for program in (program for program in WEIGE.others if program.name in ("worker", "beat")):
        command = program.command_for({"host": "", "port": 0, "state": str(state)})
        if program.name == "beat":
            command[command.index("-A") + 1] = "tests.loop.fast_beat"
        children[program.name] = Child(
            program.name, command, folder=PROJECT, environment=environment, output=lambda name, line: None
        )
    try:
        yield Trial(**children)
    finally:
        for name in sorted(children, key=WEIGE.stop_order.index):
            children[name].stop()


def overdue_and_serious(street: World) -> tuple[Incident, Incident]:
    """Reported at nine: level 2 with the enforcement team, due at 15:00; level 3 untouched, due at 9:30."""

    def report(code: str) -> Incident:
        draft = Draft(unit=street.micro_1, category=Category.objects.get(code=code), description="楼下有一堆碎砖。")
        return services.report_incident(draft, actor=street.worker, at=NINE)

    held, serious = report("010102"), report("0603")
    services.dispatch(held, actor=street.command, lead=street.enforcement, at=NINE + timedelta(minutes=10))
    services.sign(held, actor=street.department, at=NINE + timedelta(minutes=20))
    return held, serious


def test_digest_and_close_out_come_by_themselves(
    street: World, robot: Robot, environment: dict[str, str], tmp_path: Path
) -> None:
    held, serious = overdue_and_serious(street)
    robot.channel(street=street.street_a)
    move_clock("2026-11-20 15:50")
    with running(environment, tmp_path) as trial:
        # The hour's digest: written once, and heard by a robot that checks the signature. The warning is waited for as
        # well: what is on its way while the clock jumps ten minutes counts as lost, and is sent again.
        sent = OutboxMessage.objects.filter(kind__in=["digest", "day_warning"], state="sent")
        trial.wait_until(lambda: sent.filter(channel__isnull=False).count() == 2)
        assert DigestRun.objects.filter(street=street.street_a, hour=hour(15), incidents=2).count() == 1
        assert any(serious.number in text and held.number in text for text in robot.texts)

        # Six hours after the report the level 2 incident is overdue, which the sweep finds.
        missed = Deadline.objects.filter(incident=held, clock=Clock.HANDLE).exclude(missed_at=None)
        trial.wait_until(missed.exists)

        # Nobody does anything; three seconds later it is 16:00.
        trial.at("2026-11-20 15:59:57")
        closings = DayClose.objects.filter(day=DAY)
        trial.wait_until(lambda: closings.count() == 2)
        trial.wait_until(lambda: OutboxMessage.objects.filter(kind="close_out", state="sent").exists())

        # The next hour's digest, and nothing twice though beat has asked all the while.
        trial.at("2026-11-20 16:06")
        trial.wait_until(lambda: OutboxMessage.objects.filter(kind="digest", state="sent").count() == 2)
    closing = closings.get(street=street.street_a)
    assert hour(16) <= closing.frozen_at < hour(16) + timedelta(minutes=1)
    assert (closing.reported, closing.due, closing.due_closed, closing.open, closing.late) == (2, 2, 0, 2, 2)
    lines = {line.number: (line.holder, line.minutes_late) for line in closing.lines.all()}
    assert lines == {held.number: ("综合执法队", 60), serious.number: ("大碶街道 综合信息指挥室", 390)}
    titles = [message["markdown"]["title"].split("：")[0] for message in robot.heard]
    # The digest and the warning of half past three were owed at the same moment.
    assert sorted(titles[:2]) == ["大碶街道 15:00 整点提醒", "大碶街道 日清提醒"]
    assert titles[2:] == ["大碶街道 11月20日 16:00 日清", "大碶街道 16:00 整点提醒"]
    assert not OutboxMessage.objects.filter(channel__isnull=False).exclude(state="sent").exists()
