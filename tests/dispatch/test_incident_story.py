"""The one timeline of an incident, who held it how long, and the same on paper."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.access_log import record_access
from accounts.models import AccessRecord
from dispatch.models import OutboxMessage
from dispatch.outbox import enqueue
from incidents.attachments import accept_file
from tests.incidents import files, stages
from tests.incidents.stages import HOUR, NINE
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
