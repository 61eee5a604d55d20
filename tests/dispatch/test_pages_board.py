"""The board: five numbers, the table down the tree, and the incidents behind every number."""

import pytest
from django.urls import reverse

from dispatch.overview.board import Show
from incidents import services
from tests.dispatch.moments import friday
from tests.incidents import stages
from tests.incidents.stages import MINUTE, NINE
from tests.query_counts import query_count
from tests.world import post

BOARD = "dispatch:board"


def open_board(client, user, unit=None):
    client.force_login(user)
    return client.get(reverse("dispatch:board_unit", args=[unit.code]) if unit else reverse(BOARD))


def behind(client, user, show, unit=None):
    client.force_login(user)
    if unit is None:
        return client.get(reverse("dispatch:board_district_incidents", args=[show]))
    return client.get(reverse("dispatch:board_incidents", args=[unit.code, show]))


def table(answer):
    return [(row.unit.name if row.unit else None, row.figures.open) for row in answer.context["picture"].rows]


@pytest.mark.parametrize("who", ["worker", "department", "register_clerk", "admin"])
def test_without_the_ability_there_is_no_board(world, client, who):
    user = getattr(world, who, None) or post("register_clerk", "无关", "volunteer", world.grid_1)

    assert open_board(client, user).status_code == 403
    assert open_board(client, user, world.grid_1).status_code == 403
    assert behind(client, user, Show.OPEN, world.grid_1).status_code == 403


def test_the_leader_begins_with_the_street_and_goes_down(world, client):
    stages.report(world)
    stages.report(world, unit=world.community_1, actor=world.command)

    assert table(open_board(client, world.leader)) == [("高田王村", 2), ("牌门社区", 0)]
    assert table(open_board(client, world.leader, world.community_1)) == [("1网格", 1), ("2网格", 0), (None, 1)]
    assert table(open_board(client, world.leader, world.grid_1)) == [("1微网格", 1), ("2微网格", 0)]
    assert table(open_board(client, world.leader, world.micro_1)) == []


def test_the_district_begins_with_its_streets(world, client):
    stages.report(world)

    answer = open_board(client, world.district_officer)

    assert table(answer) == [("大碶街道", 1), ("新碶街道", 0)]
    assert "全区" in answer.text


def test_the_worst_place_stands_first(town, client, stop_clock):
    for _index in range(3):
        stages.report(town, unit=town.micro_5, actor=town.command, at=friday("11:00"))
    stages.report(town, level=1, at=friday("09:00"))
    stop_clock(friday("11:30"))

    assert table(open_board(client, town.leader)) == [("高田王村", 1), ("牌门社区", 3)]


def test_five_numbers_and_what_lies_behind_them(town, client, stop_clock):
    overdue = stages.report(town, level=1, at=friday("09:00"))
    due = stages.report(town, level=3, at=friday("13:00"))
    closed = services.settle(stages.report(town, level=1), actor=town.worker, measures="已劝离。", at=friday("09:01"))
    stop_clock(friday("14:00"))

    figures = open_board(client, town.leader).context["picture"].total

    assert (figures.open, figures.overdue, figures.due_today, figures.closed_today, figures.serious) == (2, 1, 1, 1, 1)
    found = {
        show: [row.number for row in behind(client, town.leader, show, town.street_a).context["page"]] for show in Show
    }
    assert found == {
        Show.OPEN: [overdue.number, due.number],
        Show.OVERDUE: [overdue.number],
        Show.DUE: [due.number],
        Show.CLOSED: [closed.number],
        Show.SERIOUS: [due.number],
    }


def test_level_three_and_up_is_listed_beside_the_table(world, client):
    serious = stages.report(world, level=3)
    stages.report(world, level=2)

    assert [one.incident for one in open_board(client, world.leader).context["picture"].serious] == [serious]


def test_a_foreign_a_missing_and_a_door_give_404(world, client):
    assert open_board(client, world.leader, world.street_b).status_code == 404
    assert open_board(client, world.leader, world.household_1).status_code == 404
    assert behind(client, world.leader, Show.OPEN, world.street_b).status_code == 404
    assert behind(client, world.leader, "nonsense", world.street_a).status_code == 404
    assert behind(client, world.leader, Show.OPEN).status_code == 404  # the district's list is for the district
    assert client.get("/board/999999999/").status_code == 404


def test_the_way_back_ends_where_the_own_area_ends(world, client):
    grid_leader = post("grid_leader", "何网格长", "grid_leader", world.grid_1)

    trail = open_board(client, grid_leader, world.micro_1).context["trail"]

    assert [name for name, _url in trail] == ["1网格", "1微网格"]
    assert open_board(client, grid_leader, world.community_1).status_code == 404


def test_a_department_counts_its_own_and_says_so(world, client):
    head = post("head", "许队长", "department_head", world.enforcement)
    stages.dispatched(world)
    stages.report(world)

    answer = open_board(client, head)

    assert answer.context["picture"].total.open == 1
    assert "只统计本部门经办的事件" in answer.text


def test_an_empty_board_is_calm(world, client):
    answer = open_board(client, world.leader)

    assert "没有三级及以上的在办事件" in answer.text
    assert "目前没有符合的事件" in behind(client, world.leader, Show.OVERDUE, world.street_a).text


def test_boards_ask_a_fixed_number_of_queries(world, client):
    for unit in (world.micro_1, world.micro_5, world.micro_7):
        services.dispatch(
            stages.report(world, level=3, unit=unit, actor=world.command),
            actor=world.command,
            lead=world.police,
            at=NINE + MINUTE,
        )
    client.force_login(world.leader)
    with query_count(BOARD):
        client.get(reverse(BOARD))
    with query_count("dispatch:board_incidents"):
        client.get(reverse("dispatch:board_incidents", args=[world.street_a.code, Show.OPEN]))


def test_the_wall_shows_the_same_figures_eight_places_at_a_time(town, client, stop_clock):
    stages.report(town, level=3, at=friday("09:00"))
    stop_clock(friday("10:00"))
    client.force_login(town.leader)
    url = reverse("dispatch:board_wall", args=[town.street_a.code])

    answer = client.get(url)

    assert answer.context["picture"].total.open == 1
    assert [[row.unit.name for row, _tone, _sign in screen] for screen in answer.context["screens"]] == [
        ["高田王村", "牌门社区"]
    ]
    assert 'data-theme="dark"' in answer.text
    assert 'class="side"' not in answer.text
    assert client.get(url.replace("wall/", "tables.xlsx"))["Content-Type"].endswith("spreadsheetml.sheet")
