"""Many incidents dispatched at once: each by itself, nothing twice, every refusal with its reason."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts.errors import Refused
from dispatch import bulk
from incidents import services
from incidents.models import Incident, StatusChange
from incidents.workflow import Act, Status
from tests.incidents import stages
from tests.incidents.stages import HOUR, NINE
from tests.world import PASSWORD

TOGETHER = reverse("dispatch:queue_together")


@pytest.fixture
def three(world):
    """Two that wait for triage, and one that is with somebody already."""
    return [stages.report(world), stages.report(world), stages.in_progress(world)]


def test_one_refusal_stops_no_other_and_the_same_call_changes_nothing(world, three, monkeypatch):
    send = {"actor": world.command, "lead": world.police, "assisting": [world.enforcement], "note": "请今日到场。"}
    first = bulk.dispatch_each(three, **send, at=NINE + 3 * HOUR)
    again = bulk.dispatch_each(three, **send, at=NINE + 4 * HOUR)

    assert [outcome.went for outcome in first] == [outcome.went for outcome in again] == [True, True, False]
    assert "处置中" in first[2].refusal
    assert [Incident.objects.get(pk=one.pk).status for one in three[:2]] == [Status.DISPATCHED] * 2
    assert StatusChange.objects.filter(incident__in=three[:2], act=Act.DISPATCH).count() == 2

    outcomes = bulk.dispatch_each([three[0]], actor=world.outsider, lead=world.police)
    assert outcomes[0].refusal
    monkeypatch.setattr(services, "dispatch", lambda *args, **kwargs: 1 / 0)
    assert bulk.dispatch_each(three[:1], **send)[0].refusal  # said and logged, and the next would go on


@pytest.mark.parametrize(("count", "code"), [(0, "none"), (bulk.MOST + 1, "many")])
def test_none_and_too_many_are_refused_as_a_whole(count, code):
    with pytest.raises(Refused) as refusal:
        bulk.dispatch_each([Incident(pk=number + 1) for number in range(count)], actor=None, lead=None)
    assert refusal.value.code == code


def test_the_page_shows_what_was_selected_and_says_what_became_of_each(world, three, client):
    foreign = stages.report(world, unit=world.micro_b, actor=world.outsider)
    numbers = [one.number for one in (*three, foreign)]
    back = f"{reverse('dispatch:queue')}?tab=to_triage"
    client.force_login(world.command)

    page = client.get(TOGETHER, {"number": numbers, "next": back})
    assert {row.number for row in page.context["incidents"]} == {one.number for one in three}
    assert world.police in page.context["form"].fields["lead"].queryset
    assert client.post(TOGETHER, {"number": numbers}).status_code == 422  # no lead

    answer = client.post(TOGETHER, {"number": numbers, "lead": world.police.code, "next": back})
    assert {one.incident.number for one in answer.context["went"]} == {one.number for one in three[:2]}
    assert [one.incident.number for one in answer.context["refused"]] == [three[2].number]
    assert back in answer.text
    assert Incident.objects.get(pk=foreign.pk).status == Status.REPORTED


def test_without_a_selection_or_the_right_there_is_no_page(world, client):
    client.force_login(world.command)
    assert client.get(TOGETHER, {"next": "https://elsewhere.example/"}).url == reverse("dispatch:queue")
    client.force_login(world.worker)
    assert client.get(TOGETHER).status_code == 403


def test_what_was_unticked_stays_so_when_the_login_expires_over_the_form(world, three, client):
    numbers = [one.number for one in three]
    client.force_login(world.command)
    client.get(TOGETHER, {"number": numbers})
    sent = {"form_owner": world.command.pk, "number": numbers[:1], "lead": world.police.code, "note": "请今日到场。"}
    client.cookies.clear()
    kept = client.post(f"{TOGETHER}?{urlencode({'number': numbers}, doseq=True)}", sent)
    client.post(kept.url, {"username": world.command.username, "password": PASSWORD})
    page = client.get(TOGETHER, {"number": numbers})
    assert "请今日到场。" in page.text
    assert {row.number for row in page.context["incidents"]} == set(numbers)
    assert page.context["ticked"] == set(numbers[:1])
    assert Incident.objects.filter(status=Status.DISPATCHED).count() == 0


def test_merging_more_than_can_lie_side_by_side_says_which_do_not(world, client):
    numbers = [stages.report(world).number for _each in range(7)]
    client.force_login(world.command)
    page = client.get(reverse("dispatch:queue_merge"), {"number": numbers}, follow=True)
    (said,) = page.context["messages"]
    assert [number in str(said) for number in numbers].count(True) == 1
