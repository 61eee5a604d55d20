"""My area: what a worker finds on the stairs, in as few questions as a phone waits for."""

from django.urls import reverse

from tests.households.homes import home, person
from tests.query_counts import query_count


def test_doors_and_who_lives_behind_them_are_asked_for_once(world, client):
    for number in "一二三四五六七八":
        person(home(world.micro_1, f"{number}号"), f"甲{number}")
    client.force_login(world.worker)
    with query_count("area"):
        above = client.get(reverse("area"))
    assert world.micro_1.name in above.text
    with query_count("area doors"):
        doors = client.get(reverse("area"), {"unit": world.micro_1.code})
    assert len(doors.context["page"].rows) == 8
