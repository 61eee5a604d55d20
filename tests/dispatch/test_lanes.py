"""What people send up by hand: one tier up, or straight to the district; and what an incident's page shows of it."""

import pytest
from django.urls import reverse
from rest_framework.throttling import ScopedRateThrottle

from accounts.errors import Forbidden, Refused
from accounts.models import Notice
from dispatch.escalation.climbing import climb
from dispatch.escalation.ladder import load_default_ladder
from dispatch.escalation.lanes import report_express, report_up
from dispatch.models import Escalation, EscalationStep, LadderRung, OutboxMessage
from dispatch.sweep import sweep
from grids.models import Post
from incidents import services
from tests.dispatch.moments import friday, on
from tests.incidents import stages
from tests.incidents.stages import HOUR, NINE
from tests.world import World, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(town: World) -> World:
    load_default_ladder()
    post("head", "何村长", "community_head", town.community_1)
    return town


def told(escalation: Escalation) -> list[tuple[str, str]]:
    steps = EscalationStep.objects.filter(escalation=escalation).select_related("told").order_by("pk")
    return [(step.tier, step.told.username if step.told else "-") for step in steps]


def test_a_report_goes_one_tier_up_and_further_by_whoever_stands_there(chain):
    incident = stages.report(chain)
    first = report_up(incident, actor=chain.worker, reason="需村里协调。", at=NINE + HOUR)

    assert told(first) == [("community", "head")]
    assert report_up(incident, actor=chain.worker, reason="再报。", at=NINE + 2 * HOUR) == first
    assert Notice.objects.filter(user__username="head").count() == 1
    assert "协调" not in Notice.objects.get(user__username="head").text

    head = Post.objects.get(role__code="community_head").user
    second = report_up(incident, actor=head, at=NINE + 2 * HOUR)
    assert told(second) == [("street", "command"), ("street", "command2"), ("street", "leader")]
    first.refresh_from_db()
    assert first.cancelled_at == NINE + 2 * HOUR
    assert climb(NINE + 9 * HOUR).rungs == 0  # nothing of it waits


def test_a_vacant_tier_is_noted_and_passed_by(chain):
    Post.objects.filter(role__code="community_head").update(ends_on=on("2026-11-19").date())
    sent = report_up(stages.report(chain), actor=chain.worker, at=NINE + HOUR)

    assert told(sent)[:2] == [("community", "-"), ("street", "command")]


def test_the_express_lane_reaches_the_district_with_a_copy_to_the_street_once(chain):
    incident = stages.dispatched(chain)
    sent = report_express(incident, actor=chain.department, reason="有坍塌风险。", at=NINE + HOUR)

    assert told(sent) == [
        *[("district", "district_officer"), ("street", "command"), ("street", "command2"), ("street", "leader")]
    ]
    assert report_express(incident, actor=chain.worker, reason="又来。", at=NINE + 2 * HOUR) == sent
    groups = OutboxMessage.objects.filter(kind="escalation").order_by("pk")
    assert [message.street_id for message in groups] == [None, chain.street_a.pk]
    assert all("坍塌" not in message.text for message in groups)


def test_an_own_ladder_that_leaves_the_district_out_does_not_close_the_express_lane(chain):
    general = LadderRung.objects.get(role__code="community_head")
    LadderRung.objects.create(street=chain.street_a, tier=general.tier, role=general.role)
    sent = report_express(stages.report(chain), actor=chain.worker, reason="险情。", at=NINE + HOUR)

    assert ("district", "district_officer") in told(sent)
    with pytest.raises(Refused) as refusal:
        report_up(stages.report(chain), actor=chain.command, at=NINE + HOUR)
    assert refusal.value.code == "top"


def test_who_has_nothing_to_do_with_it_sends_nothing_up_and_nobody_what_is_over(chain):
    incident = stages.report(chain)
    for user in (chain.worker2, chain.outsider, chain.verifier, chain.police_officer):
        with pytest.raises(Forbidden):
            report_express(incident, actor=user, reason="急。", at=NINE + HOUR)
    with pytest.raises(Refused) as refusal:
        report_express(incident, actor=chain.worker, reason=" ", at=NINE + HOUR)
    assert refusal.value.field == "reason"

    report_up(incident, actor=chain.worker, at=NINE + HOUR)
    services.void(incident, actor=chain.command, note="误报。", at=NINE + 2 * HOUR)
    assert not Escalation.objects.filter(cancelled_at=None).exists()
    with pytest.raises(Refused) as refusal:
        report_up(incident, actor=chain.worker, at=NINE + 3 * HOUR)
    assert refusal.value.code == "status"


