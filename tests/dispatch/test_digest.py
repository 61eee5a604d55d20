"""The hourly digest: one message a channel and hour, nothing when nothing is owed."""

import threading
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.urls import Resolver404, resolve

from dispatch import digest, supervising, wording
from dispatch.channels import wecom
from dispatch.channels.contract import Message, Robot
from dispatch.channels.texts import MORE
from dispatch.digest import push_reminders
from dispatch.models import Deadline, DigestRun, OutboxMessage, SupervisionType
from dispatch.models.deadline import Clock
from incidents.models import Category, Incident
from tests.dispatch.moments import friday
from tests.incidents import stages

pytestmark = pytest.mark.django_db

NOW = friday("15:05")


def many(town, count: int, *, level: int = 2) -> None:
    """Open incidents in bulk, due one after the other from 14:00 on, each a minute later."""
    template = stages.report(town, level=level)
    Deadline.objects.all().delete()
    fields = {
        field.attname: getattr(template, field.attname)
        for field in Incident._meta.concrete_fields
        if field.attname not in {"id", "number", "client_uuid"}
    }
    rows = [
        Incident(**fields, number=f"20261120-330206003-{index:04d}", client_uuid=uuid.UUID(int=index))
        for index in range(1001, 1000 + count)
    ]
    incidents = [template, *Incident.objects.bulk_create(rows)]
    Deadline.objects.bulk_create(
        Deadline(
            incident=incident,
            clock=Clock.HANDLE,
            starts_at=friday("09:00"),
            due_at=friday("14:00") + timedelta(minutes=index),
        )
        for index, incident in enumerate(incidents)
    )


def messages() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.order_by("pk"))


def street_message() -> OutboxMessage:
    return OutboxMessage.objects.get(street__isnull=False)


def test_a_hundred_and_twenty_open_incidents_are_one_message(town, robot):
    channel = robot.channel(street=town.street_a)
    many(town, 120)
    push_reminders(NOW)

    (message,) = messages()
    assert message.channel == channel
    assert message.text.count("/incidents/") == 15
    assert "另有 105 件" in message.text
    assert message.title == "大碶街道 15:00 整点提醒：120 件待办"
    assert len(message.text.encode()) <= 20_000


def test_the_longest_names_still_fit_into_one_message(town):
    many(town, 120)
    Category.objects.update(name="名" * 60)
    for unit in (town.community_1, town.grid_1):
        type(unit).objects.filter(pk=unit.pk).update(name="区" * 100)
    push_reminders(NOW)

    text = street_message().text
    assert len(text.encode()) <= 20_000
    assert "另有 105 件" in text


def test_the_most_pressing_comes_first_with_its_time(town):
    many(town, 3)
    push_reminders(NOW)

    lines = [line for line in street_message().text.split("\n\n") if line[0].isdigit()]
    assert [line.split(" · ")[-1] for line in lines] == ["超时 1 小时 05 分", "超时 1 小时 04 分", "超时 1 小时 03 分"]


def test_none_open_says_nothing_and_is_settled(town):
    assert push_reminders(NOW) == 3  # two streets and the district
    assert messages() == []
    assert set(DigestRun.objects.values_list("incidents", flat=True)) == {0}


def test_open_but_not_pressing_says_nothing(town):
    stages.report(town)  # due at 15:00
    push_reminders(friday("10:05"))

    assert messages() == []


@pytest.mark.parametrize(("at", "count"), [("14:05", 1), ("15:05", 1)])
def test_due_within_the_hour_and_overdue_are_pressing(town, at, count):
    stages.report(town)
    push_reminders(friday(at))

    assert DigestRun.objects.get(street=town.street_a).incidents == count
    assert ("一小时内到期 1 件" in street_message().text) == (at == "14:05")


def test_unsigned_beyond_the_limit_is_named(town):
    stages.dispatched(town)  # sign by 10:10
    push_reminders(friday("11:05"))

    assert "超时未签收 1 件" in street_message().text
    assert street_message().text.count("未签收") == 2


def test_level_three_is_pushed_every_hour_until_it_is_closed(town):
    incident = stages.report(town, level=3)  # due at 16:00
    for hour in ("10:05", "11:05", "12:05"):
        push_reminders(friday(hour))
    Incident.objects.filter(pk=incident.pk).update(status="closed")
    push_reminders(friday("13:05"))

    assert OutboxMessage.objects.filter(street=town.street_a).count() == 3


