from datetime import UTC, date, datetime

import pytest

from households.loading.comparison import preview
from households.models import LoadStreet, RegisterLoad
from tests.households.homes import card, home, person
from tests.households.staging_rows import applied, compared, line, load_of, problems, verdicts
from tests.world import World

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 1, tzinfo=UTC)
ANNA, BEA = card(sequence="001"), card(sequence="002")


def loaded(*lines: dict, **facts: object) -> RegisterLoad:
    return compared(load_of(*lines, at=AT, **facts))


def test_counts_are_kept_for_the_load_and_for_each_street(world: World) -> None:
    load = loaded(
        line(0, "张三", at=world.micro_1, address="8号", number=ANNA),
        line(1, "沈外", at=world.micro_b, address="9号"),
        line(2, "无处", at="unknown"),
    )
    assert (load.counts["new"], load.counts["refused"], load.counts["problems"]) == (2, 1, {"place_unknown": 1})
    shares = LoadStreet.objects.order_by("street__code")
    assert [(share.street, share.counts["new"]) for share in shares] == [(world.street_a, 1), (world.street_b, 1)]


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ({}, "unchanged"),
        ({"phone": "13800001234"}, "changed"),
        ({"relation": "户主"}, "changed"),
        ({"born_on": date(1990, 1, 2)}, "changed"),
        ({"dwelling": "rented"}, "changed"),
        ({"landlord_phone": "13800001235"}, "changed"),
        ({"address": "新村三组 8 号"}, "unchanged"),
    ],
)
def test_what_a_line_says_decides_and_what_it_doesnt_say_is_kept(world: World, said: dict, verdict: str) -> None:
    person(home(world.micro_1, "新村三组8号"), "张三", document_number=ANNA, note="老党员")
    facts = {"address": "新村三组8号", "number": ANNA} | said
    assert verdicts(loaded(line(0, "张三", at=world.micro_1, **facts))) == [verdict]


def test_somebody_in_another_household_or_micro_grid_has_moved(world: World) -> None:
    left = home(world.micro_1, "8号")
    person(left, "张三", document_number=ANNA)
    person(left, "李四", document_number=BEA)
    load = loaded(line(0, "张三", at=world.micro_2, address="20号", number=ANNA))
    assert verdicts(load) == ["moved"]
    assert preview.rows(load).rows[0].differences[0].old == "8号"


def test_a_household_is_known_by_its_number_though_its_address_is_another(world: World) -> None:
    person(home(world.micro_1, "8号", number="H1"), "张三", document_number=ANNA)
    load = loaded(line(0, "张三", at=world.micro_1, address="18号", household_number="H1", number=ANNA))
    assert verdicts(load) == ["changed"]
    assert preview.rows(load, names=True).rows[0].differences[0].new == "18号"


def test_a_number_alone_is_not_trusted_when_neither_address_nor_anybody_fits(world: World) -> None:
    person(home(world.micro_1, "8号", number="1"), "张三", document_number=ANNA)
    load = loaded(line(0, "王五", at=world.micro_1, address="30号", household_number="1", number=BEA))
    assert load.counts["new_households"] == 1


def test_a_household_whose_people_all_moved_is_the_same_household(world: World) -> None:
    known = home(world.micro_1, "8号")
    person(known, "张三", document_number=ANNA)
    person(known, "李四", document_number=BEA)
    load = loaded(line(0, "张三", at=world.micro_2, address="9号", number=ANNA), line(0, "李四", number=BEA))
    assert verdicts(load) == ["moved", "moved"]
    assert load.counts["new_households"] == 0


def test_two_households_behind_one_address_stay_apart(world: World) -> None:
    lines = [
        line(0, "张三", at=world.micro_1, address="8号", number=ANNA),
        line(1, "李四", at=world.micro_1, address="8号", number=BEA),
    ]
    applied(load_of(*lines, at=AT), world.street_a, at=AT)
    load = loaded(*reversed(lines))
    assert verdicts(load) == ["unchanged", "unchanged"]


