"""The close-out: how a street stood at 16:00, taken once, told from history."""

import threading
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import resolve

from dispatch import close_out
from dispatch.close_out import NotYet, close_day, close_owed_days
from dispatch.models import DayClose, DayCloseLine, OutboxMessage
from incidents import services
from incidents.models import Incident
from tests.dispatch.moments import friday, on, saturday
from tests.incidents import stages

pytestmark = pytest.mark.django_db

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
AT_FOUR = friday("16:00:02")


def closing(town, day: date = FRIDAY) -> DayClose:
    return DayClose.objects.get(street=town.street_a, day=day)


def figures(row: DayClose) -> dict[str, int]:
    return {name: getattr(row, name) for name in ("reported", "closed", "due", "due_closed", "open", "late")}


def line(incident: Incident) -> DayCloseLine:
    return DayCloseLine.objects.get(incident=incident)


def test_before_four_nothing_is_owed(town):
    stages.report(town)

    assert close_owed_days(friday("15:59:59")) == 0


def test_at_four_every_street_is_closed_once(town):
    assert close_owed_days(friday("16:00")) == 2
    assert close_owed_days(friday("16:01")) == 0
    assert DayClose.objects.count() == 2


def test_the_figures_of_a_day(town):
    stages.closed(town)  # at 11:00
    stages.void(town)
    stages.report(town)
    stages.suspended(town)
    stages.report(town, at=friday("16:00"))  # on the line: open, and due tomorrow
    stages.report(town, at=friday("16:00:01"))  # after it: of tomorrow altogether
    close_owed_days(AT_FOUR)

    assert figures(closing(town)) == {"reported": 5, "closed": 1, "due": 2, "due_closed": 1, "open": 3, "late": 1}
    row = closing(town)
    assert (row.due_at, row.frozen_at) == (friday("16:00"), AT_FOUR)


@pytest.mark.parametrize(("closed_at", "in_time"), [("15:59:59", 1), ("16:00:00", 1), ("16:00:01", 0), ("16:01", 0)])
def test_closed_on_the_line_is_in_time_and_after_it_is_not(town, closed_at, in_time):
    services.verify(stages.handled(town), actor=town.verifier, at=friday(closed_at))
    close_owed_days(friday("16:02"))

    row = closing(town)
    assert (row.due, row.due_closed, row.open) == (1, in_time, 1 - in_time)


@pytest.mark.parametrize(("reported_at", "due"), [("15:59", 1), ("16:00:00", 0), ("16:01", 0)])
def test_reported_before_the_line_is_due_that_day(town, reported_at, due):
    stages.report(town, at=friday(reported_at))
    close_owed_days(friday("16:05"))

    assert closing(town).due == due


def test_each_open_incident_stands_with_its_holder_and_how_late_it_is(town):
    reported, dispatched = stages.report(town), stages.dispatched(town)
    in_progress, handled, returned = stages.in_progress(town), stages.handled(town), stages.returned(town)
    close_owed_days(AT_FOUR)

    assert line(reported).holder == line(returned).holder == "大碶街道 综合信息指挥室"
    assert line(dispatched).holder == line(in_progress).holder == town.enforcement.name
    assert line(in_progress).holder_en == town.enforcement.name_en
    assert line(handled).holder == "大碶街道 核查岗"
    assert line(reported).minutes_late == 60, "level 2 was due at 15:00"
    assert line(dispatched).minutes_late == 350, "and to be signed by 10:10"
    assert line(handled).minutes_late == 0
    assert line(handled).due_at == friday("16:00")
    assert line(reported).community_name == "高田王村"


def test_a_unit_that_leads_is_named(town):
    incident = services.dispatch(stages.report(town), actor=town.command, lead=town.grid_1, at=friday("09:10"))
    close_owed_days(AT_FOUR)

    assert line(incident).holder == "1网格"


def test_what_stands_still_is_listed_and_neither_due_nor_late(town):
    incident = stages.suspended(town)
    close_owed_days(AT_FOUR)

    assert (line(incident).status, line(incident).due_at, line(incident).minutes_late) == ("suspended", None, 0)
    assert figures(closing(town)) | {"reported": 0} == {
        "reported": 0,
        "closed": 0,
        "due": 0,
        "due_closed": 0,
        "open": 1,
        "late": 0,
    }


