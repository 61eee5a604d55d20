"""Giving and ending posts."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

import clock
from accounts.errors import Forbidden, Refused
from accounts.models import User
from grids import tree
from grids.models import Ability, Post, Role
from grids.posts import has_ability, label, label_said
from grids.selectors import visible_to
from grids.staffing import end_post, give_post
from tests.grids.acts import BECAUSE
from tests.world import World

TODAY = date(2026, 5, 20)


@pytest.fixture(autouse=True)
def _a_day_in_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def give(world: World, **changes: Any) -> Post:
    wanted: dict[str, Any] = {
        "user": world.outsider,
        "role": role("grid_worker"),
        "place": world.grid_2,
        "starts_on": TODAY,
        "actor": world.register,
    }
    wanted |= changes
    return give_post(wanted.pop("user"), **wanted)


def test_a_post_opens_its_area_from_its_first_day_to_its_last(world: World) -> None:
    give(world, starts_on=date(2026, 5, 21), ends_on=date(2026, 5, 22))
    for day, sees in ((20, False), (21, True), (22, True), (23, False)):
        world.outsider.__dict__.pop("_own_posts", None)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "today", lambda day=day: date(2026, 5, day))
            assert visible_to(world.outsider).filter(pk=world.micro_3.pk).exists() is sees


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_on": date(2026, 5, 19)}, "order"),
        ({"user": "register"}, "own"),
        ({"user": "worker2"}, "held"),
        ({"role": "system_admin"}, "guarded"),
        ({"role": "auditor"}, "guarded"),
    ],
)
def test_a_post_that_makes_no_sense_is_refused(world: World, changes: dict[str, Any], code: str) -> None:
    known = {"register": world.register, "worker2": world.worker2}
    resolved = {name: known.get(value, value) if name == "user" else value for name, value in changes.items()}
    if "role" in resolved:
        resolved["role"] = role(resolved["role"])
    before = Post.objects.count()
    with pytest.raises(Refused) as refusal:
        give(world, **resolved)
    assert refusal.value.code == code
    assert Post.objects.count() == before


def test_who_manages_posts_elsewhere_gives_none_here(world: World) -> None:
    with pytest.raises(Forbidden):
        give(world, place=world.grid_b)
    with pytest.raises(Forbidden):
        give(world, actor=world.command)


def test_a_retired_unit_and_a_switched_off_account_take_no_post(world: World) -> None:
    tree.retire_unit(world.micro_2, **BECAUSE)
    with pytest.raises(Refused, match="2微网格"):
        give(world, place=world.micro_2)
    User.objects.filter(pk=world.outsider.pk).update(is_active=False)
    with pytest.raises(Refused):
        give(world)


def test_a_post_may_be_held_again_after_it_ended(world: World) -> None:
    post = world.worker2.posts.get()
    end_post(post, last_day=TODAY, actor=world.register)
    assert give(world, user=world.worker2, starts_on=date(2026, 5, 21)).pk != post.pk


def test_ending_takes_the_rights_the_next_day_and_keeps_the_row(world: World) -> None:
    post = end_post(world.worker.posts.get(), last_day=date(2026, 5, 19), actor=world.register)
    assert (post.starts_on, post.ends_on) == (date(2026, 1, 1), date(2026, 5, 19))
    assert not has_ability(world.worker, Ability.REPORT, world.micro_1)
    assert end_post(post, last_day=date(2026, 5, 19), actor=world.register).ends_on == date(2026, 5, 19)


@pytest.mark.parametrize(
    ("last_day", "code"),
    [(date(2025, 12, 31), "order"), (date(2026, 5, 18), "past")],
)
def test_an_end_that_rewrites_the_past_is_refused(world: World, last_day: date, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        end_post(world.worker.posts.get(), last_day=last_day, actor=world.register)
    assert refusal.value.code == code


def test_who_gave_and_who_ended_a_post_is_kept(world: World) -> None:
    given = give_post(
        world.outsider,
        role=Role.objects.get(code="volunteer"),
        place=world.grid_1,
        starts_on=date(2026, 11, 1),
        actor=world.register,
    )
    assert (given.given_by, given.ended_by) == (world.register, None)
    assert end_post(given, last_day=date(2099, 1, 1), actor=world.register).ended_by == world.register


def test_an_ended_post_isnt_prolonged(world: World) -> None:
    post = end_post(world.worker.posts.get(), last_day=TODAY, actor=world.register)
    with pytest.raises(Refused) as refusal:
        end_post(post, last_day=date(2026, 6, 1), actor=world.register)
    assert refusal.value.code == "ended"


def test_others_end_nothing(world: World) -> None:
    with pytest.raises(Forbidden):
        end_post(world.worker.posts.get(), last_day=TODAY, actor=world.command)


def test_posts_are_given_and_ended_from_the_units_page(client: Client, world: World) -> None:
    client.force_login(world.register)
    url = reverse("grids:give_post", args=[world.grid_2.code])
    assert client.get(url).status_code == 200
    typed = {"user": world.outsider.pk, "role": role("volunteer").pk, "employment": "volunteer", "starts_on": TODAY}
    assert client.post(url, typed).status_code == 302
    assert client.post(url, typed).status_code == 422  # pressed twice: held already
    post = Post.objects.get(user=world.outsider, unit=world.grid_2)
    unit_page = reverse("grids:unit", args=[world.grid_2.code])
    assert "沈外街" in client.get(unit_page).content.decode()
    end = reverse("grids:end_post", args=[world.grid_2.code, post.pk])
    assert client.get(end).status_code == 200
    assert client.post(end, {"last_day": "2026-02-31"}).status_code == 422
    assert client.post(end, {"last_day": "2026-05-20"}).status_code == 302
    post.refresh_from_db()
    assert post.ends_on == TODAY


@pytest.mark.parametrize(("who", "status"), [("worker2", 403), ("command", 403), ("outsider", 404)])
def test_others_get_no_page_for_posts(client: Client, world: World, who: str, status: int) -> None:
    client.force_login(getattr(world, who))
    post = world.worker2.posts.get()
    for url in (
        reverse("grids:give_post", args=[world.grid_2.code]),
        reverse("grids:end_post", args=[world.grid_2.code, post.pk]),
    ):
        assert client.post(url, {}).status_code == status


def test_a_post_of_another_unit_isnt_found(client: Client, world: World) -> None:
    client.force_login(world.register)
    url = reverse("grids:end_post", args=[world.grid_2.code, world.worker.posts.get().pk])
    assert client.get(url).status_code == 404


def test_a_recorded_post_is_read_in_the_readers_language(world: World) -> None:
    recorded = [label(user.posts.get()) for user in (world.department, world.worker)] + ["大碶街道 本街道自设岗位", ""]
    assert [label_said(each) for each in recorded] == recorded
    with translation.override("en"):
        said = [label_said(each) for each in recorded]
    assert said == [
        "Comprehensive Enforcement Team Department officer",
        f"{world.grid_1.name} Grid worker",
        "大碶街道 本街道自设岗位",
        "",
    ]
