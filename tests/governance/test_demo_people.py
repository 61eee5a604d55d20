"""The invented people of the demonstration: right numbers, right sums, believable families, the same every time."""

from collections import Counter, defaultdict
from datetime import date

import pytest

from governance.demo import layout, numbers, people, scales
from governance.demo.names import LOCAL_SURNAMES, NATIONAL_SURNAMES, surname_table

ON = date(2026, 11, 22)
SEED = 20261122
PARENTS = {"父亲", "母亲"}
CHILDREN = {"子", "女"}
SPOUSES = {"配偶"}
GRANDCHILDREN = {"孙子", "孙女", "外孙", "外孙女"}


def small_plan():
    divisions = [
        layout.Division("330206004", code, f"第{number}村", "village" if code[9] == "2" else "residents")
        for number, code in enumerate(scales.SMALL.communities)
    ]
    return layout.plan(divisions, scales.SMALL, seed=SEED)


def age(person, on=ON):
    return on.year - person.born_on.year - ((on.month, on.day) < (person.born_on.month, person.born_on.day))


@pytest.fixture(scope="module")
def filled():
    return list(people.fill(small_plan(), seed=SEED, on=ON))


@pytest.fixture(scope="module")
def households(filled):
    return [household for _, behind in filled for household in behind]


@pytest.fixture(scope="module")
def residents(households):
    return [person for household in households for person in household.members]


def test_known_id_numbers_have_their_known_check_digit():
    assert numbers.check_digit("11010519491231002") == "X"
    assert numbers.check_digit("11010119900307771") == "5"


def test_every_id_number_agrees_with_its_check_digit_birth_date_and_sex(residents):
    counties = {numbers.HOME_COUNTY}.union(*numbers.counties().values())
    for person in residents:
        number = person.id_number
        assert len(number) == 18
        assert number[17] == numbers.check_digit(number[:17])
        assert number[6:14] == person.born_on.strftime("%Y%m%d")
        assert (int(number[16]) % 2 == 1) == (person.sex == "male")
        assert number[:6] in counties


def test_no_id_number_is_given_twice(residents):
    assert len({person.id_number for person in residents}) == len(residents)


def test_the_sequence_steps_aside_when_a_day_is_crowded():
    source = numbers.NumberSource(people.Random(1))
    given = {source.id_number("330206", ON.toordinal(), "female") for _ in range(400)}
    assert len(given) == 400


def test_phones_are_well_formed_and_in_ranges_that_no_operator_holds(residents):
    phones = [person.phone for person in residents if person.phone]
    assert phones
    for phone in phones:
        assert len(phone) == 11
        assert phone.isdigit()
        assert phone.startswith(numbers.UNASSIGNED_PREFIXES)


def test_small_children_have_no_phone(residents):
    assert not [person for person in residents if age(person) < 12 and person.phone]


def test_the_small_scale_has_exactly_the_people_and_doors_it_promises(filled, households, residents):
    scale = scales.SMALL
    kinds = Counter(person.residence for person in residents)
    assert len(filled) == scale.micro_grids
    assert len(households) == scale.households
    assert kinds == {"registered": scale.registered, "elsewhere": scale.elsewhere, "floating": scale.floating}
    assert Counter(household.dwelling for household in households) == {
        "owned": scale.owned,
        "rented": scale.rented,
        "dormitory": scale.dormitories,
    }


def test_the_street_scale_promises_the_published_figures():
    scale = scales.STREET
    assert (scale.grids, scale.micro_grids, scale.households) == (272, 1_010, 25_381)
    assert (scale.registered, scale.floating, scale.residents) == (63_000, 154_000, 217_000)


def test_the_city_scale_promises_a_county_level_city():
    assert (scales.CITY.households, scales.CITY.residents) == (240_000, 910_000)


def test_same_seed_same_people_other_seed_other_people():
    def first(seed):
        return next(people.fill(small_plan(), seed=seed, on=ON))

    assert first(SEED) == first(SEED)
    assert first(SEED) != first(SEED + 1)


