"""The command room's queue: tabs, filter, order, its renewal without a jump, and the panel beside it."""

import pytest
from django.urls import reverse

from dispatch.overview.queue import Tab
from incidents import services
from incidents.models import Incident
from incidents.workflow import OPEN, Status
from tests.dispatch.moments import friday
from tests.incidents import stages
from tests.incidents.stages import HOUR, NINE
from tests.query_counts import query_count

QUEUE, NEWS = "dispatch:queue", "dispatch:queue_news"


def get(client, user, name=QUEUE, **query):
    client.force_login(user)
    return client.get(reverse(name), query)


def numbers(answer):
    return [incident.number for incident in answer.context["rows"]]


@pytest.mark.parametrize("who", ["worker", "department", "verifier", "leader", "admin"])
def test_only_the_command_room_sees_the_queue(world, client, who):
    incident = stages.report(world)
    client.force_login(getattr(world, who))

    assert client.get(reverse(QUEUE)).status_code == 403
    assert client.get(reverse(NEWS)).status_code == 403
    assert client.get(reverse("dispatch:queue_panel", args=[incident.number])).status_code == 403


@pytest.mark.parametrize(
    ("status", "tab"),
    [
        (Status.REPORTED, Tab.TO_TRIAGE),
        (Status.DISPATCHED, Tab.TO_SIGN),
        (Status.IN_PROGRESS, Tab.RUNNING),
        (Status.HANDLED, Tab.TO_VERIFY),
        (Status.RETURNED, Tab.RETURNED),
        (Status.SUSPENDED, Tab.SUSPENDED),
    ],
)
def test_each_status_has_its_tab(town, client, stop_clock, status, tab):
    incident = stages.STAGES[status](town)
    stop_clock(NINE + HOUR)

    answer = get(client, town.command, tab=tab)

    assert numbers(answer) == [incident.number]
    assert {each["count"] for each in answer.context["tabs"] if each["active"]} == {1}


def test_what_has_ended_stands_in_no_tab(town, client):
    for status in (Status.CLOSED, Status.ARCHIVED, Status.MERGED, Status.VOID):
        stages.STAGES[status](town)
    survivor = Incident.objects.get(status__in=OPEN)  # which the merged one went into
    client.force_login(town.command)
    for tab in Tab:
        assert set(numbers(client.get(reverse(QUEUE), {"tab": tab}))) <= {survivor.number}


def test_the_least_time_left_comes_first(town, client, stop_clock):
    later = stages.report(town, at=friday("09:30"))
    sooner = stages.report(town, level=1, at=friday("09:40"))
    stop_clock(friday("10:00"))

    assert numbers(get(client, town.command)) == [sooner.number, later.number]


def test_overdue_is_a_matter_of_the_clock_and_not_of_the_status(town, client, stop_clock):
    incident = stages.dispatched(town)
    stages.suspended(town)

    stop_clock(friday("10:00"))
    assert numbers(get(client, town.command, tab="overdue")) == []
    stop_clock(friday("16:30"))
    assert numbers(get(client, town.command, tab="overdue")) == [incident.number]


def test_another_streets_room_and_the_district(town, client):
    incident = stages.report(town)

    assert numbers(get(client, town.outsider)) == []
    assert numbers(get(client, town.district_officer)) == [incident.number]


def test_the_filter_narrows_rows_and_counts(town, client):
    here = stages.report(town, level=3)
    stages.report(town, unit=town.micro_5, actor=town.command)
    narrowed = get(client, town.command, place=town.community_1.pk)

    assert numbers(narrowed) == [here.number]
    assert narrowed.context["tabs"][0]["count"] == 1
    assert numbers(get(client, town.command, level="3")) == [here.number]
    assert numbers(get(client, town.command, number=here.number[-4:])) == [here.number]


@pytest.mark.parametrize(
    "query", [{"tab": "nonsense"}, {"level": "9"}, {"place": "x"}, {"number": "张三"}, {"page": "999"}, {"group": "99"}]
)
def test_nonsense_in_the_address_narrows_nothing(town, client, query):
    incident = stages.report(town)

    assert numbers(get(client, town.command, **query)) == [incident.number]


def test_a_foreign_place_narrows_nothing(town, client):
    incident = stages.report(town)

    assert numbers(get(client, town.command, place=town.community_b.pk)) == [incident.number]


