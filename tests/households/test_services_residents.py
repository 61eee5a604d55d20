"""People by hand: added, corrected, moved, gone and back; split, merged, tagged."""

from datetime import date

import pytest

from accounts.errors import Forbidden
from accounts.sealing import fingerprint
from grids.models import UnitSuccession
from households.catalogue import load_tag_kinds
from households.models import RegisterChange, Resident, ResidentTag, TagKind
from households.services import (
    add_resident,
    correct_resident,
    end_tag,
    merge_households,
    move_back,
    move_out,
    move_resident,
    split_household,
    tag_resident,
)
from tests.grids.acts import assert_sound, fresh
from tests.households.homes import AT, LATER, card, changes_of, home, person, refused
from tests.world import World, post

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def test_a_person_is_kept_with_what_the_number_says(world: World) -> None:
    number = card("19900131", "002")
    made = add_resident(
        home(world.micro_1),
        actor=world.worker,
        at=AT,
        name="张 三",
        document_number=f" {number.lower()} ",
        phone="138-1234-1234",
        relation="户主本人",
        born_on=date(1991, 1, 1),
    )
    made.refresh_from_db()
    assert (made.name, made.initials, made.relation) == ("张三", "zs", "户主")
    assert (made.document_number, made.number_check) == (number, "valid")
    assert (made.sex, made.born_on) == ("female", date(1990, 1, 31))  # the number counts
    assert made.document_fingerprint == fingerprint(number)
    assert made.phone_fingerprint == fingerprint("13812341234")
    assert changes_of(made) == ["added"]


def test_the_same_person_sent_twice_is_one(world: World) -> None:
    kept = home(world.micro_1)
    first = person(kept, born_on=date(1990, 1, 1))
    assert person(kept, born_on=date(1990, 1, 1)).pk == first.pk
    assert Resident.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"name": ""}, "no_name", "name"),
        ({"name": "合计"}, "name_odd", "name"),
        ({"name": "张三", "phone": "12"}, "phone_unknown", "phone"),
        ({"name": "张三", "phone": "13812341234 13912341234"}, "several_phones", "phone"),
        ({"name": "张三", "document_number": "3302061990"}, "number_length", "document_number"),
        ({"name": "张三", "document_number": "330206199013011234"}, "number_date", "document_number"),
        ({"name": "张三", "document_number": "3.30206E+17"}, "number_damaged", "document_number"),
        ({"name": "张三", "born_on": date(2027, 1, 1)}, "date_ahead", "born_on"),
        ({"name": "张三", "residence": "moon"}, "choice", "residence"),
    ],
)
def test_facts_that_cannot_be_kept_are_refused_beside_their_field(
    world: World, facts: dict[str, str], code: str, field: str
) -> None:
    kept = home(world.micro_1)
    with refused(code, field):
        add_resident(kept, actor=None, at=AT, **facts)


def test_a_wrong_check_digit_is_taken_only_from_the_card_itself(world: World) -> None:
    kept, number = home(world.micro_1), card()
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    with refused("number_check_digit", "document_number"):
        add_resident(kept, actor=world.worker, name="张三", document_number=wrong)
    made = add_resident(kept, actor=world.worker, name="张三", document_number=wrong, number_is_checked=True)
    assert (made.number_check, made.document_number) == ("invalid", wrong)
    correct_resident(made, actor=world.worker, phone="13812341234")  # asks for the card no second time
    with refused("number_check_digit", "document_number"):
        correct_resident(made, actor=world.worker, document_number=wrong[:16] + "9" + wrong[17])


def test_one_person_lives_in_one_place_as_far_as_the_actor_sees(world: World) -> None:
    person(home(world.micro_1), document_number=card())
    neighbour, stranger = home(world.micro_2), home(world.micro_3)
    with refused("known_number", "document_number"):
        add_resident(neighbour, actor=world.worker, name="张三", document_number=card())
    add_resident(stranger, actor=world.worker2, name="张三", document_number=card())  # not told of the other grid
    assert Resident.objects.count() == 2


def test_a_correction_keeps_what_is_not_named(world: World) -> None:
    kept = person(home(world.micro_1), document_number=card(), phone="13812341234")
    corrected = correct_resident(kept, actor=world.worker, seen=AT, at=LATER, name="张山", phone="")
    assert (corrected.name, corrected.phone, corrected.document_number) == ("张山", "", card())
    told = RegisterChange.objects.get(what="corrected")
    assert set(told.before) == set(told.after) == {"name", "phone"}
    with refused("stale"):
        correct_resident(kept, actor=world.worker, seen=AT, name="张珊")
    with pytest.raises(Forbidden):
        correct_resident(kept, actor=world.worker2, name="张珊")


