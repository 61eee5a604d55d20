"""One box that tells by itself what was typed, and leaves nothing personal behind."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.sealing import unseal
from grids.models import Unit
from households.models import Household
from households.searching import understood
from households.services import move_out
from tests.households.homes import AT, card, home, person, refused
from tests.world import World

pytestmark = pytest.mark.django_db
SEARCH = "/register/search/"


@pytest.fixture
def street(world: World) -> dict[str, Household]:
    """A few doors of grid 1, and one of grid 2."""
    doors = {
        "group": home(world.micro_1, "新村三组8号"),
        "block": home(world.micro_2, "3幢2单元501室", number="HH-0042", landlord_phone="13912341234"),
        "other": home(world.micro_3, "新村五组1号"),
    }
    person(doors["group"], "张三", document_number=card(), phone="13812341234")
    person(doors["block"], "欧阳山")
    person(doors["block"], "Maria Lopez", document="passport", document_number="E12345678")
    gone = person(doors["group"], "张三丰", document_number=card("19500101"))
    move_out(gone, on=date(2026, 11, 1), actor=None, at=AT)
    person(doors["other"], "张三妹")
    return doors


def found(client: Client, typed: str) -> tuple[set[str], set[str]]:
    """Names and addresses that a search leads to."""
    context = client.get(client.post(SEARCH, {"q": typed}).url).context
    return {one.name for one in context["people"]}, {one.household.address for one in context["homes"]}


@pytest.mark.parametrize(
    ("typed", "people", "addresses"),
    [
        ("张三", {"张三"}, set()),
        (" zs ", {"张三"}, set()),
        ("OYS", {"欧阳山"}, set()),
        ("欧阳", {"欧阳山"}, set()),
        ("maria", {"Maria Lopez"}, set()),
        ("Maria", {"Maria Lopez"}, set()),
        ("Maria L", {"Maria Lopez"}, set()),
        (card(), {"张三"}, set()),
        (card().lower().replace("1990", " 1990 "), {"张三"}, set()),
        (card("19500101"), {"张三丰"}, set()),  # moved out: found by the exact number alone
        ("e12345678", {"Maria Lopez"}, set()),
        ("138-1234-1234", {"张三"}, set()),
        ("13912341234", set(), {"3幢2单元501室"}),
        ("新村三组", set(), {"新村三组8号"}),
        ("新村", set(), {"新村三组8号"}),
        ("3-2-501", set(), {"3幢2单元501室"}),
        ("HH-0042", set(), {"3幢2单元501室"}),
        ("三组8号", set(), {"新村三组8号"}),
        ("钱七", set(), set()),
    ],
)
def test_what_was_typed_is_understood(
    client: Client, world: World, street: dict[str, Household], typed: str, people: set[str], addresses: set[str]
) -> None:
    client.force_login(world.worker)
    assert found(client, typed) == (people, addresses)


@pytest.mark.parametrize(("typed", "code"), [("", "empty"), (" ", "empty"), ("张", "too_short"), ("z", "too_short")])
def test_what_would_fit_too_many_is_asked_again(typed: str, code: str) -> None:
    with refused(code, "q"):
        understood(typed)


def test_a_text_too_short_is_answered_on_the_page(client: Client, world: World) -> None:
    client.force_login(world.worker)
    assert client.get(client.post(SEARCH, {"q": "张"}).url).status_code == 422


def test_nothing_personal_stands_in_the_address_or_plainly_in_the_session(
    client: Client, world: World, street: dict[str, Household]
) -> None:
    client.force_login(world.worker)
    answer = client.post(SEARCH, {"q": card()})
    assert card() not in answer.url
    kept = client.session["register_searches"]
    assert card() not in str(dict(client.session))
    assert [unseal(sealed) for sealed in kept.values()] == [card()]
    for number in range(12):
        client.post(SEARCH, {"q": f"张三{number}"})
    assert len(client.session["register_searches"]) == 10
    assert client.get(f"{reverse('households:found')}?s=nobody").url == reverse("households:list")
    assert client.get(SEARCH).status_code == 405


def test_who_only_looks_finds_masked_people(client: Client, world: World, street: dict[str, Household]) -> None:
    client.force_login(world.leader)
    names, _addresses = found(client, "张三")
    assert names == {"张*", "张**"}


def test_the_api_shows_and_finds_the_same(client: Client, world: World, street: dict[str, Household]) -> None:
    client.force_login(world.worker)
    homes = client.get("/api/v1/households/").json()
    assert [row["address"] for row in homes["results"]] == ["新村三组8号", "3幢2单元501室"]
    assert homes["next"] is None
    one = client.get(f"/api/v1/households/{street['group'].unit.code}/")
    assert "no-store" in one["Cache-Control"]
    assert [row["name"] for row in one.json()["residents"]] == ["张三"]
    assert one.json()["residents"][0]["phone"] == "138****1234"
    people = client.get("/api/v1/residents/", {"unit": world.micro_1.code, "lives_here": "true"}).json()["results"]
    assert [(row["name"], row["document_number"][:4]) for row in people] == [("张三", "3302")]
    assert "**********" in people[0]["document_number"]
    asked = {"q": "张三"}
    sent = client.post("/api/v1/residents/search/", asked, content_type="application/json")
    assert [row["name"] for row in sent.json()] == ["张三"]
    sent = client.post("/api/v1/households/search/", {"q": "新村三组"}, content_type="application/json")
    assert [row["code"] for row in sent.json()] == [street["group"].unit.code]
    assert client.post("/api/v1/residents/search/", {"q": "张"}, content_type="application/json").status_code == 400
    assert client.get(f"/api/v1/residents/{street['other'].residents.get().pk}/").status_code == 404
    client.force_login(world.leader)
    masked = client.get("/api/v1/residents/", {"unit": Unit.objects.get(pk=world.micro_3.pk).code}).json()["results"]
    assert [row["name"] for row in masked] == ["张**"]
    client.force_login(world.admin)
    assert client.get("/api/v1/residents/").json()["results"] == []