def test_what_was_left_open_yesterday_is_late_today_and_not_due_again(town):
    stages.report(town)
    close_owed_days(AT_FOUR)
    close_owed_days(saturday("16:00"))

    row = closing(town, SATURDAY)
    assert (row.due, row.open, row.late, row.reported) == (0, 1, 1, 0)
    assert row.lines.get().minutes_late == 25 * 60


def test_closed_and_opened_again_before_the_line_counts_as_open(town):
    services.reopen(stages.closed(town), actor=town.command, note="复发。", at=friday("12:00"))
    close_owed_days(AT_FOUR)

    row = closing(town)
    assert (row.closed, row.due, row.due_closed, row.open) == (0, 2, 1, 1)


def test_a_late_close_tells_the_same_as_one_in_time(town):
    """Everything that happens after the line must leave no trace in a closing that is made up for later."""
    incidents = [stages.report(town), stages.dispatched(town), stages.handled(town), stages.suspended(town)]
    level_3 = stages.report(town, level=3)
    with transaction.atomic():
        close_owed_days(AT_FOUR)
        in_time, lines = figures(closing(town)), frozen_lines()
        transaction.set_rollback(True)

    services.void(incidents[0], actor=town.command, note="重复。", at=friday("16:10"))
    services.redispatch(incidents[1], actor=town.command, lead=town.police, note="改派。", at=friday("16:10"))
    services.verify(incidents[2], actor=town.verifier, at=friday("16:11"))
    services.resume(incidents[3], actor=town.department, at=friday("17:00"))
    services.triage(level_3, actor=town.command, level=1, at=friday("16:12"))
    stages.report(town, at=friday("18:00"))
    close_owed_days(friday("19:30"))

    assert figures(closing(town)) == in_time
    assert frozen_lines() == lines
    assert (closing(town).due_at, closing(town).frozen_at) == (friday("16:00"), friday("19:30"))


def frozen_lines() -> list[tuple[object, ...]]:
    fields = ("number", "status", "level", "holder", "due_at", "minutes_late")
    return list(DayCloseLine.objects.order_by("number").values_list(*fields))


def test_days_that_were_missed_are_closed_one_by_one_with_the_true_time(town):
    stages.report(town)
    close_owed_days(AT_FOUR)
    monday = on("2026-11-23", "09:00")

    assert close_owed_days(monday) == 4  # two streets, Saturday and Sunday
    rows = DayClose.objects.filter(street=town.street_a).order_by("day")
    assert [row.day.day for row in rows] == [20, 21, 22]
    assert [row.frozen_at for row in rows] == [AT_FOUR, monday, monday]
    assert [row.late for row in rows] == [1, 1, 1]
    assert close_owed_days(monday) == 0


def test_no_more_than_seven_days_are_made_up_for(town):
    close_owed_days(AT_FOUR)
    close_owed_days(on("2026-12-20", "17:00"))

    days = DayClose.objects.filter(street=town.street_a).order_by("day").values_list("day", flat=True)
    assert [str(day) for day in days] == ["2026-11-20", *(f"2026-12-{day}" for day in range(14, 21))]


def test_a_first_start_owes_today_alone(town):
    assert close_owed_days(friday("10:00")) == 0
    assert close_owed_days(friday("17:00")) == 2
    assert set(DayClose.objects.values_list("day", flat=True)) == {FRIDAY}


