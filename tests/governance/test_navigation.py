"""The menu and the front door: each user finds their own work first, and nothing that isn't theirs."""

import pytest
from django.test import RequestFactory
from django.urls import resolve, reverse

from governance.navigation import MOST_ON_PHONE, PLACES, navigation, places_of
from grids.models import Role
from tests.incidents import stages
from tests.world import post


def menu(user, path="/today/"):
    request = RequestFactory().get(path)
    request.user, request.resolver_match = user, resolve(path)
    return navigation(request)


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("worker", "dispatch:today"),
        ("command", "dispatch:queue"),
        ("district_officer", "dispatch:queue"),
        ("department", "dispatch:tasks"),
        ("verifier", "dispatch:verify"),
        ("leader", "dispatch:leader"),
        ("register", "households:loads"),
        ("admin", "admin:index"),
    ],
)
def test_the_front_door_leads_to_the_own_work(world, client, who, page):
    client.force_login(getattr(world, who))

    assert client.get("/").url == reverse(page)


def test_a_first_page_opens(world, client):
    for who in ("worker", "command", "department", "verifier", "leader", "register", "admin"):
        client.force_login(getattr(world, who))
        assert client.get("/", follow=True).status_code == 200, who


def test_the_auditor_reads_logs(world, client):
    client.force_login(post("auditor", "何审", "auditor", world.district))

    assert client.get("/").url == reverse("auditing:log")


def test_the_configuration_pages_lead_out_of_themselves(world, client):
    client.force_login(world.admin)

    assert reverse("places") in client.get(reverse("admin:index")).text


@pytest.mark.parametrize(("role", "said"), [("caretaker", "不接触事件"), (None, "没有任职岗位")])
def test_who_has_no_daily_page_is_told_why(world, client, django_user_model, role, said):
    user = django_user_model.objects.create_user("other", password="x", name="别人", must_change_password=False)
    if role:
        Role.objects.create(code=role, name="门卫")
        user = post("other", "别人", role, world.district)
    client.force_login(user)

    answer = client.get("/", follow=True)

    assert answer.redirect_chain[-1][0] == reverse("accounts:profile")
    assert said in answer.text


def test_without_a_login_the_front_door_asks_for_it(db, client):
    assert client.get("/").url.startswith(reverse("accounts:login"))


def test_every_place_of_the_menu_opens_to_whoever_is_shown_it(world, client):
    for who in ("worker", "command", "department", "verifier", "leader", "register", "district_officer", "admin"):
        user = getattr(world, who)
        client.force_login(user)
        for place in places_of(user):
            assert client.get(reverse(place.url)).status_code == 200, (who, place.url)


def test_a_place_is_not_shown_to_whom_it_is_closed(world):
    shown = {place.url for place in places_of(world.worker)}

    register = {"households:list", "households:registers"}
    work = {"dispatch:today", "incidents:report", "dispatch:verify", "dispatch:to_explain", "dispatch:supervision"}
    assert shown == work | {"area", "grids:tree", "incidents:list"} | register
    assert {place.url for place in PLACES} > shown


def test_badges_count_what_waits(world):
    stages.report(world)
    stages.handled(world)

    badges = {item["url"]: item["badge"] for item in menu(world.command)["nav_items"]}

    assert badges[reverse("dispatch:queue")] == badges[reverse("dispatch:verify")] == 1
    assert badges[reverse("dispatch:board")] == 0


def test_the_place_one_is_at_is_marked_also_further_down(world):
    marked = [
        item["url"] for item in menu(world.leader, f"/board/{world.street_a.code}/")["nav_items"] if item["active"]
    ]

    assert marked == [reverse("dispatch:board")]


def test_the_bar_on_the_phone_has_room_for_five(world, client):
    short = [item["url"] for item in menu(world.verifier)["phone_nav_items"]]
    long = [item["url"] for item in menu(world.command)["phone_nav_items"]]

    assert short[-1] == reverse("accounts:profile")
    assert len(long) == MOST_ON_PHONE
    assert long[-1] == reverse("places")
    client.force_login(world.command)
    assert reverse("dispatch:close_out") in client.get(reverse("places")).text


def test_the_menu_costs_two_queries_at_most(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        found = menu(world.command)
        list(found["nav_items"])
        list(found["phone_nav_items"])


def test_a_page_without_a_user_has_no_menu(db, client):
    assert list(client.get(reverse("accounts:login")).context["nav_items"]) == []