def test_the_page_offers_both_and_shows_who_was_told_when(chain, client, stop_clock):
    incident = stages.dispatched(chain)
    sweep(friday("10:10"))
    climb(friday("11:10"))
    stop_clock(friday("11:20"))
    client.force_login(chain.worker)
    page = reverse("incidents:incident", args=[incident.number])
    assert {"report-up", "report-express"} <= {act.slug for act in client.get(page).context["acts"]}

    for slug, fields in (("report-up", {"reason": ""}), ("report-express", {"reason": "险情。"})):
        url = reverse("incidents:act", args=[incident.number, slug])
        assert client.get(url).status_code == 200
        assert client.post(url, fields).url == page
        assert client.post(url, fields).url == page  # sent again: nothing more
    assert Escalation.objects.count() == 3
    assert client.post(reverse("incidents:act", args=[incident.number, "report-express"]), {}).status_code == 422

    answer = client.get(page)
    assert [way.row.kind for way in answer.context["ways"]] == ["ladder", "up", "express"]
    assert "陈值班" in answer.text
    assert not {"report-up", "report-express"} & {act.slug for act in answer.context["acts"]}
    client.force_login(chain.verifier)
    assert client.get(reverse("incidents:act", args=[incident.number, "report-up"])).status_code == 403


def test_a_way_up_that_reached_nobody_says_so(chain, client):
    Post.objects.exclude(user__in=[chain.worker]).update(ends_on=on("2026-11-19").date())
    incident = stages.report(chain)
    report_up(incident, actor=chain.worker, at=NINE + HOUR)
    client.force_login(chain.worker)

    (way,) = client.get(reverse("incidents:incident", args=[incident.number])).context["ways"]
    assert way.reached_nobody


# -- over the API ----------------------------------------------------------------------------------------------------
def test_over_the_api_it_goes_up_once_and_says_who_was_told(chain, client, stop_clock):
    stop_clock(NINE + HOUR)
    incident = stages.dispatched(chain)

    def send(user, **said):
        client.force_login(user)
        return client.post(f"/api/v1/incidents/{incident.number}/escalations/", said, "application/json")

    assert [send(chain.worker, **said).status_code for said in ({"kind": "ladder"}, {"kind": "express"})] == [400, 400]
    assert send(chain.verifier, kind="up").status_code == 403
    assert send(chain.outsider, kind="up").status_code == 404
    sent = send(chain.worker, kind="express", reason="有坍塌风险。")
    stop_clock(NINE + 2 * HOUR)
    again = send(chain.department, kind="express", reason="又来。")
    assert (sent.status_code, again.status_code, sent.json()) == (201, 200, again.json())
    assert [(step["tier"], step["role"]) for step in sent.json()["steps"]][:1] == [("district", "district_officer")]
    assert send(chain.worker, kind="up").status_code == 201

    services.void(incident, actor=chain.command, note="误报。", at=NINE + 3 * HOUR)
    assert (over := send(chain.worker, kind="up")).status_code == 409
    assert over.json()["code"] == "status"
    ways = client.get(f"/api/v1/incidents/{incident.number}/escalations/").json()
    assert [(way["kind"], way["began_by"], way["cancelled_at"] is None) for way in ways] == [
        ("express", str(chain.worker), False),
        ("up", str(chain.worker), False),
    ]


def test_over_the_api_nobody_sends_up_without_end(chain, client, monkeypatch, stop_clock):
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"move": "2/min"})
    path = f"/api/v1/incidents/{stages.report(chain).number}/escalations/"
    client.force_login(chain.worker)
    answers = []
    for hours in (1, 2, 3):
        stop_clock(NINE + hours * HOUR)
        answers.append(client.post(path, {"kind": "up"}, "application/json").status_code)
    assert answers == [201, 200, 429]
    assert client.get(path).status_code == 200
