"""The warnings before the close-out: at 15:00 and 15:30, once each, never after the line."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Notice
from dispatch import close_out_reasons, day_warnings
from dispatch.close_out import close_day
from dispatch.day_warnings import good_until, moment_owed, warn
from dispatch.models import DayCloseLine, DayWarning, OutboxMessage
from grids.models import Absence, Post
from incidents import services
from tests.dispatch.moments import friday
from tests.incidents import stages
from tests.world import post

FOUR = friday("16:00")


@pytest.mark.parametrize(
    ("now", "owed"),
    [
        ("14:59:59", None),
        ("15:00", "15:00"),
        ("15:29:59", "15:00"),
        ("15:30", "15:30"),
        ("15:59:59", "15:30"),
        ("16:00", None),
        ("17:00", None),
    ],
)
def test_the_newest_warning_is_owed_until_the_line(now, owed):
    assert moment_owed(friday(now), FOUR) == (friday(owed) if owed else None)


def test_a_mute_robot_is_not_given_what_is_overtaken():
    assert good_until(friday("15:00"), FOUR) == friday("15:30")
    assert good_until(friday("15:30"), FOUR) == FOUR


@pytest.mark.django_db
def test_the_group_hears_what_must_still_be_closed(town, robot, settings, monkeypatch):
    assert day_warnings.TOP == 15
    monkeypatch.setattr(day_warnings, "TOP", 3)
    settings.SITE_URL = "https://grid.example"
    channel = robot.channel(street=town.street_a)
    for _number in range(4):
        stages.dispatched(town, at=friday("14:20"))
    pressing = stages.report(town)
    stages.closed(town)
    stages.suspended(town)
    due_tomorrow = stages.report(town, at=friday("16:00"))

    assert warn(friday("15:07")) == 2, "both streets are settled, also the one with nothing to say"
    assert warn(friday("15:08")) == 0

    message = OutboxMessage.objects.get(channel=channel)
    assert message.good_until == friday("15:30")
    assert message.title == "大碶街道 日清提醒：16:00 前应结未结 5 件"
    lines = message.text.split("\n\n")
    assert lines[1] == "距日清还有 53 分钟，应结未结 5 件，其中未签收 4 件，请抓紧办理。"
    assert lines[2].startswith(f"1. [{pressing.number}](https://grid.example/incidents/{pressing.number}/)")
    assert "未签收" in lines[3]
    assert lines[-1] == "另有 2 件，[查看全部](https://grid.example/close-out/)"
    assert due_tomorrow.number not in message.text
    for word in ("旧家具", town.department.name, town.worker.name):
        assert word not in message.text
    rows = DayWarning.objects.order_by("street__code").values_list("due_at", "ran_at", "incidents")
    assert list(rows) == [(friday("15:00"), friday("15:07"), 5), (friday("15:00"), friday("15:07"), 0)]


@pytest.mark.django_db
def test_each_who_holds_some_is_told_once(town):
    stages.dispatched(town)
    stages.in_progress(town)
    stages.report(town)
    stages.handled(town)
    services.dispatch(stages.report(town), actor=town.command, lead=town.grid_1, at=friday("10:00"))
    away = post("away", "何外出", "department_member", town.enforcement)
    stand_in = post("stand_in", "许代班", "grid_worker", town.grid_3)
    Absence.objects.create(
        post=Post.objects.get(user=away),
        stand_in=stand_in,
        starts_on=friday("09:00").date(),
        ends_on=friday("09:00").date(),
        made_by=town.command,
        made_at=friday("08:00"),
    )
    warn(friday("15:00"))

    told = {notice.user_id: notice for notice in Notice.objects.all()}
    assert Notice.objects.count() == len(told), "one notice a person"
    people = (town.department, stand_in, town.worker, town.verifier, town.command)
    counts = {user.username: int(told[user.pk].text_en.split()[0]) for user in people}
    assert counts == {"department": 2, "stand_in": 2, "worker": 1, "verifier": 1, "command": 2}
    assert away.pk not in told
    assert town.outsider.pk not in told
    assert "2 incidents that you hold are due at the close-out at 16:00" in told[town.department.pk].text_en


@pytest.mark.django_db
def test_late_is_better_than_never_until_the_line_and_nothing_to_say_is_said_to_nobody(town):
    stages.closed(town)

    assert warn(friday("14:59")) == 0
    assert warn(friday("15:45")) == 2, "the one of 15:30; nobody needs that of 15:00 any more"
    assert set(DayWarning.objects.values_list("due_at", flat=True)) == {friday("15:30")}
    assert warn(FOUR) == warn(FOUR + timedelta(minutes=1)) == 0
    assert not OutboxMessage.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_one_street_in_trouble_does_not_keep_the_others_unwarned(town, monkeypatch, caplog):
    owed_at = day_warnings.owed_at

    def fail_for_a(street, line):
        if street == town.street_a:
            raise RuntimeError
        return owed_at(street, line)

    monkeypatch.setattr(day_warnings, "owed_at", fail_for_a)
    assert warn(friday("15:00")) == 1
    assert "330206003 before the close-out failed" in caplog.text

    monkeypatch.undo()
    assert warn(friday("15:01")) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_warn_and_note_a_reason_once(town, monkeypatch):
    stages.dispatched(town)
    wait_here(monkeypatch, day_warnings, "owed_at")
    assert sum(at_once(lambda: warn(friday("15:00")))) == 2
    assert DayWarning.objects.count() == 2
    assert OutboxMessage.objects.filter(kind="day_warning").count() == 1
    assert Notice.objects.filter(user=town.department).count() == 1

    close_day(friday("16:00").date(), friday("16:00"))
    line = DayCloseLine.objects.get()
    at_once(lambda: close_out_reasons.give_reason(line, actor=town.department, text="配件未到货。").pk)
    assert line.reasons.count() == 1


def wait_here(monkeypatch, module, name):
    """Two threads meet before that function for the first time."""
    real, barrier, met = getattr(module, name), threading.Barrier(2), threading.local()

    def meet(*args):
        if not hasattr(met, "there"):
            met.there = barrier.wait(10)
        return real(*args)

    monkeypatch.setattr(module, name, meet)


def at_once(work):
    done = []

    def run():
        try:
            done.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 2
    return done