def test_a_person_moves_with_tags_and_history_on_both_doors(world: World) -> None:
    old, new = home(world.micro_1), home(world.micro_3, "5号")
    resident = person(old, relation="户主")
    moved = move_resident(resident, to=new, relation="子", actor=world.register, at=LATER)
    move_resident(resident, to=new, actor=world.register, at=LATER)
    assert (moved.household_id, moved.relation) == (new.pk, "子")
    told = RegisterChange.objects.filter(what="moved").order_by("pk")
    assert [row.household_id for row in told] == [old.pk, new.pk]
    assert told[0].before == {"household": old.unit.code, "relation": "户主"}
    with pytest.raises(Forbidden):
        move_resident(resident, to=old, actor=world.worker)


def test_who_moved_out_stays_and_comes_back(world: World) -> None:
    old, new = home(world.micro_1), home(world.micro_2, "5号")
    resident = person(old)
    with refused("date_ahead", "on"):
        move_out(resident, on=date(2026, 11, 21), actor=None, at=AT)
    move_out(resident, on=DAY, actor=world.worker, at=AT)
    move_out(resident, on=date(2026, 11, 1), actor=world.worker, at=AT)
    resident.refresh_from_db()
    assert resident.moved_out_on == DAY
    with refused("moved_out", "to"):
        move_resident(resident, to=new, actor=world.worker)
    back = move_back(resident, on=DAY, to=new, actor=world.worker, at=LATER)
    move_back(resident, on=DAY, actor=world.worker, at=LATER)
    assert (back.household_id, back.moved_in_on, back.moved_out_on) == (new.pk, DAY, None)
    assert changes_of(resident) == ["added", "moved_out", "moved_back", "moved", "moved"]


def test_a_household_is_split_and_merged_again(world: World) -> None:
    old = home(world.micro_1)
    stays, leaves = person(old, "张三"), person(old, "张小三", relation="子")
    with refused("everybody", "residents"):
        split_household(old, residents=[stays, leaves], actor=None, address="9号")
    with refused("nobody", "residents"):
        split_household(old, residents=[], actor=None, address="9号")
    with refused("address_taken", "address"):
        split_household(old, residents=[leaves], actor=None, address=old.address)
    new = split_household(old, residents=[leaves], actor=world.worker, at=LATER, address="新村三组9号")
    assert [resident.name for resident in new.residents.all()] == ["张小三"]
    assert new.unit.parent_id == world.micro_1.pk
    assert changes_of(old) == ["added", "split"]
    assert changes_of(new) == ["added", "split"]
    remains = merge_households(new, into=old, actor=world.worker, at=LATER)
    merge_households(new, into=old, actor=world.worker, at=LATER)
    assert remains.residents.count() == 2
    assert not fresh(new.unit).is_live
    assert UnitSuccession.objects.get().successor_id == old.pk
    assert changes_of(new) == ["added", "split", "merged", "closed"]
    assert_sound()


def test_households_of_two_streets_or_one_and_the_same_do_not_merge(world: World) -> None:
    here, there = home(world.micro_1), home(world.micro_b)
    with refused("other_street", "into"):
        merge_households(here, into=there, actor=None)
    with refused("itself", "into"):
        merge_households(here, into=here, actor=None)
    moved = move_resident(person(here), to=there, actor=None)  # people cross the line one by one
    assert moved.household_id == there.pk


def test_a_tag_counts_from_a_day_to_a_day(world: World) -> None:
    load_tag_kinds()
    alone = TagKind.objects.get(code="elderly_alone")
    resident = person(home(world.micro_1))
    tag = tag_resident(resident, kind=alone, since=date(2026, 11, 1), note="每周探望", actor=world.worker, at=AT)
    assert tag_resident(resident, kind=alone, since=DAY, actor=world.worker, at=AT).pk == tag.pk
    with refused("before_since", "on"):
        end_tag(tag, on=date(2026, 10, 31), actor=world.worker, at=AT)
    end_tag(tag, on=DAY, actor=world.worker, at=LATER)
    end_tag(tag, on=date(2026, 11, 2), actor=world.worker, at=AT)
    assert ResidentTag.objects.get().until == DAY
    assert changes_of(resident) == ["added", "tagged", "untagged"]
    resident.refresh_from_db()
    assert resident.changed_at == LATER  # a load that brought the person can't be undone over the tag


def test_a_sensitive_tag_needs_a_right_of_its_own(world: World) -> None:
    load_tag_kinds()
    kind = TagKind.objects.get(code="mental_disorder")
    resident = person(home(world.micro_1))
    keeper = post("keeper", "录入员", "grid_worker", world.grid_1)
    role = keeper.posts.get().role
    role.abilities = ["edit_register", "see_register"]
    role.save()
    with pytest.raises(Forbidden):
        tag_resident(resident, kind=kind, since=DAY, actor=keeper, at=AT)
    TagKind.objects.filter(pk=kind.pk).update(is_active=False)
    kind.refresh_from_db()
    with refused("kind_retired", "kind"):
        tag_resident(resident, kind=kind, since=DAY, actor=None, at=AT)
