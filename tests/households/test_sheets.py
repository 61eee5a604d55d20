"""“Know your grid”: one sheet of a unit."""

from datetime import date

from django.urls import reverse

from households.models import Organisation, ResidentTag, TagKind
from tests.households.homes import AT, born, home, person
from tests.query_counts import query_count


def test_the_sheet_says_what_one_should_know(world, client):
    somebody = born(person(home(world.micro_1, "一号"), "甲一"), date(1940, 1, 1))
    kind = TagKind.objects.create(code="ill", name="重病患者", is_sensitive=True)
    ResidentTag.objects.create(resident=somebody, kind=kind, since=date(2026, 1, 1))
    Organisation.objects.create(unit=world.micro_1, name="高田小学", is_key=True, changed_at=AT)
    client.force_login(world.worker)

    url = reverse("households:sheet", args=[world.grid_1.code])
    client.get(url)  # counts the figures
    with query_count("households:sheet"):
        shown = client.get(url).content.decode()

    for said in ("王网格", "重病患者", "高田小学"):
        assert said in shown
    assert "甲一" not in shown  # it hangs on a wall


def test_a_foreign_sheet_does_not_exist(world, client):
    client.force_login(world.worker)
    assert client.get(reverse("households:sheet", args=[world.grid_2.code])).status_code == 404
    assert client.get(reverse("households:sheet", args=["999"])).status_code == 404