def test_two_households_of_one_number_and_address_are_joined(world: World) -> None:
    load = loaded(
        line(0, "张三", at=world.micro_1, address="8号", household_number="H1", number=ANNA),
        line(1, "李四", address="8号", household_number="H1", number=BEA),
    )
    assert load.counts["new_households"] == 1


def test_somebody_of_the_same_name_and_birth_date_without_a_number_is_doubtful(world: World) -> None:
    person(home(world.micro_1, "8号"), "张三", document_number=ANNA)
    load = loaded(line(0, "张三", at=world.micro_2, address="9号", born_on=date(1990, 1, 1)))
    assert (verdicts(load), problems(load)) == (["doubtful"], [["same_person"]])
    assert load.counts["gone"] == 0


def test_in_the_same_household_they_are_the_same(world: World) -> None:
    person(home(world.micro_1, "8号"), "张三", document_number=ANNA)
    load = loaded(line(0, "张三", at=world.micro_1, address="8号", born_on=date(1990, 1, 1)))
    assert verdicts(load) == ["unchanged"]


def test_one_number_with_two_names_is_doubtful(world: World) -> None:
    person(home(world.micro_1, "8号"), "张三", document_number=ANNA)
    load = loaded(
        line(0, "张山", at=world.micro_1, address="8号", number=ANNA),
        line(1, "赵一", address="9号", number=BEA),
        line(2, "赵二", address="10号", number=BEA),
    )
    assert verdicts(load) == ["doubtful"] * 3
    assert problems(load) == [["two_names"]] * 3


def test_the_same_person_on_a_second_line_is_refused(world: World) -> None:
    load = loaded(
        line(0, "张三", at=world.micro_1, address="8号", number=ANNA),
        line(1, "张三", address="9号", number=ANNA),
        line(2, "婴儿", address="10号", born_on=date(2026, 1, 1)),
        line(2, "婴儿", born_on=date(2026, 1, 1)),
    )
    assert verdicts(load) == ["new", "refused", "new", "refused"]
    assert preview.marks(load) == {0: {3: [("twice_in_file", -1)], 5: [("twice_in_file", -1)]}}


def test_who_is_not_in_the_file_is_gone_where_the_file_names_somebody(world: World) -> None:
    covered, elsewhere = home(world.micro_1, "8号"), home(world.micro_2, "9号")
    person(covered, "张三", document_number=ANNA)
    person(covered, "李四", document_number=BEA)
    person(elsewhere, "王五")
    load = loaded(line(0, "张三", at=world.micro_1, address="8号", number=ANNA))
    assert load.counts["gone"] == 1
    assert [row.name for row in preview.gone_rows(load).rows] == ["李*"]


def test_whose_line_is_refused_is_not_gone(world: World) -> None:
    person(home(world.micro_1, "8号"), "张三", document_number=ANNA)
    load = loaded(
        line(0, "张三", at=world.micro_1, address="8号", problems=[["number_length", 1]]),
        line(0, "李四", number=BEA),
    )
    assert (verdicts(load), load.counts["gone"]) == (["refused", "new"], 0)


def test_numbers_are_masked_and_names_too_unless_one_may_see_them(world: World) -> None:
    person(home(world.micro_1, "8号"), "张三", document_number=ANNA, phone="13900001111")
    load = loaded(line(0, "张三", at=world.micro_1, address="8号", number=ANNA, phone="13800001234"))
    row = preview.rows(load).rows[0]
    assert (row.name, row.differences[0].old, row.differences[0].new) == ("张*", "139****1111", "138****1234")
    assert preview.rows(load, names=True, verdict="changed").rows[0].name == "张三"


def test_rows_come_by_pages_and_by_problem(world: World) -> None:
    load = loaded(
        *(line(n, f"张{n}", at=world.micro_1, address=f"{n}号") for n in range(5)), line(9, "孙", at="outside")
    )
    page = preview.rows(load, page=2, size=2, verdict="new")
    assert ([row.line for row in page.rows], page.total) == ([4, 5], 5)
    assert preview.rows(load, problem="place_outside").total == 1
    assert preview.rows(load, page=99, size=2).number == 3