def test_what_is_frozen_cannot_be_changed(town):
    stages.report(town)
    close_owed_days(AT_FOUR)

    for rows in (DayClose.objects.all(), DayCloseLine.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(id=0)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
    assert closing(town).lines.count() == 1


def test_one_street_in_trouble_does_not_keep_the_others_open(town, monkeypatch, caplog):
    survey = close_out.take_survey

    def fail_for_a(street, day):
        if street == town.street_a:
            raise RuntimeError
        return survey(street, day)

    monkeypatch.setattr(close_out, "take_survey", fail_for_a)
    assert close_owed_days(AT_FOUR) == 1
    assert "The close-out of 330206003 on 2026-11-20 failed" in caplog.text

    monkeypatch.undo()
    assert close_owed_days(friday("16:01")) == 1


def test_the_group_is_told_the_result(town, robot, settings):
    settings.SITE_URL = "https://grid.example"
    channel = robot.channel(street=town.street_a)
    stages.closed(town)
    stages.report(town)
    close_owed_days(AT_FOUR)

    message = OutboxMessage.objects.get(channel=channel)
    assert message.title == "大碶街道 11月20日 16:00 日清"
    assert "16:00 日清：应结 2 件，按时 1 件，未按时 1 件。" in message.text
    assert "在办共 1 件，其中超时 1 件" in message.text
    assert "补记" not in message.text
    path = message.text.split("https://grid.example", 1)[1].rstrip(")")
    assert resolve(path)


def test_a_late_close_says_so_and_an_old_one_says_nothing(town):
    close_owed_days(AT_FOUR)
    OutboxMessage.objects.all().delete()
    close_owed_days(on("2026-11-23", "09:00"))

    texts = OutboxMessage.objects.filter(street=town.street_a).values_list("text", flat=True)
    assert len(texts) == 1
    assert "本次日清于 11月23日 09:00 补记，数据为 16:00 时的情况。" in texts[0]
    assert "11月22日" in texts[0]


def test_the_day_closes_at_the_time_of_the_rule(town):
    from dispatch.models import LimitRule

    LimitRule.objects.filter(clock="close_out").update(at_time="17:30")
    stages.report(town)

    assert close_owed_days(friday("17:00")) == 0
    assert close_owed_days(friday("17:30")) == 2
    assert closing(town).due_at == friday("17:30")


def test_a_day_that_is_not_over_cannot_be_closed(town):
    with pytest.raises(NotYet):
        close_day(FRIDAY, now=friday("15:59"))
    assert not DayClose.objects.exists()


def test_the_command_closes_a_day_that_is_named(town):
    stages.report(town)
    said = StringIO()
    call_command("close_day", date="2026-11-20", stdout=said)
    call_command("close_day", date="2026-11-20", stdout=said)

    assert "2026-11-20 大碶街道: due 1, in time 0, open 1, late 1" in said.getvalue()
    assert "closed for every street already" in said.getvalue()


@pytest.mark.parametrize(("day", "words"), [("2999-01-01", "isn't over yet"), ("today", "is not a day")])
def test_the_command_says_what_is_wrong(town, day, words):
    with pytest.raises(CommandError, match=words):
        call_command("close_day", date=day)


def test_a_street_is_surveyed_in_a_fixed_number_of_queries(town, django_assert_max_num_queries):
    for _number in range(10):
        stages.in_progress(town)
    with django_assert_max_num_queries(9):
        survey = close_out.take_survey(town.street_a, FRIDAY)
        assert len([close_out._line(DayClose(), past) for past in survey.open]) == 10


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_close_a_day_once(town, monkeypatch):
    stages.report(town)
    both_are_ready = threading.Barrier(2)
    streets = close_out._streets

    def wait():
        both_are_ready.wait(10)
        return streets()

    monkeypatch.setattr(close_out, "_streets", wait)
    written = []

    def work() -> None:
        try:
            written.append(close_owed_days(AT_FOUR))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(written) == 2
    assert DayCloseLine.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="close_out").count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_act_that_began_before_the_line_and_commits_after_it_counts(town):
    incident = stages.handled(town)
    written = []

    def work() -> None:
        try:
            written.append(close_owed_days(AT_FOUR))
        finally:
            connection.close()

    freeze = threading.Thread(target=work)
    with transaction.atomic():
        services.verify(incident, actor=town.verifier, at=friday("15:59:59"))
        stages.report(town, at=friday("15:59:59"))
        freeze.start()
        while freeze.is_alive() and not waiting_for_locks():
            freeze.join(0.01)
    freeze.join()

    assert written == [2]
    row = closing(town)
    assert (row.due, row.due_closed, row.open) == (2, 1, 1)


def waiting_for_locks() -> bool:
    """True when a session of this database waits for another one (pg_stat_activity stands still in a transaction)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM pg_locks waits JOIN pg_locks held USING (pid)
            WHERE NOT waits.granted
                AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """
        )
        return cursor.fetchone()[0] > 0