def test_a_suspended_incident_is_not_pushed(town):
    stages.suspended(town)
    Incident.objects.update(level=3)
    push_reminders(NOW)

    assert messages() == []


def test_the_district_hears_of_level_three_and_up_alone_with_the_street(town, robot):
    own, district = robot.channel(street=town.street_a), robot.channel(name="区群")
    stages.report(town, level=3)
    stages.report(town, level=2)
    push_reminders(NOW)

    assert {message.channel: message.title for message in messages()} == {
        own: "大碶街道 15:00 整点提醒：2 件待办",
        district: "全区 15:00 整点提醒：1 件待办",
    }
    assert "大碶街道 高田王村" in OutboxMessage.objects.get(channel=district).text


def test_a_community_that_the_grids_name_says_already_is_not_said_twice(town):
    stages.report(town)
    type(town.grid_1).objects.filter(pk=town.grid_1.pk).update(name="高田王村第1网格")
    push_reminders(NOW)

    assert street_message().text.count("高田王村") == 1


def test_a_street_is_not_told_of_another_one(town, robot):
    robot.channel(street=town.street_b)
    stages.report(town)
    push_reminders(NOW)

    (message,) = messages()
    assert message.street == town.street_a


def test_every_robot_of_a_street_gets_the_message(town, robot):
    channels = {robot.channel(street=town.street_a), robot.channel(street=town.street_a, name="二群")}
    robot.channel(street=town.street_a, is_active=False)
    stages.report(town)
    push_reminders(NOW)

    assert {message.channel for message in messages()} == channels


def test_without_a_robot_the_message_is_shown(town):
    stages.report(town)
    push_reminders(NOW)

    (message,) = messages()
    assert (message.state, message.channel) == ("shown", None)


def test_asked_twice_in_an_hour_it_is_sent_once(town):
    stages.report(town)
    push_reminders(NOW)

    assert push_reminders(friday("15:06")) == 0
    assert push_reminders(friday("15:59")) == 0
    assert len(messages()) == 1
    push_reminders(friday("16:05"))
    assert len(messages()) == 2


def test_before_five_past_nothing_goes_out(town):
    stages.report(town)

    assert push_reminders(friday("15:04:59")) == 0
    assert not DigestRun.objects.exists()


def test_a_beat_that_was_away_sends_the_present_hour_and_leaves_the_gap_to_be_seen(town):
    stages.report(town)
    push_reminders(friday("15:05"))
    push_reminders(friday("19:20"))

    hours = DigestRun.objects.filter(street=town.street_a).order_by("hour").values_list("hour", flat=True)
    assert list(hours) == [friday("15:00"), friday("19:00")]
    assert len(messages()) == 2


def test_one_street_in_trouble_does_not_keep_the_others_from_their_digest(town, monkeypatch, caplog):
    stages.report(town)
    totals = digest._totals
    broken = [True]

    def break_once(*args):
        if broken:
            broken.clear()
            raise RuntimeError
        return totals(*args)

    monkeypatch.setattr(digest, "_totals", break_once)

    assert push_reminders(NOW) == 2
    assert "The digest of 330206003 failed" in caplog.text
    assert push_reminders(friday("15:06")) == 1, "tried again a minute later"


def test_the_message_says_nothing_about_anybody(town):
    incident = stages.report(town, unit=town.household_1)
    Incident.objects.update(description="张三 13800001111 330206198501011234 家中漏水", place_note="3幢201室王阿姨")
    push_reminders(NOW)
    text = f"{street_message().title}{street_message().text}"

    for secret in ("张三", "13800001111", "330206198501011234", "漏水", "3幢201室", "王阿姨", "新村三组12号", "王网格"):
        assert secret not in text
    assert incident.number in text


def items_due(world, *due, target=None):
    """Supervision items issued at nine and due at the moments given, one each."""
    kind, _is_new = SupervisionType.objects.get_or_create(code="side-gate", name="小门管控")
    facts = {"actor": world.command, "target": target or world.grid_1, "issue_type": kind, "at": friday("09:00")}
    made = [
        supervising.issue_supervision(world.street_a, demand=f"张三家门口 {at}", due_at=friday(at), **facts)
        for at in due
    ]
    OutboxMessage.objects.all().delete()
    return made


