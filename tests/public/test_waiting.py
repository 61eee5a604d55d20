"""Residents who wait for their first answer: in the command room's list and menu until somebody has answered."""

from datetime import timedelta

import pytest
from django.urls import reverse

import clock
from dispatch.overview.needs import count_needs
from incidents import services
from public import answering
from public.consent import current_consent
from public.models import PlaceCode
from public.place_codes import give_codes
from public.progress import progress_of
from public.reporting import Said, send_report
from public.waiting import ResidentNeed, waiting_for_answer
from tests.incidents import stages
from tests.incidents.stages import HOUR, category
from tests.query_counts import query_count

URL = "/residents-reports/"


@pytest.fixture
def send(world):
    give_codes([world.micro_1, world.micro_5], actor=world.register)
    codes = {code.unit_id: code for code in PlaceCode.objects.select_related("unit")}

    def send(text, *, ago, place=world.micro_1):
        at = clock.now() - ago
        return send_report(Said(codes[place.pk], category(world, 2), text, current_consent()), at=at)

    return send


def test_the_list_has_whoever_waits_the_longest_overdue_first(world, client, send):
    late, due = send("水管漏了", ago=timedelta(days=4)), send("灯不亮", ago=HOUR, place=world.micro_5)
    stages.report(world)
    client.force_login(world.command)
    with query_count("public:waiting"):
        page = client.get(URL)
    assert [row.pk for row in page.context["page"]] == [late.incident_id, due.incident_id]
    assert page.context["late"] == 1
    answer = reverse("incidents:act", args=[late.incident.number, "answer-resident"])
    assert f'href="{answer}?next={URL}"' in page.text
    (badge,) = [item["badge"] for item in page.context["nav_items"] if item["url"] == URL]
    assert badge == 2
    assert client.post(f"{answer}?next={URL}", {"text": "今天下午有人来修。", "next": URL}).url == URL
    assert [row.pk for row in client.get(URL).context["page"]] == [due.incident_id]
    for other in (world.outsider, world.leader, world.worker):
        assert not waiting_for_answer(other).exists()
    client.force_login(world.worker)
    assert client.get(URL).status_code == 403


def test_the_list_is_what_the_progress_pages_promise(world, send):
    """Merged, not taken up, closed: the room is asked for exactly the answers that residents are told to expect."""
    reports = [send(text, ago=HOUR) for text in ("一", "二", "三", "四", "五")]
    merged, void, closed, answered, _open = (report.incident for report in reports)
    services.merge(merged, into=stages.report(world), actor=world.command)
    services.void(void, actor=world.command, note="误报")
    services.dispatch(closed, actor=world.command, lead=world.enforcement)
    services.sign(closed, actor=world.department)
    services.handle(closed, actor=world.department, measures="已修好。")
    services.verify(closed, actor=world.verifier)
    answering.answer_resident(answered, actor=world.command, text="已收到。")
    for report in reports:
        report.refresh_from_db()
    promised = {report.incident_id for report in reports if progress_of(report).owes_answer}
    assert set(waiting_for_answer(world.command).values_list("pk", flat=True)) == promised
    assert len(promised) == 3
    assert count_needs(world.command)[ResidentNeed.ANSWER] == 3
