"""Changing the tree from a page: who may, what is asked, and what happens to what was typed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from grids.models import Kind, Unit, UnitChange
from tests.grids.acts import assert_sound, fresh
from tests.world import World

ACTS = ("add", "edit", "move", "retire")


def url(act: str, unit: Unit) -> str:
    return reverse(f"grids:{act}", args=[unit.code])


def fields(act: str, world: World) -> dict[str, Any]:
    """A valid form for each act upon `micro_2`."""
    return {
        "add": {"kind": Kind.HOUSEHOLD, "name": "8号", "reason": "新建"},
        "edit": {"name": "新村五组", "use": "residential", "reason": "更名"},
        "move": {"parent": world.grid_3.pk, "reason": "调整"},
        "retire": {"reason": "拆迁"},
    }[act]


@pytest.mark.parametrize("act", ACTS)
def test_the_register_administrator_changes_the_tree(client: Client, world: World, act: str) -> None:
    client.force_login(world.register)
    assert client.get(url(act, world.micro_2)).status_code == 200
    response = client.post(url(act, world.micro_2), fields(act, world), follow=True)
    assert response.redirect_chain == [(reverse("grids:unit", args=[world.micro_2.code]), 302)]
    change = UnitChange.objects.latest("pk")
    assert (change.actor, change.reason) == (world.register, fields(act, world)["reason"])
    assert_sound()


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("who", "status"), [("worker", 403), ("command", 403), ("leader", 403), ("outsider", 404), ("worker2", 404)]
)
def test_others_may_not_and_leave_no_trace(client: Client, world: World, act: str, who: str, status: int) -> None:
    before = UnitChange.objects.count()
    client.force_login(getattr(world, who))
    assert client.get(url(act, world.micro_2)).status_code == status
    assert client.post(url(act, world.micro_2), fields(act, world)).status_code == status
    assert UnitChange.objects.count() == before


@pytest.mark.parametrize(
    ("act", "typed", "field"),
    [
        ("add", {"name": "", "reason": "新建"}, "name"),
        ("add", {"name": "长" * 101, "reason": "新建"}, "name"),
        ("add", {"name": "8\x00号", "reason": "新建"}, "name"),
        ("add", {"name": "8号", "reason": "  "}, "reason"),
        ("add", {"name": "8号", "reason": "长" * 501}, "reason"),
        ("add", {"kind": "grid", "name": "8号", "reason": "新建"}, "kind"),
        ("edit", {"name": "1微网格", "reason": "更名"}, "name"),
        ("edit", {"use": "dedicated", "reason": "更名"}, "responsible_org"),
        ("edit", {"form": "village", "reason": "更名"}, "form"),
        ("move", {"parent": "", "reason": "调整"}, "parent"),
        ("move", {"parent": "999999", "reason": "调整"}, "parent"),
        ("retire", {"reason": ""}, "reason"),
        ("retire", {"reason": "拆迁", "successors": ["999999"]}, "successors"),
    ],
)
def test_bad_input_is_answered_beside_the_field_and_kept(
    client: Client, world: World, act: str, typed: dict[str, Any], field: str
) -> None:
    before = UnitChange.objects.count()
    client.force_login(world.register)
    response = client.post(url(act, world.micro_2), fields(act, world) | typed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    reason = typed.get("reason", "").strip()
    assert reason[:20] in response.content.decode()
    assert UnitChange.objects.count() == before


def test_a_unit_moves_only_to_where_the_user_manages_the_tree(client: Client, world: World) -> None:
    client.force_login(world.register)
    offered = client.get(url("move", world.micro_2)).context["form"].fields["parent"].queryset
    assert list(offered) == [world.grid_3, world.grid_4, world.grid_2]
    response = client.post(url("move", world.micro_2), {"parent": world.grid_b.pk, "reason": "调整"})
    assert response.status_code == 422
    assert fresh(world.micro_2).parent_id == world.grid_1.pk


def test_the_page_of_retiring_says_what_stands_in_the_way(client: Client, world: World) -> None:
    client.force_login(world.register)
    page = client.get(url("retire", world.grid_1)).content.decode()
    assert "王网格" in page
    response = client.post(url("retire", world.grid_1), {"reason": "撤并"})
    assert response.status_code == 422
    assert response.context["form"].non_field_errors()
    assert fresh(world.grid_1).is_live


@pytest.mark.parametrize("act", ACTS)
def test_the_same_form_sent_twice_does_its_work_once(client: Client, world: World, act: str) -> None:
    client.force_login(world.register)
    for _press in range(2):
        client.post(url(act, world.micro_2), fields(act, world))
    assert UnitChange.objects.filter(reason=fields(act, world)["reason"]).count() == 1


def test_nothing_can_be_added_below_a_household(client: Client, world: World) -> None:
    client.force_login(world.register)
    assert '<form class="card form"' not in client.get(url("add", world.household_1)).content.decode()
    response = client.post(url("add", world.household_1), {"kind": "household", "name": "x", "reason": "y"})
    assert response.status_code == 422


def test_what_was_typed_survives_the_end_of_the_session(client: Client, world: World) -> None:
    typed = fields("edit", world) | {"form_owner": world.register.pk}
    response = client.post(url("edit", world.micro_2), typed)
    assert reverse("accounts:login") in response["Location"]
    client.force_login(world.register)
    assert "新村五组" in client.get(url("edit", world.micro_2)).content.decode()
    assert fresh(world.micro_2).name == "2微网格"


def test_a_community_brings_its_statistical_code(client: Client, world: World) -> None:
    client.force_login(world.register)
    typed = {"kind": "community", "name": "学苑社区", "form": "residents", "reason": "新设"}
    response = client.post(url("add", world.street_a), typed | {"code": "330206004002"})
    assert list(response.context["form"].errors) == ["code"]
    client.post(url("add", world.street_a), typed | {"code": " 330206003002 "})
    assert Unit.objects.get(code="330206003002").name == "学苑社区"


@pytest.mark.parametrize("kind", ["street_a", "community_1", "grid_1", "micro_8", "household_1"])
@pytest.mark.parametrize("act", ACTS)
def test_every_form_opens_for_every_kind_in_both_languages(client: Client, world: World, act: str, kind: str) -> None:
    client.force_login(world.register)
    for language in ("zh-hans", "en"):
        type(world.register).objects.filter(pk=world.register.pk).update(language=language)
        assert client.get(url(act, getattr(world, kind))).status_code == 200


def test_a_street_is_added_by_who_manages_the_district(client: Client, world: World) -> None:
    page, typed = reverse("grids:add_street"), {"name": "霞浦街道", "code": "330206005", "reason": "新设"}
    client.force_login(world.register)  # manages one street only
    assert client.get(page).status_code == 403
    assert client.post(page, typed).status_code == 403
    assert page not in client.get(reverse("grids:tree")).content.decode()
    client.force_login(world.admin)
    assert page in client.get(reverse("grids:tree")).content.decode()
    assert client.get(page).status_code == 200
    response = client.post(page, typed | {"code": "33020600"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["code"])
    assert client.post(page, typed).status_code == 302
    assert client.post(page, typed).status_code == 422
    assert Unit.objects.get(code="330206005").name == "霞浦街道"
    assert_sound()