def test_overdue_supervision_items_follow_the_incidents(town):
    stages.report(town)
    first = items_due(town, "10:05", "10:10", "10:15", "10:20")[0]
    last = items_due(town, "10:00", "14:55", "14:58", target=town.enforcement)[-1]
    push_reminders(NOW)
    street, district = OutboxMessage.objects.order_by("pk")

    assert street.title == "大碶街道 15:00 整点提醒：1 件待办，督办件超时 7 件"
    block = street.text.partition("督办件超时未整改 7 件，请责任单位抓紧整改。")[2]
    assert f"1. [{first.number}](" not in block  # the one due at ten comes first
    assert f"2. [{first.number}](" in block
    assert block.count("\n\n") == 5 + 1
    assert "· 小门管控 · 高田王村 1网格 · 整改期限 11月20日 10:05" in block
    assert "另有 2 件，[查看督办件](" in block
    assert last.number not in block
    assert district.title == "全区 15:00 整点提醒：督办件超时 7 件"
    assert "· 大碶街道 高田王村 1网格 ·" in district.text
    assert f"· 大碶街道 {town.enforcement.name} ·" in district.text
    assert "张三" not in street.text + district.text
    assert set(DigestRun.objects.values_list("street__code", "incidents")) >= {(town.street_a.code, 1), (None, 0)}


def test_an_item_that_is_rectified_or_in_time_is_not_pressed_for(town):
    rectified, _in_time = items_due(town, "14:00", "15:06")
    supervising.rectify(rectified, actor=town.worker, note="已整改", at=friday("13:00"))
    OutboxMessage.objects.all().delete()
    push_reminders(NOW)

    assert messages() == []


def test_a_digest_with_items_is_shown_whole_by_the_robot_that_takes_least(settings):
    settings.SITE_URL = "https://weige.beilun.example"
    number = "20261120-330206003-0001"
    lines = [wording.Line(number, "占道经营", "高田王村 第1网格", 2, friday("14:00"), False)] * 15
    due = {"issue_type": "小门管控", "target": "综合行政执法队", "due_at": friday("10:00")}
    items = wording.Items(9, [wording.ItemLine(f"督{number}", **due)] * 5)
    robot = Robot("wecom", keyword="提醒" * 10)

    def shown(lines, items):
        message = wording.digest("大碶街道", NOW, NOW, wording.Totals(120, 9, 9, 9, 9), lines, items)
        return wecom.payload(robot, Message(message.title, message.text))["markdown"]["content"]

    assert MORE not in shown(lines, items)
    assert shown(lines, items).count("/incidents/") == 15
    assert 1 <= shown(lines, items).count(f"[督{number}]") <= 5
    long = [wording.Line(number, "名" * 60, "区" * 60, 2, None, False)] * 15
    assert "督办件超时 9 件" in shown(long, items)  # the title says it, whatever is cut


def test_a_name_cannot_make_a_link_or_a_heading():
    line = wording.Line("1", "[点我](https://bad.example)\n# 大字", "<b>社区</b>", 1, None, False)
    text = wording.digest("街道", NOW, NOW, wording.Totals(1, 0, 0, 0, 0), [line]).text

    assert "](https://bad.example)" not in text
    assert "\n# 大字" not in text
    assert "<b>" not in text


def test_the_links_lead_to_pages_of_ours(town, settings):
    settings.SITE_URL = "https://grid.example"
    many(town, 20)
    push_reminders(NOW)
    text = street_message().text

    for path in ("/incidents/20261120-330206003-1001/", "/queue/"):
        assert f"(https://grid.example{path})" in text
        assert resolves(path)


def resolves(path: str) -> bool:
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


def test_the_command_settles_an_hour_that_is_named(town):
    stages.report(town)
    said = StringIO()
    call_command("push_reminders", at="2026-11-20 15:05", stdout=said)
    call_command("push_reminders", at="2026-11-20 15:02", stdout=said)

    assert "3 digest(s) settled, 1 message(s) written" in said.getvalue()
    assert "nothing is owed yet" in said.getvalue()
    assert street_message().title.startswith("大碶街道 15:00")


def test_the_command_says_how_to_write_a_moment(town):
    with pytest.raises(CommandError, match="is not a moment"):
        call_command("push_reminders", at="yesterday")


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_digest(town, monkeypatch):
    stages.report(town)
    both_are_ready = threading.Barrier(2)
    totals = digest._totals

    def wait(*args):
        both_are_ready.wait(10)
        return totals(*args)

    monkeypatch.setattr(digest, "_totals", wait)
    settled = []

    def work() -> None:
        try:
            settled.append(push_reminders(NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(settled) == 3
    assert len(messages()) == 1
