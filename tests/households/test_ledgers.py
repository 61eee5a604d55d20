"""The four registers: views of the same rows, for one area, masked for their reader."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import escape

from accounts.models import AccessRecord
from grids.models import Unit
from households.models import Organisation, Resident, ResidentTag, Resource, TagKind
from households.registers import REGISTERS
from households.registers.columns import Scope, cells
from households.services.assets import (
    add_organisation,
    add_resource,
    close_organisation,
    correct_organisation,
    withdraw_resource,
)
from households.uscc import check_sign, clean_uscc, doubts_about
from tests.households.homes import AT, card, home, person, refused
from tests.query_counts import query_count

ON = date(2026, 11, 22)


def rows(register: str, area: Unit | None = None, **scope) -> list[list]:
    found = REGISTERS[register]
    asked = Scope(area=area, on=ON, **scope)
    return [list(row) for row in cells(found.columns, asked, found.values(asked))]


def column(register: str, key: str, **scope) -> list:
    place = [each.key for each in REGISTERS[register].columns].index(key)
    return [row[place] for row in rows(register, **scope)]


@pytest.fixture
def people(world) -> dict[str, Resident]:
    """Two households in micro-grid 1, one in micro-grid 3 of the other grid."""
    first, second = home(world.micro_1, "新村三组8号"), home(world.micro_3, "后洋一组2号")
    return {
        "head": person(first, "张三丰", document_number=card(), phone="13812341234", relation="户主"),
        "wife": person(first, "李四", residence="floating"),
        "other": person(second, "王五"),
    }


def tagged(resident: Resident, code: str, *, is_sensitive: bool = False, **facts) -> ResidentTag:
    kind, _new = TagKind.objects.get_or_create(code=code, defaults={"name": code, "is_sensitive": is_sensitive})
    return ResidentTag.objects.create(resident=resident, kind=kind, since=date(2026, 1, 1), **facts)


# -- Which rows ----------------------------------------------------------------------------------------------------
def test_who_moved_out_is_no_actual_resident(world, people):
    Resident.objects.filter(pk=people["wife"].pk).update(moved_out_on=ON)
    Resident.objects.filter(pk=people["other"].pk).update(moved_in_on=date(2026, 11, 23))

    assert column("residents", "name", area=world.street_a, is_unmasked=True) == ["张三丰"]


def test_an_area_holds_only_its_own(world, people):
    assert column("residents", "name", area=world.grid_2, is_unmasked=True) == ["王五"]
    assert column("residents", "name", area=world.street_b, is_unmasked=True) == []
    assert len(rows("residents")) == 3  # the whole district


def test_rows_can_be_narrowed_to_a_kind(world, people):
    assert column("residents", "name", area=world.street_a, kind="floating", names=True) == ["李四"]


def test_a_sensitive_tag_is_listed_only_for_who_may_see_it(world, people):
    tagged(people["head"], "alone")
    tagged(people["wife"], "illness", is_sensitive=True)
    tagged(people["other"], "alone", until=date(2026, 11, 1))

    assert column("key_people", "tags", area=world.street_a) == ["alone"]
    assert column("key_people", "tags", area=world.street_a, sees_sensitive=True) == ["alone", "illness"]


def test_what_has_closed_leaves_its_register(world):
    shop = add_organisation(world.micro_1, facts={"name": "便利店"}, actor=None, at=AT)
    pump = add_resource(world.micro_1, facts={"name": "水泵", "kind": "equipment"}, actor=None, at=AT)
    assert len(rows("organisations", world.street_a)) == len(rows("resources", world.street_a)) == 1

    close_organisation(shop, on=date(2026, 11, 20), actor=None, at=AT)
    withdraw_resource(pump, on=date(2026, 11, 20), actor=None, at=AT)
    assert rows("organisations", world.street_a) == rows("resources", world.street_a) == []


# -- Masks ---------------------------------------------------------------------------------------------------------
def test_names_numbers_and_notes_are_masked(world, people):
    Resident.objects.filter(pk=people["head"].pk).update(note="说明")
    facts = {"area": world.micro_1, "kind": "registered"}

    assert column("residents", "name", **facts) == ["张**"]
    assert column("residents", "number", **facts)[0].startswith("3302**********")
    assert column("residents", "phone", **facts) == ["138****1234"]
    assert column("residents", "born_on", **facts) == ["1990"]
    assert column("residents", "note", **facts) == [""]
    assert column("residents", "name", names=True, **facts) == ["张三丰"]
    assert column("residents", "number", is_unmasked=True, **facts) == [card()]


# -- Services ------------------------------------------------------------------------------------------------------
def test_a_wrong_code_of_an_organisation_is_taken(world):
    made = add_organisation(
        world.micro_1, facts={"name": "餐馆", "uscc": "9135 0211-M0000XUF46"}, actor=world.worker, at=AT
    )

    assert made.uscc == "91350211M0000XUF46"
    assert doubts_about(made.uscc)


def test_the_check_of_a_code():
    assert check_sign("91350100M000100Y4") == "3"
    assert doubts_about("91350100M000100Y43") == doubts_about("") == ""
    assert "17" in doubts_about("91350100M000100Y4")
    assert "I" in doubts_about("9135010IM000100Y43")
    assert clean_uscc("９１３５0100m000100y43") == "91350100M000100Y43"


def test_only_who_keeps_the_register_of_a_place_adds_there(world):
    with refused("no_right"):
        add_organisation(world.micro_3, facts={"name": "小店"}, actor=world.worker, at=AT)
    with refused("no_right"):
        add_resource(world.micro_1, facts={"name": "水泵", "kind": "stock"}, actor=world.command, at=AT)
    with refused("unit", "unit"):
        add_organisation(world.household_1, facts={"name": "小店"}, actor=world.worker, at=AT)
    with refused("invalid", "name"):
        add_organisation(world.micro_1, facts={"name": ""}, actor=world.worker, at=AT)


def test_saying_the_same_again_writes_nothing(world):
    made = add_organisation(world.micro_1, facts={"name": "小店", "contact_phone": "13812341234"}, actor=None, at=AT)
    again = correct_organisation(made, facts={"name": " 小店 ", "contact_phone": "13812341234"}, actor=world.worker)

    assert again.changed_at == AT


def test_nothing_closes_twice_or_in_time_to_come(world):
    shop = add_organisation(world.micro_1, facts={"name": "小店"}, actor=None, at=AT)
    with refused("ahead", "on"):
        close_organisation(shop, on=date(2026, 12, 24), actor=None, at=AT)
    close_organisation(shop, on=date(2026, 11, 1), actor=None, at=AT)
    with refused("ended"):
        close_organisation(shop, on=date(2026, 11, 2), actor=None, at=AT)


# -- Pages ---------------------------------------------------------------------------------------------------------
def test_each_register_opens_for_its_area_alone(world, client, people):
    client.force_login(world.worker)
    for register in REGISTERS:
        assert client.get(reverse("households:register", args=[register])).status_code == 200
    shown = client.get(reverse("households:register", args=["residents"])).content.decode()
    assert "张三丰" in shown
    assert "王五" not in shown
    assert client.get(reverse("households:registers") + f"?unit={world.grid_2.code}").status_code == 404
    assert client.get(reverse("households:register", args=["pets"])).status_code == 404


def test_who_sees_no_register_is_refused(world, client):
    client.force_login(world.department)
    assert client.get(reverse("households:registers")).status_code == 403


def test_who_only_looks_on_sees_masked_names(world, client, people):
    client.force_login(world.leader)
    shown = client.get(reverse("households:register", args=["residents"])).content.decode()
    assert "张三丰" not in shown
    assert "张**" in shown


def test_the_page_of_key_people_counts_sensitive_kinds_without_names(world, client, people):
    tagged(people["wife"], "illness", is_sensitive=True)
    url = reverse("households:register", args=["key_people"])

    client.force_login(world.leader)
    shown = client.get(url).content.decode()
    assert "illness" in shown
    assert "李" not in shown
    client.force_login(world.worker)
    assert "李四" in client.get(url).content.decode()


def test_a_list_asks_the_database_a_fixed_number_of_times(world, client, people):
    client.force_login(world.register)
    url = reverse("households:register", args=["residents"])
    client.get(url)  # counts the figures
    with query_count("households:register"):
        client.get(url)


def test_an_organisation_is_added_and_warned_about(world, client):
    client.force_login(world.worker)
    url = reverse("households:add_organisation")
    typed = {"unit": world.micro_1.pk, "name": "海鲜馆", "uscc": "91350211M0000XUF46", "kind": "restaurant"}

    assert client.post(url, typed | {"name": ""}).status_code == 422
    answer = client.post(url, typed, follow=True)

    assert Organisation.objects.get().unit == world.micro_1
    assert escape(doubts_about("91350211M0000XUF46")) in answer.content.decode()


def test_opening_an_organisation_is_logged_for_its_phone(world, client):
    facts = {"name": "小店", "contact_phone": "13812341234"}
    shop = add_organisation(world.micro_1, facts=facts, actor=None, at=AT)
    url = reverse("households:organisation", args=[shop.pk])

    client.force_login(world.worker2)
    assert client.get(url).status_code == 404
    client.force_login(world.worker)
    assert "13812341234" in client.get(url).content.decode()
    assert AccessRecord.objects.get().subject == "organisation"


def test_a_resource_is_corrected_and_withdrawn_on_its_pages(world, client):
    pump = add_resource(world.micro_1, facts={"name": "水泵", "kind": "equipment"}, actor=None, at=AT)
    client.force_login(world.worker)
    typed = {"unit": world.micro_2.pk, "name": "水泵", "kind": "equipment", "quantity": 3}

    client.post(reverse("households:resource", args=[pump.pk]), typed)
    client.post(reverse("households:withdraw_resource", args=[pump.pk]), {"on": "2026-01-05"})

    pump.refresh_from_db()
    assert (pump.unit, pump.quantity, pump.withdrawn_on) == (world.micro_2, 3, date(2026, 1, 5))
    assert Resource.objects.count() == 1
