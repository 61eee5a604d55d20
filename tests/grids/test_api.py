"""Units over the API."""

import pytest
from django.test import Client

from tests.query_counts import query_count
from tests.world import World

UNITS = "/api/v1/units/"


def names(client: Client, query: str) -> list[str]:
    return [row["name"] for row in client.get(f"{UNITS}?{query}").json()["results"]]


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=community", ["牌门社区", "高田王村"]),
        ("kind=grid&search=1网格", ["1网格"]),
        ("parent=330206003", ["牌门社区", "高田王村"]),
        ("search=牌门小学", ["牌门小学"]),
        ("search=330206003201", None),
        ("is_live=false", []),
    ],
)
def test_units_are_found_by_parent_kind_and_words(world: World, query: str, found: list[str] | None) -> None:
    listed = names(as_(world.command), query)
    assert listed == found if found is not None else all(listed)


def test_a_unit_is_read_by_its_code(world: World) -> None:
    shown = as_(world.worker).get(f"{UNITS}{world.micro_1.code}/").json()
    assert (shown["name"], shown["full_name"]) == ("1微网格", "高田王村 1网格 1微网格")
    assert shown["parent"] == world.grid_1.code


def test_a_foreign_unit_and_a_missing_one_answer_alike(world: World) -> None:
    client = as_(world.outsider)
    foreign, missing = (client.get(f"{UNITS}{code}/") for code in (world.micro_1.code, "330206999"))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() == missing.json()


def test_nobody_writes_the_tree_over_the_api(world: World) -> None:
    assert as_(world.register).post(UNITS, {}, content_type="application/json").status_code == 405
    assert Client().get(UNITS).status_code == 401


def test_a_list_asks_the_same_number_of_queries_for_one_row_and_for_many(world: World) -> None:
    client = as_(world.command)
    client.get(UNITS)
    with query_count("api:unit-list"):
        client.get(UNITS)
