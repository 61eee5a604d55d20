"""The pages of households and people: who sees what, and every act by its form."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.sealing import seal
from grids.models import Unit
from households.catalogue import load_tag_kinds
from households.models import Household, RegisterChange, RegisterLoad, Resident, ResidentTag, TagKind
from households.services import correct_household, move_out, tag_resident
from tests.households.homes import AT, LATER, card, home, person
from tests.query_counts import query_count
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(world: World) -> Household:
    """Three people at one door, one of them with two tags."""
    load_tag_kinds()
    kept = home(world.micro_1, landlord_name="房东甲", landlord_phone="13912341234")
    head = person(kept, "张三丰", relation="户主", document_number=card("19400101"), phone="13812341234")
    person(kept, "李四妹", relation="配偶", born_on=date(1945, 5, 5))
    person(kept, "张小五", relation="孙子", born_on=date(2015, 5, 5), residence="floating")
    for code in ("elderly_alone", "serious_illness"):
        tag_resident(head, kind=TagKind.objects.get(code=code), since=AT.date(), actor=None, at=AT)
    return kept


def url(name: str, *args: Any) -> str:
    return reverse(f"households:{name}", args=args)


def post(client: Client, page: str, /, *args: Any, **fields: Any) -> Any:
    return client.post(url(page, *args), fields)


def test_a_worker_reads_names_in_full_and_numbers_masked(client: Client, world: World, family: Household) -> None:
    client.force_login(world.worker)
    text = client.get(url("household", family.unit.code)).text
    assert "张三丰" in text
    assert "房东甲" in text
    assert "重病患者" in text
    assert "138****1234" in text
    assert "3302**********" in text
    assert "13812341234" not in text
    assert card("19400101") not in text


def test_who_only_looks_reads_masked_names_and_nothing_sensitive(
    client: Client, world: World, family: Household
) -> None:
    client.force_login(world.leader)
    for address in (url("household", family.unit.code), url("list"), url("resident", Resident.objects.first().pk)):
        text = client.get(address).text
        assert "张**" in text
        assert "张三丰" not in text
        assert "独居老人" in text
        assert "重病患者" not in text or address == url("list")  # there it stands among the filters
    assert "房东甲" not in client.get(url("household", family.unit.code)).text


def test_the_history_tells_masked_what_loads_and_people_did(client: Client, world: World, family: Household) -> None:
    head = family.residents.get(name="张三丰")
    before = {"name": "张三锋", "initials": "zsf", "phone": seal("13712341234"), "changed_at": "2026-11-01"}
    after = {"name": "张三丰", "initials": "zsf", "phone": seal("13812341234")}
    load = RegisterLoad.objects.create(made_at=AT, file_name="芦山村台账.xlsx", size=1, digest="x")
    RegisterChange.objects.create(
        household=family, resident=head, what="corrected", at=LATER, load=load, before=before, after=after
    )
    client.force_login(world.worker)
    for page in (url("household", family.unit.code), url("resident_history", head.pk)):
        text = client.get(page).text
        assert "张三锋 → 张三丰" in text
        assert "137****1234 → 138****1234" in text
        assert "芦山村台账.xlsx" in text
        assert "zsf" not in text
        assert "2026-11-01" not in text
        assert "重病患者" in text
    client.force_login(world.leader)
    text = client.get(url("resident_history", head.pk)).text
    assert "张** → 张**" in text
    assert "独居老人" in text
    assert "重病患者" not in text


def test_other_areas_do_not_exist(client: Client, world: World, family: Household) -> None:
    resident = Resident.objects.first()
    for stranger in (world.worker2, world.outsider):
        client.force_login(stranger)
        assert client.get(url("household", family.unit.code)).status_code == 404
        assert client.get(url("resident", resident.pk)).status_code == 404
        assert client.get(url("correct", family.unit.code)).status_code == 404
        assert post(client, "reveal", resident.pk, "phone").status_code == 404
        assert "新村三组8号" not in client.get(url("list")).text
    client.force_login(world.admin)
    assert client.get(url("list")).status_code == 403
    client.force_login(world.leader)
    assert client.get(url("correct", family.unit.code)).status_code == 403


@pytest.mark.parametrize(
    ("filters", "is_found"),
    [
        ("tag=elderly_alone", True),
        ("tag=disabled", False),
        ("age=80", True),
        ("age=minors", True),
        ("age=80&residence=floating", False),
        ("age=minors&residence=floating", True),
        ("dwelling=owned", True),
        ("dwelling=rented", False),
        ("tag=none&age=x&residence=%00", True),
    ],
)
def test_the_list_is_narrowed_by_what_one_person_is(
    client: Client, world: World, family: Household, filters: str, is_found: bool
) -> None:
    client.force_login(world.worker)
    assert ("新村三组8号" in client.get(f"{url('list')}?{filters}").text) is is_found


def test_bearers_of_a_sensitive_tag_are_counted_for_who_may_not_know_them(
    client: Client, world: World, family: Household
) -> None:
    client.force_login(world.leader)
    answer = client.get(f"{url('list')}?tag=serious_illness")
    assert "新村三组8号" not in answer.text
    assert answer.context["hidden"].people == 1
    client.force_login(world.worker)
    assert "新村三组8号" in client.get(f"{url('list')}?tag=serious_illness").text


def test_lists_ask_as_often_for_one_household_as_for_many(client: Client, world: World, family: Household) -> None:
    for number in range(20, 24):
        person(home(world.micro_2, f"新村四组{number}号"), "王五")
    client.force_login(world.worker)
    with query_count("households:list"):
        client.get(url("list"))
    with query_count("households:household"):
        client.get(url("household", family.unit.code))
    found = client.post(url("search"), {"q": "王五"})
    with query_count("households:found"):
        assert client.get(found.url).text.count("王五") > 4


def test_a_long_list_is_paged_there_and_back(client: Client, world: World) -> None:
    for number in range(1, 54):
        home(world.micro_1, f"新村三组{number}号")
    client.force_login(world.worker)
    first = client.get(url("list")).context["page"]
    second = client.get(url("list"), {"page": first.next}).context["page"]
    assert (len(first.rows), len(second.rows)) == (50, 3)
    assert (first.previous, second.next) == ("", "")
    back = client.get(url("list"), {"page": second.previous}).context["page"]
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    for odd in ("a1", "x", "a1-2-3-4-5", "b-1"):
        assert client.get(url("list"), {"page": odd}).status_code == 200


def test_a_household_is_added_from_the_page_of_its_micro_grid(client: Client, world: World) -> None:
    client.force_login(world.worker)
    add = url("add", world.micro_1.code)
    assert add in client.get(reverse("grids:unit", args=[world.micro_1.code])).text
    assert client.get(add).status_code == 200
    refused = client.post(add, {"address": "", "dwelling": "owned"})
    assert refused.status_code == 422
    made = client.post(add, {"address": "新村三组9号", "dwelling": "rented", "landlord_phone": "13912341234"})
    kept = Household.objects.get()
    assert made.url == url("household", kept.unit.code)
    assert kept.landlord_phone == "13912341234"
    assert url("household", kept.unit.code) in client.get(reverse("grids:unit", args=[kept.unit.code])).text
    assert client.get(url("add", world.micro_3.code)).status_code == 404


def test_a_bare_door_leads_to_registering_its_household(client: Client, world: World) -> None:
    client.force_login(world.worker)
    add = url("add", world.household_1.code)
    assert client.get(url("household", world.household_1.code)).url == add
    assert "新村三组12号" in client.get(add).text
    client.post(add, {"address": "新村三组12号", "dwelling": "owned"})
    assert Household.objects.get().pk == world.household_1.pk
    assert client.get(add).status_code == 404


def test_numbers_are_not_even_in_the_form_that_corrects_them(client: Client, world: World, family: Household) -> None:
    client.force_login(world.worker)
    head = Resident.objects.get(name="张三丰")
    form = client.get(url("correct_resident", head.pk))
    assert "13812341234" not in form.text
    assert card("19400101") not in form.text
    seen = form.context["form"]["seen"].value()
    fields = {"name": "张三峰", "document": "id_card", "residence": "registered", "relation": "户主", "seen": seen}
    assert post(client, "correct_resident", head.pk, **fields).status_code == 302
    head.refresh_from_db()
    assert (head.name, head.phone, head.document_number) == ("张三峰", "13812341234", card("19400101"))
    fields |= {"phone_cleared": "on", "seen": ""}
    post(client, "correct_resident", head.pk, **fields)
    head.refresh_from_db()
    assert (head.phone, head.document_number) == ("", card("19400101"))


def test_an_old_form_says_what_changed_and_may_then_be_sent(client: Client, world: World, family: Household) -> None:
    client.force_login(world.worker)
    seen = client.get(url("correct", family.unit.code)).context["form"]["seen"].value()
    correct_household(family, actor=world.register, at=LATER, note="门口有犬")
    fields = {"address": family.address, "dwelling": "owned", "landlord_name": "房东乙", "note": "", "seen": seen}
    refused = post(client, "correct", family.unit.code, **fields)
    assert refused.status_code == 422
    assert "门口有犬" in refused.text
    again = {**fields, "seen": refused.context["form"]["seen"].value()}
    assert post(client, "correct", family.unit.code, **again).status_code == 302
    family.refresh_from_db()
    assert (family.landlord_name, family.note, family.landlord_phone) == ("房东乙", "", "13912341234")


def test_every_act_has_its_form(client: Client, world: World, family: Household) -> None:
    client.force_login(world.worker)
    code, other = family.unit.code, home(world.micro_2, "新村四组5号")
    head, wife, child = family.residents.order_by("pk")
    post(client, "add_resident", code, name="赵六", document="id_card", residence="registered")
    assert (
        post(client, "split", code, residents=[child.pk], address="新村三组10号", dwelling="owned").status_code == 302
    )
    assert post(client, "move_resident", wife.pk, to="新村4组5号").status_code == 302
    wife.refresh_from_db()
    assert wife.household_id == other.pk
    assert post(client, "move_out", head.pk, on="2026-01-01").status_code == 302
    assert post(client, "move_back", head.pk, on="2026-02-01", to=other.unit.code).status_code == 302
    head.refresh_from_db()
    assert (head.household_id, head.moved_out_on) == (other.pk, None)
    assert (
        post(client, "tag", wife.pk, kind=TagKind.objects.get(code="disabled").pk, since="2026-01-01").status_code
        == 302
    )
    tag = ResidentTag.objects.get(resident=wife)
    assert post(client, "end_tag", wife.pk, tag.pk, on="2026-02-01").status_code == 302
    assert post(client, "move", other.unit.code, micro_grid=world.micro_1.pk).status_code == 302
    assert post(client, "merge", other.unit.code, into="新村三组8号").status_code == 302
    assert {resident.name for resident in family.residents.all()} == {"张三丰", "李四妹", "赵六"}
    for name, *args in (
        *((name, code) for name in ("correct", "move", "split", "merge", "close", "history", "add_resident")),
        *((name, head.pk) for name in ("correct_resident", "move_resident", "move_out", "move_back", "tag")),
        ("resident_history", wife.pk),
        ("resident", wife.pk),
        ("household", other.unit.code),
        ("end_tag", wife.pk, tag.pk),
    ):
        answer = client.get(url(name, *args))
        assert answer.status_code == (200 if name in ("household", "history") or args != [other.unit.code] else 404), (
            name
        )
    assert Unit.objects.get(pk=other.pk).retired_at is not None


def test_a_household_nobody_lives_in_is_closed(client: Client, world: World, family: Household) -> None:
    client.force_login(world.worker)
    refused = post(client, "close", family.unit.code)
    assert refused.status_code == 422
    for resident in family.residents.all():
        move_out(resident, on=AT.date(), actor=None)
    assert post(client, "close", family.unit.code, reason="拆迁").status_code == 302
    assert not client.get(url("list")).context["homes"]
    assert len(client.get(f"{url('list')}?closed=on").context["homes"]) == 1


def test_an_address_that_names_nobody_or_two_is_asked_again(client: Client, world: World, family: Household) -> None:
    client.force_login(world.worker)
    head = family.residents.first()
    home(world.micro_3, "9号")
    for typed in ("99号", "9号", ""):  # unknown; in a stranger's grid; nothing
        assert post(client, "move_resident", head.pk, to=typed).status_code == 422
    home(world.micro_1, "3-2-501")
    assert post(client, "move_resident", head.pk, to="3幢2单元501室").status_code == 302


def test_a_number_is_shown_for_a_minute_within_the_page_and_without_a_script(
    client: Client, world: World, family: Household
) -> None:
    client.force_login(world.worker)
    head = Resident.objects.get(name="张三丰")
    part = client.post(url("reveal", head.pk, "phone"), headers={"HX-Request": "true"})
    assert "13812341234" in part.text
    assert "<html" not in part.text
    assert "no-store" in part["Cache-Control"]
    masked = client.get(url("reveal", head.pk, "phone"), headers={"HX-Request": "true"})
    assert "138****1234" in masked.text
    assert "13812341234" not in masked.text
    whole = post(client, "reveal", head.pk, "document_number")
    assert card("19400101") in whole.text
    assert whole["Refresh"] == f"60; url={url('resident', head.pk)}"
    assert "13912341234" in post(client, "reveal_landlord", family.unit.code).text
    assert client.get(url("reveal", head.pk, "name")).status_code == 404


def test_elsewhere_the_page_asks_why(client: Client, world: World, family: Household) -> None:
    client.force_login(world.district_officer)
    head = Resident.objects.get(name="张三丰")
    assert "13812341234" not in client.get(url("reveal", head.pk, "phone")).text
    assert post(client, "reveal", head.pk, "phone").status_code == 422
    assert "13812341234" in post(client, "reveal", head.pk, "phone", reason="核实走失老人").text


def test_incidents_of_the_door_come_from_the_app_above(client: Client, world: World, family: Household) -> None:
    client.force_login(world.worker)
    address = reverse("incidents:at_unit", args=[family.unit.code])
    assert address in client.get(url("household", family.unit.code)).text
    assert "<html" not in client.get(address, headers={"HX-Request": "true"}).text
    assert "新村三组8号" in client.get(address).text
    client.force_login(world.outsider)
    assert client.get(address).status_code == 404
