"""Today, Tasks and Verify: the lists of work, for whom, in which order, and what can be done from them."""

import pytest
from django.urls import reverse

from incidents import services
from incidents.models import Incident
from incidents.workflow import Status
from tests.dispatch.moments import friday
from tests.incidents import stages
from tests.incidents.stages import HOUR, MINUTE, NINE
from tests.query_counts import query_count


def get(client, user, page, **query):
    client.force_login(user)
    return client.get(reverse(page), query)


def numbers(rows):
    return [incident.number for incident in rows]


@pytest.mark.parametrize("page", ["dispatch:today", "dispatch:tasks", "dispatch:verify"])
def test_nobody_gets_in_without_a_login(client, db, page):
    assert client.get(reverse(page)).url == f"{reverse('accounts:login')}?next={reverse(page)}"


@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("dispatch:today", "leader"),
        ("dispatch:today", "admin"),
        ("dispatch:tasks", "verifier"),
        ("dispatch:tasks", "register"),
        ("dispatch:verify", "department"),
        ("dispatch:verify", "register"),
    ],
)
def test_a_page_without_the_ability_is_forbidden(world, client, page, who):
    assert get(client, getattr(world, who), page).status_code == 403


@pytest.mark.parametrize(
    ("page", "who", "said"),
    [
        ("dispatch:today", "worker", "没有待办"),
        ("dispatch:tasks", "department", "这里没有任务"),
        ("dispatch:verify", "verifier", "暂无待办"),
    ],
)
def test_an_empty_list_says_what_to_do_next(town, client, page, who, said):
    assert said in get(client, getattr(town, who), page).text


def test_today_puts_the_most_pressing_first_and_counts_down_to_four(town, client, stop_clock):
    late = hand_to_grid(town, stages.report(town, level=1, at=friday("09:00")))
    soon = hand_to_grid(town, stages.report(town, at=friday("10:00")))
    stop_clock(friday("10:30"))

    answer = get(client, town.worker, "dispatch:today")

    assert numbers(answer.context["waiting"]) == [late.number, soon.number]
    assert (answer.context["due"], answer.context["done"]) == (2, 0)
    assert '<strong class="num">2</strong>' in answer.text
    assert reverse("incidents:report") in answer.text


def hand_to_grid(town, incident):
    return services.dispatch(incident, actor=town.command, lead=town.grid_1, at=incident.reported_at + 5 * MINUTE)


def test_today_shows_what_became_of_my_reports_apart(town, client, stop_clock):
    mine = stages.dispatched(town)
    stop_clock(friday("10:00"))

    answer = get(client, town.worker, "dispatch:today")

    assert numbers(answer.context["waiting"]) == []
    assert numbers(answer.context["reported"]) == [mine.number]
    assert numbers(get(client, town.worker2, "dispatch:today").context["reported"]) == []


def test_today_counts_what_i_have_done(town, client, stop_clock):
    services.settle(stages.report(town, level=1), actor=town.worker, measures="已劝离。", at=NINE + HOUR)
    stop_clock(friday("15:00"))

    context = get(client, town.worker, "dispatch:today").context

    assert (context["due"], context["done"], context["planned"]) == (0, 1, 1)


def test_today_after_four_speaks_of_tomorrow(town, client, stop_clock):
    hand_to_grid(town, stages.report(town, at=friday("17:00")))
    stop_clock(friday("17:30"))

    answer = get(client, town.worker, "dispatch:today")

    assert "明天 16:00 前还有" in answer.text


def test_today_in_english(town, client, stop_clock):
    town.worker.language = "en"
    town.worker.save(update_fields=["language"])
    hand_to_grid(town, stages.report(town))
    stop_clock(friday("10:00"))

    answer = get(client, town.worker, "dispatch:today")

    assert "more before 16:00" in " ".join(answer.text.split())
    assert "待我办理" not in answer.text


@pytest.mark.parametrize("count", [1, 4])
def test_today_asks_the_same_number_of_queries_for_any_number_of_rows(town, client, count):
    for _index in range(count):
        hand_to_grid(town, stages.report(town))
    client.force_login(town.worker)
    with query_count("dispatch:today"):
        client.get(reverse("dispatch:today"))


@pytest.mark.parametrize(
    ("stage", "tab"),
    [
        (stages.dispatched, "sign"),
        (stages.in_progress, "handle"),
        (stages.handled, "handed_on"),
        (stages.returned, "returned"),
    ],
)
def test_a_task_stands_in_the_list_of_what_it_needs(world, client, stage, tab):
    incident = stage(world)

    assert numbers(get(client, world.department, "dispatch:tasks", tab=tab).context["page"]) == [incident.number]
    assert numbers(get(client, world.police_officer, "dispatch:tasks", tab=tab).context["page"]) == []


def test_tasks_open_with_the_first_list_that_holds_anything(world, client):
    stages.in_progress(world)

    assert get(client, world.department, "dispatch:tasks").context["tab"] == "handle"


def test_one_press_signs_and_comes_back(world, client):
    incident = stages.dispatched(world)
    page = get(client, world.department, "dispatch:tasks").text
    url = reverse("incidents:act", args=[incident.number, "sign"])
    assert f'action="{url}"' in page

    answer = client.post(url, {"next": reverse("dispatch:tasks")})

    assert answer.url == reverse("dispatch:tasks")
    assert Incident.objects.get().status == Status.IN_PROGRESS


def test_rework_is_marked(world, client):
    services.reject(stages.handled(world), actor=world.verifier, note="仍有杂物。", at=NINE + 2 * HOUR)

    assert "返工" in get(client, world.department, "dispatch:tasks").text


def test_verify_shows_results_of_others_in_the_own_area(world, client):
    incident = stages.handled(world)

    assert numbers(get(client, world.verifier, "dispatch:verify").context["page"]) == [incident.number]
    assert numbers(get(client, world.outsider, "dispatch:verify").context["page"]) == []


def test_each_kind_of_check_is_offered_to_whoever_may_do_it(world, client):
    incident = stages.asked_to_suspend(world)
    labels = [str(tab["label"]) for tab in get(client, world.leader, "dispatch:verify").context["tabs"]]

    assert labels == ["待审批挂账", "待审批延期"]
    assert numbers(get(client, world.leader, "dispatch:verify").context["page"]) == [incident.number]
    assert len(get(client, world.command, "dispatch:verify").context["tabs"]) == 4


def test_closed_incidents_wait_for_their_evaluation(world, client, stop_clock):
    incident = stages.closed(world)
    stop_clock(friday("15:00"))

    answer = get(client, world.command, "dispatch:verify", tab="evaluate")

    assert numbers(answer.context["page"]) == [incident.number]
    assert "评价" in answer.text


@pytest.mark.parametrize(("page", "who"), [("dispatch:tasks", "department"), ("dispatch:verify", "verifier")])
def test_lists_of_work_ask_a_fixed_number_of_queries(world, client, page, who):
    for stage in (stages.dispatched, stages.dispatched, stages.handled, stages.handled):
        stage(world)
    client.force_login(getattr(world, who))
    with query_count(page):
        client.get(reverse(page))
