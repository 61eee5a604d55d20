"""The tree and its posts in the configuration pages: posts by the rules, units only to read."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import clock
from grids.models import Post, Role
from tests.world import World


@pytest.fixture
def office(client: Client, world: World) -> Client:
    """The system administrator at work."""
    client.force_login(world.admin)
    return client


def typed(world: World, **changes: Any) -> dict[str, Any]:
    role = Role.objects.get(code=changes.pop("role", "auditor"))
    wanted = {"user": world.leader.pk, "role": role.pk, "employment": "full_time", "starts_on": str(clock.today())}
    return wanted | ({"district": world.district.pk} if not {"unit", "department"} & changes.keys() else {}) | changes


def test_the_administrator_appoints_an_auditor_and_a_departments_officer(office: Client, world: World) -> None:
    url = reverse("admin:grids_post_add")
    assert office.post(url, typed(world)).status_code == 302
    assert office.post(url, typed(world, role="department_member", department=world.police.pk)).status_code == 302
    assert [post.serves for post in world.leader.posts.order_by("pk")[1:]] == [world.district, world.police]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"user": "admin"}, "user"),
        ({"user": "district_officer", "role": "district_officer"}, "user"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"unit": "micro_1"}, None),
    ],
)
def test_a_post_is_judged_by_the_rules_of_the_units_pages(
    office: Client, world: World, changes: dict[str, Any], field: str | None
) -> None:
    names = {name: getattr(world, changes[name]).pk for name in ("user", "unit") if name in changes}
    both = {"district": world.district.pk} if "unit" in changes else {}
    before = Post.objects.count()
    response = office.post(reverse("admin:grids_post_add"), typed(world, **(changes | names | both)))
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert (field or "__all__") in errors
    assert Post.objects.count() == before


def test_only_the_end_of_a_post_is_open_and_never_in_the_past(office: Client, world: World) -> None:
    post = world.worker.posts.get()
    url = reverse("admin:grids_post_change", args=[post.pk])
    assert office.post(url, {"ends_on": "2026-01-05"}).status_code == 200
    today = str(clock.today())
    assert office.post(url, {"ends_on": today, "user": world.leader.pk}).status_code == 302
    post.refresh_from_db()
    assert (str(post.ends_on), post.user) == (today, world.worker)
    assert office.post(reverse("admin:grids_post_delete", args=[post.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", ["unit", "unitchange", "district"])
def test_the_tree_is_only_read(office: Client, world: World, model: str) -> None:
    rows = {"unit": world.micro_1, "unitchange": world.micro_1.changes.get(), "district": world.district}
    type(world.admin).objects.filter(pk=world.admin.pk).update(is_superuser=True)
    assert office.get(reverse(f"admin:grids_{model}_changelist")).status_code == 200
    assert office.get(reverse(f"admin:grids_{model}_change", args=[rows[model].pk])).status_code == 200
    assert office.post(reverse(f"admin:grids_{model}_change", args=[rows[model].pk]), {}).status_code == 403
    assert office.get(reverse(f"admin:grids_{model}_add")).status_code == 403
    assert office.post(reverse(f"admin:grids_{model}_delete", args=[rows[model].pk])).status_code == 403
