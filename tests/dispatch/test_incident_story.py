"""The one timeline of an incident, who held it how long, and the same on paper."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.access_log import record_access
from accounts.models import AccessRecord
from accounts.together import Rows, fetch_together
from dispatch import extensions, supervising, whistling
from dispatch.escalation.ladder import load_default_ladder
from dispatch.models import Channel, OutboxMessage
from dispatch.outbox import enqueue
from dispatch.supervision_types import load_supervision_types
from dispatch.sweep import sweep
from incidents import services
from incidents.attachments import accept_file
from incidents.models import Incident, StatusChange
from tests.incidents import files, stages
from tests.incidents.stages import HOUR, NINE
from tests.query_counts import query_count
from tests.world import post


@pytest.fixture
def told(town):
    """A handled incident of which groups heard, with a photo of the handling and a look at a number."""
    incident = stages.handled(town)
    accept_file(files.photo(), actor=town.department, incident=incident, at=NINE + HOUR)
    one = {"street": town.street_a, "channel": None, "text": "超时未签收"}
    enqueue(kind="overdue", key="a", title="超时提醒", incident=incident, at=NINE + 2 * HOUR, **one)
    digest = {**one, "text": f"1. [{incident.number}](https://a.example/incidents/{incident.number}/) · 楼道堆物"}
    enqueue(kind="digest", key="b", title="十一点提醒", at=NINE + 2 * HOUR, **digest)
    enqueue(kind="digest", key="c", title="外街提醒", at=NINE + 2 * HOUR, **{**digest, "street": town.street_b})
    enqueue(
        kind="command", key="d", title="指令提醒", at=NINE + 2 * HOUR, **{**one, "text": f"指令 令{incident.number}"}
    )
    OutboxMessage.objects.filter(dedupe_key="a").update(state="sent", sent_at=NINE + 2 * HOUR + timedelta(minutes=1))
    record_access(
        town.worker,
        act=AccessRecord.Act.REVEAL,
        subject="incident",
        subject_id=incident.pk,
        what="phone",
        reason="回电核实",
        at=NINE + 3 * HOUR,
    )
    return incident


def page(client, user, incident, name="incident"):
    client.force_login(user)
    return client.get(reverse(f"incidents:{name}", args=[incident.number]))


def test_one_timeline_tells_of_moves_files_and_messages(town, client, told, stop_clock):
    stop_clock(NINE + 5 * HOUR)
    answer = page(client, town.command, told)
    events = answer.context["events"]

    assert [event.note for event in events if event.note.endswith("提醒")] == ["超时提醒", "十一点提醒"]
    assert sum(event.at == NINE + HOUR for event in events) == 2  # the handling and its photo
    assert "回电核实" not in answer.text
    assert [(each.spell.part, each.spell.length) for each in answer.context["held"]] == [
        ("room", timedelta(minutes=10)),
        ("lead", timedelta(minutes=50)),
        ("verifiers", 4 * HOUR),
    ]


def test_who_looked_at_numbers_is_for_who_reads_the_access_log(town, client, told):
    post("command", "陈值班", "auditor", town.district)
    events = page(client, town.command, told).context["events"]

    assert [(event.actor, event.note) for event in events if event.tone == "soon"] == [("王网格", "回电核实")]


def test_the_sheet_tells_it_from_the_beginning_to_whoever_sees_the_incident(town, client, told):
    answer = page(client, town.leader, told, "sheet")

    moments = [event.at for event in answer.context["events"]]
    assert moments == sorted(moments)
    for words in (told.number, told.description, "十一点提醒"):
        assert words in answer.text
    assert page(client, town.outsider, told, "sheet").status_code == 404


def eventful(town):
    """An incident of which there is more than one of everything, in the hands of the enforcement team."""
    incident = stages.returned(town)
    other = stages.category(town, 1)
    services.triage(incident, actor=town.command, category=other, level=2, at=NINE + 35 * stages.MINUTE)
    services.dispatch(
        incident, actor=town.command, lead=town.enforcement, assisting=[town.police], at=NINE + 40 * stages.MINUTE
    )
    services.sign(incident, actor=town.department, at=NINE + 50 * stages.MINUTE)
    for number in range(3):
        at = NINE + HOUR + number * stages.MINUTE
        services.add_note(incident, actor=town.worker, text=f"催问第{number}次", at=at)
        accept_file(files.photo(size=(9 + number, 9)), actor=town.worker, incident=incident, at=at)
        services.merge(stages.report(town, at=NINE), into=incident, actor=town.command, at=at)
        channel = Channel.objects.create(name=f"{number}群", street=town.street_a)
        enqueue(
            kind="overdue", key=f"e{number}", title="超时提醒", text="超时", street=town.street_a, channel=channel,
            incident=incident, at=at,
        )  # fmt: skip
        record_access(
            town.worker, act=AccessRecord.Act.REVEAL, subject="incident", subject_id=incident.pk, what="phone", at=at
        )
    services.ask_suspension(
        incident, actor=town.department, reason="等配件", until=NINE + 48 * HOUR, at=NINE + 2 * HOUR
    )
    services.decide_suspension(incident, actor=town.command, approve=False, note="已到货", at=NINE + 2 * HOUR)
    extensions.ask_extension(
        incident, actor=town.department, reason="还要一天", until=NINE + 24 * HOUR, at=NINE + 3 * HOUR
    )
    sweep(NINE + 8 * HOUR)
    supervising.supervise_incident(incident, actor=town.command, at=NINE + 8 * HOUR)
    whistling.call_whistle(
        town.street_a, actor=town.command, grade=2, matter="清理楼道", departments=[town.enforcement, town.police],
        incident=incident, at=NINE + 8 * HOUR,
    )  # fmt: skip
    return incident


def test_the_page_asks_as_often_however_much_has_happened(town, client, stop_clock):
    load_default_ladder()
    load_supervision_types()
    incident = eventful(town)
    stop_clock(NINE + 9 * HOUR)

    for who in ("command", "worker", "department", "leader"):
        client.force_login(getattr(town, who))
        with query_count(f"incidents:incident {who}"):
            answer = client.get(reverse("incidents:incident", args=[incident.number]))
        assert len(answer.context["events"]) > 20, who
        assert len(answer.context["merged"]) == 3
        assert answer.context["extension"].reason == "还要一天"
    with query_count("incidents:sheet"):
        sheet = client.get(reverse("incidents:sheet", args=[incident.number]))
    assert sheet.text.count("超时提醒") >= 3


def test_rows_fetched_together_are_as_the_database_gives_them(town):
    incident = stages.returned(town)
    plain = StatusChange.objects.filter(incident=incident)
    fetched = fetch_together(incident, {"changes": Rows(plain, along={"actor": ("name",)}), "none": Rows(plain.none())})

    assert fetched["none"] == []
    columns = [column.attname for column in StatusChange._meta.concrete_fields]
    for one, same in zip(fetched["changes"], plain.select_related("actor"), strict=True):
        assert [getattr(one, name) for name in columns] == [getattr(same, name) for name in columns]
        assert str(one.actor) == str(same.actor)
    with pytest.raises(ValueError, match="token"):
        fetch_together(incident, {"channels": Rows(Channel.objects.all())})
    with pytest.raises(Incident.DoesNotExist):
        fetch_together(Incident(pk=0), {"changes": Rows(plain)})
