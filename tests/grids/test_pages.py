"""Looking at the tree: who sees which part of it, with which numbers."""

import pytest
from django.test import Client
from django.urls import reverse

from grids import tree
from grids.models import Kind
from tests.grids.acts import BECAUSE
from tests.query_counts import query_count
from tests.world import World


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return str(response.content.decode())


def unit_url(unit: object) -> str:
    return reverse("grids:unit", args=[unit.code])


def test_the_tree_begins_at_the_users_own_units(client: Client, world: World) -> None:
    client.force_login(world.worker)
    page = text_of(client, reverse("grids:tree"))
    assert "1网格" in page
    assert "2网格" not in page
    client.force_login(world.district_officer)
    page = text_of(client, reverse("grids:tree"))
    assert "大碶街道" in page
    assert "新碶街道" in page


def test_a_departments_officer_begins_at_its_street(client: Client, world: World) -> None:
    client.force_login(world.department)
    page = text_of(client, reverse("grids:tree"))
    assert "大碶街道" in page
    assert "新碶街道" not in page


def test_plain_links_lead_down_with_counts_of_what_is_in_use(client: Client, world: World) -> None:
    tree.retire_unit(world.micro_2, **BECAUSE)
    client.force_login(world.command)
    page = text_of(client, reverse("grids:tree"))
    assert f"{reverse('grids:tree')}?at={world.street_a.code}" in page
    branch = client.get(reverse("grids:tree"), {"at": world.street_a.code}).context["branches"]
    assert {row.unit.name: row.counts for row in branch} == {
        "高田王村": {"community": 1, "grid": 2, "micro_grid": 3, "household": 1},
        "牌门社区": {"community": 1, "grid": 2, "micro_grid": 4},
    }


def test_an_area_counts_what_its_communities_hold(client: Client, world: World) -> None:
    area = tree.add_unit(world.street_a, kind=Kind.AREA, name="东片区", **BECAUSE)
    tree.move_unit(world.community_1, parent=area, **BECAUSE)
    client.force_login(world.command)
    response = client.get(reverse("grids:tree"), {"at": world.street_a.code})
    counts = {row.unit.name: row.counts for row in response.context["branches"]}
    assert counts["东片区"] == {"community": 1, "grid": 2, "micro_grid": 4, "household": 1}
    assert "东片区" in text_of(client, unit_url(world.grid_1))  # in the line above the grid


@pytest.mark.parametrize("place", ["grid_2", "street_b", "micro_b"])
def test_a_foreign_unit_and_a_missing_one_answer_alike(client: Client, world: World, place: str) -> None:
    client.force_login(world.worker)
    unit = getattr(world, place)
    assert client.get(unit_url(unit)).status_code == 404
    assert client.get(reverse("grids:tree"), {"at": unit.code}).status_code == 404
    assert client.get(reverse("grids:unit", args=["330206003299"])).status_code == 404
    assert client.get(reverse("grids:tree"), {"at": "\x00"}).status_code == 200


def test_strangers_are_sent_to_the_login(client: Client, world: World) -> None:
    for url in (reverse("grids:tree"), unit_url(world.grid_1)):
        assert reverse("accounts:login") in client.get(url)["Location"]


def test_somebody_without_a_post_is_told_what_to_do(client: Client, world: World) -> None:
    world.worker.posts.update(ends_on="2026-01-02")
    client.force_login(world.worker)
    assert not client.get(reverse("grids:tree")).context["branches"]


def test_a_unit_shows_facts_people_children_and_history(client: Client, world: World) -> None:
    tree.rename_unit(world.grid_1, name="新村网格", actor=world.register, reason="按村民习惯")
    client.force_login(world.command)
    page = text_of(client, unit_url(world.grid_1))
    for said in (
        "新村网格",
        world.grid_1.code,
        "王网格",
        "1微网格",
        "2微网格",
        "按村民习惯",
        "钱台账",
        "1网格 → 新村网格",
    ):
        assert said in page, said


def test_a_retired_unit_stays_readable_and_offers_nothing(client: Client, world: World) -> None:
    tree.retire_unit(world.micro_3, successors=[world.micro_4], **BECAUSE)
    client.force_login(world.register)
    page = text_of(client, unit_url(world.micro_3))
    assert unit_url(world.micro_4) in page
    assert reverse("grids:edit", args=[world.micro_3.code]) not in page
    assert unit_url(world.micro_3) in text_of(client, unit_url(world.grid_2))


def test_the_breadcrumb_links_only_what_the_user_may_open(client: Client, world: World) -> None:
    client.force_login(world.worker)
    trail = client.get(unit_url(world.micro_1)).context["trail"]
    assert [(name, bool(url)) for name, url in trail] == [
        ("大碶街道", False),
        ("高田王村", False),
        ("1网格", True),
        ("1微网格", True),
    ]


def test_search_finds_by_name_and_code_within_the_area(client: Client, world: World) -> None:
    client.force_login(world.command)

    def found(text: str) -> list[str]:
        return [row.unit.name for row in client.get(reverse("grids:tree"), {"q": text}).context["branches"]]

    assert found("牌门") == ["牌门社区", "牌门小学"]
    assert found(world.micro_1.code) == ["1微网格", "新村三组12号"]
    assert found(world.street_b.code) == []
    assert found("没有这个") == []
    assert found("\x00牌门小") == ["牌门小学"]


def test_a_household_isnt_found_by_where_it_is(client: Client, world: World) -> None:
    client.force_login(world.command)
    assert client.get(reverse("grids:tree"), {"q": "新村三组12号"}).context["branches"] == []


def test_lists_ask_the_same_number_of_queries_whatever_their_length(client: Client, world: World) -> None:
    client.force_login(world.command)
    for number in range(5):
        tree.add_unit(world.grid_1, kind=Kind.MICRO_GRID, name=f"新{number}", **BECAUSE)
    client.get(reverse("grids:tree"))  # the first page of a session writes the session
    with query_count("grids:tree"):
        client.get(reverse("grids:tree"), {"at": world.grid_1.code})
    with query_count("grids:unit"):
        client.get(unit_url(world.grid_1))