def test_an_empty_queue_says_so(town, client):
    assert "这里没有事件" in get(client, town.command).text


def test_renewal_keeps_rows_and_order_and_only_counts_what_is_new(town, client, stop_clock):
    second = stages.report(town, at=friday("09:30"))
    first = stages.report(town, level=1, at=friday("09:40"))
    stop_clock(friday("09:50"))
    shown = numbers(get(client, town.command))
    services.dispatch(first, actor=town.command, lead=town.police, at=friday("09:55"))
    stages.report(town, level=1, at=friday("09:56"))
    stop_clock(friday("10:00"))

    answer = get(client, town.command, NEWS, shown=shown, since=friday("09:50").isoformat())

    assert numbers(answer) == shown == [first.number, second.number]
    assert [hasattr(row, "has_left") for row in answer.context["rows"]] == [True, False]
    assert answer.context["news"] == 1
    assert "1 条新事件" in answer.text
    assert "<html" not in answer.text


def test_renewal_tells_what_became_overdue(town, client, stop_clock):
    stages.report(town, level=1, at=friday("09:00"))
    stop_clock(friday("10:30"))

    answer = get(client, town.command, NEWS, tab="overdue", since=friday("09:50").isoformat())

    assert (numbers(answer), answer.context["news"]) == ([], 1)


@pytest.mark.parametrize("since", ["", "yesterday", "2026-13-40T00:00", "2026-11-20T09:00"])
def test_renewal_survives_a_broken_moment(town, client, since):
    stages.report(town)

    assert get(client, town.command, NEWS, since=since, shown=["nonsense"]).context["news"] == 0


def test_renewal_shows_no_foreign_incident(town, client):
    incident = stages.report(town)

    assert numbers(get(client, town.outsider, NEWS, shown=[incident.number])) == []


def test_the_panel_dispatches_and_comes_back_to_the_same_list(town, client, stop_clock):
    incident = stages.report(town)
    twin = stages.report(town)
    stop_clock(NINE + HOUR)
    client.force_login(town.command)
    behind = f"http://testserver{reverse(QUEUE)}?tab=to_triage&level=2"

    panel = client.get(reverse("dispatch:queue_panel", args=[incident.number]), headers={"HX-Current-URL": behind})

    assert twin.number in panel.text
    assert list(panel.context["forms"]) == ["triage", "dispatch"]
    assert panel.context["back"] == f"{reverse(QUEUE)}?tab=to_triage&level=2"
    form = panel.context["forms"]["dispatch"]
    answer = client.post(
        reverse("incidents:act", args=[incident.number, "dispatch"]),
        {"lead": form.initial["lead"], "next": panel.context["back"]},
    )
    assert answer.url == panel.context["back"]
    assert Incident.objects.get(pk=incident.pk).status == Status.DISPATCHED


def test_the_panel_of_a_running_incident_offers_no_dispatch(town, client):
    client.force_login(town.command)
    panel = client.get(reverse("dispatch:queue_panel", args=[stages.in_progress(town).number]))

    assert "dispatch" not in panel.context["forms"]


def test_a_foreign_and_a_missing_incident_have_no_panel(town, client):
    incident = stages.report(town)
    client.force_login(town.outsider)

    assert client.get(reverse("dispatch:queue_panel", args=[incident.number])).status_code == 404
    assert client.get(reverse("dispatch:queue_panel", args=["20261120-330206003-9999"])).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("page", [QUEUE, NEWS])
def test_the_queue_asks_a_fixed_number_of_queries(town, client, page, count):
    shown = [stages.report(town).number for _index in range(count)]
    client.force_login(town.command)
    with query_count(page):
        client.get(reverse(page), {"shown": shown})


def test_what_is_selected_is_laid_side_by_side(town, client):
    first, second = stages.report(town, level=1, at=friday("09:30")), stages.report(town, at=friday("09:40"))
    client.force_login(town.command)
    url = reverse("dispatch:queue_merge")

    page = client.get(url, {"number": [second.number, first.number], "next": f"{reverse(QUEUE)}?level=2"}, follow=True)

    form = page.context["form"]
    assert [side.incident for side in form.sides] == [first, second]  # the more pressing one first
    assert form.initial["also"] == [second.number]
    assert page.context["next"] == f"{reverse(QUEUE)}?level=2"
    assert client.get(url, {"number": ["nonsense"]}).url == reverse(QUEUE)
