"""A board's renewal: its parts alone, made once for everybody who sees the whole of the unit."""

import pytest
from django.urls import reverse

from dispatch.live import renewals
from dispatch.views.board import sees_whole
from grids.models import Ability
from grids.posts import posts_with
from incidents import services
from tests.dispatch.moments import friday
from tests.incidents import stages
from tests.world import post

HTMX = {"HX-Request": "true"}


@pytest.fixture
def kept(monkeypatch):
    """The tests' own transaction keeps nothing; here it does."""
    monkeypatch.setattr(renewals, "_may_keep", lambda: True)


@pytest.mark.parametrize("page", ["dispatch:board_unit", "dispatch:board_wall"])
def test_the_first_answer_serves_whoever_sees_the_same(
    town, client, stop_clock, kept, page, django_assert_max_num_queries, django_capture_on_commit_callbacks
):
    incident = stages.report(town, level=3, at=friday("09:00"))
    stop_clock(friday("10:00"))
    url = reverse(page, args=[town.street_a.code])
    client.force_login(town.leader)
    first = client.get(url, headers=HTMX)
    whole = client.get(url)

    assert "<html" not in first.text
    assert all(f'id="{part}"' in first.text for part in oob_of(whole.text))
    client.force_login(town.command)
    with django_assert_max_num_queries(6):  # who asks, and where they may look
        assert client.get(url, headers=HTMX).text == first.text
    with django_capture_on_commit_callbacks(execute=True):
        services.void(incident, actor=town.command, note="误报", at=friday("10:00"))
    assert client.get(url, headers=HTMX).text != first.text


@pytest.mark.parametrize("page", ["dispatch:board", "dispatch:board_wall"])
def test_one_address_shows_each_reader_the_own_place(town, client, stop_clock, kept, page):
    stages.report(town, level=3, at=friday("09:00"))
    stop_clock(friday("10:00"))
    elsewhere = post("secretary", "何书记", "community_head", town.community_2)
    client.force_login(town.leader)
    assert town.community_1.name in client.get(reverse(page), headers=HTMX).text
    client.force_login(elsewhere)
    assert town.community_1.name not in client.get(reverse(page), headers=HTMX).text


def test_only_a_post_for_the_place_or_above_it_shares(world):
    def sees(who, unit):
        return sees_whole(getattr(world, who), unit)

    assert sees("leader", world.street_a)
    assert sees("leader", world.grid_1)
    assert not sees("leader", world.street_b)
    assert not sees("leader", None)
    assert sees("district_officer", None)
    head = post("head", "冯队长", "department_head", world.enforcement)  # is shown what the department had in hand
    assert posts_with(head, Ability.SEE_BOARD)
    assert not sees_whole(head, world.street_a)


def oob_of(page):
    chosen = page.split('hx-select-oob="')[1].split('"')[0]
    return [part.removeprefix("#").removesuffix(":innerHTML") for part in chosen.split(",")]