def test_no_address_stands_twice_in_a_micro_grid(filled):
    for micro_grid, behind in filled:
        addresses = {household.address for household in behind}
        assert len(addresses) == len(behind) == micro_grid.households
        assert all(address.startswith(micro_grid.place) for address in addresses)


def test_every_household_has_one_grown_up_head_who_stands_first(households):
    for household in households:
        relations = [person.relation for person in household.members]
        assert relations[0] == "户主"
        assert relations.count("户主") == 1
        assert age(household.members[0]) >= 18


def test_a_family_has_at_most_seven_members_beside_its_lodgers(households):
    for household in households:
        family = [person for person in household.members if person.relation != "租客"]
        assert 1 <= len(family) <= (8 if household.dwelling == "dormitory" else 7)


def test_the_relations_in_a_family_are_possible(households):
    for household in households:
        head = household.members[0]
        by_relation = defaultdict(list)
        for person in household.members:
            by_relation[person.relation].append(person)
        spouses = [person for word in SPOUSES for person in by_relation[word]]
        parents = [person for word in PARENTS for person in by_relation[word]]
        children = [person for word in CHILDREN for person in by_relation[word]]
        assert len(spouses) <= 1
        assert all(person.sex != head.sex and age(person) >= 20 for person in spouses)
        assert len(by_relation["父亲"]) <= 1
        assert len(by_relation["母亲"]) <= 1
        assert all(age(person) - age(head) >= 18 for person in parents)
        assert all(age(parent) - age(child) >= 18 for parent in [head, *spouses] for child in children)


def test_grandchildren_come_with_both_their_parents_grown_up(households):
    for household in households:
        small = [person for person in household.members if person.relation in GRANDCHILDREN]
        middle = [person for person in household.members if person.relation in CHILDREN | {"儿媳", "女婿"}]
        if small:
            assert len(middle) == 2
            assert all(age(parent) - age(child) >= 18 for parent in middle for child in small)


def test_children_carry_their_fathers_surname(households):
    for household in households:
        head = household.members[0]
        husband = next(
            (person for person in household.members if person.relation == "配偶" and person.sex == "male"), head
        )
        for person in household.members:
            if person.relation in CHILDREN:
                assert person.name[0] == husband.name[0]


def test_nobody_is_older_than_a_hundred_and_every_age_group_is_there(residents):
    ages = [age(person) for person in residents]
    assert min(ages) == 0
    assert 85 <= max(ages) <= 101
    assert 0.05 < sum(one < 15 for one in ages) / len(ages) < 0.25
    assert 0.08 < sum(one >= 65 for one in ages) / len(ages) < 0.30


def test_lodgers_rent_rooms_in_farmhouses_only(filled):
    for micro_grid, behind in filled:
        lodgers = [person for household in behind for person in household.members if person.relation == "租客"]
        assert micro_grid.is_rural or not lodgers


def test_rented_doors_and_dormitories_name_their_landlord(households):
    for household in households:
        assert bool(household.landlord) == (household.dwelling != "owned")


def test_about_a_hundred_surnames_are_in_use():
    assert len(surname_table(NATIONAL_SURNAMES)) >= 100
    assert len(surname_table(LOCAL_SURNAMES)) >= 80


@pytest.mark.parametrize(("count", "total"), [(10, 10), (10, 37), (10, 70)])
def test_sizes_sum_exactly_within_their_bounds(count, total):
    sizes = people.exact_sizes(people.Random(3), count, total, 1, (1,) * 7)
    assert len(sizes) == count
    assert sum(sizes) == total
    assert set(sizes) <= set(range(1, 8))


@pytest.mark.parametrize("total", [9, 71])
def test_impossible_sizes_are_refused(total):
    with pytest.raises(ValueError, match="can't sum"):
        people.exact_sizes(people.Random(3), 10, total, 1, (1,) * 7)
