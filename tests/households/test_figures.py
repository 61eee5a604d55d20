"""The numbers of units: equal to counting one by one, and new whenever the register is."""

from datetime import date

from grids.models import Kind, Unit
from households.figures import Figures, assets_of, figures_of, figures_of_all
from households.models import Household, Organisation, Resident, ResidentTag, Resource, TagKind
from households.rules import years_before
from households.services import move_household, move_out
from tests.households.homes import AT, LATER, born, card, home, person

ON = date(2026, 11, 22)


def counted_one_by_one(unit: Unit, on: date) -> Figures:
    """The naive count: every household and person looked at."""
    column = f"{unit.kind}_id"
    figures = Figures()
    for household in Household.objects.select_related("unit"):
        if getattr(household.unit, column) != unit.pk or household.unit.retired_at:
            continue
        here = [each for each in household.residents.all() if each.moved_out_on is None or each.moved_out_on > on]
        here = [each for each in here if each.moved_in_on is None or each.moved_in_on <= on]
        is_vacant = household.dwelling == "vacant"
        figures.households += 1
        figures.vacant += is_vacant
        figures.empty += not here and not is_vacant
        for each in here:
            count_person(figures, each, on)
    return figures


def count_person(figures: Figures, each: Resident, on: date) -> None:
    figures.residents += 1
    setattr(figures, each.residence, getattr(figures, each.residence) + 1)
    figures.without_phone += not each.phone
    figures.odd_number += each.number_check in ("invalid", "old")
    if each.born_on is None:
        figures.without_birth_date += 1
    else:
        for age in (60, 65, 80):
            name = f"over_{age}"
            setattr(figures, name, getattr(figures, name) + (each.born_on <= years_before(on, age)))
        figures.minors += each.born_on > years_before(on, 18)
    others = Resident.objects.exclude(household=each.household).filter(moved_out_on=None)
    twin = each.document_fingerprint and others.filter(document_fingerprint=each.document_fingerprint)
    figures.in_two_households += bool(twin)
    tags = ResidentTag.objects.filter(resident=each, until=None)
    figures.key_people += tags.exists()
    for tag in tags:
        figures.by_kind[tag.kind.code] = figures.by_kind.get(tag.kind.code, 0) + 1


def fill(world) -> None:
    alone = TagKind.objects.create(code="alone", name="独居老人")
    ill = TagKind.objects.create(code="ill", name="重病", is_sensitive=True)
    first = home(world.micro_1, "一号")
    old = born(person(first, "甲一", phone="13812341234", document_number=card("19400101")), date(1940, 1, 1))
    born(person(first, "甲二", residence="floating"), date(1966, 11, 22))  # sixty today
    born(person(first, "甲三"), date(2008, 11, 22))  # eighteen today
    gone = person(first, "甲四")
    move_out(gone, on=date(2026, 11, 20), actor=None, at=LATER)
    second = home(world.micro_3, "二号")
    twin = person(second, "乙一", residence="elsewhere")
    fingerprint = Resident.objects.get(pk=old.pk).document_fingerprint
    Resident.objects.filter(pk=twin.pk).update(document_fingerprint=fingerprint, number_check="old")
    person(home(world.micro_b, "三号"), "丙一", residence="foreign")
    home(world.micro_5, "四号", dwelling="vacant")
    home(world.micro_5, "五号")
    for kind in (alone, ill):
        ResidentTag.objects.create(resident=old, kind=kind, since=date(2026, 1, 1))
    ResidentTag.objects.create(resident=twin, kind=ill, since=date(2026, 1, 1))


def test_figures_are_what_counting_one_by_one_gives(world):
    fill(world)
    units = [world.street_a, world.street_b, world.community_1, world.grid_1, world.micro_1, world.micro_2]
    for unit in units:
        assert figures_of(unit, on=ON) == counted_one_by_one(unit, ON), unit.name
    assert figures_of_all(units, on=ON) == {unit.pk: counted_one_by_one(unit, ON) for unit in units}


def test_the_district_is_the_sum_of_its_streets(world):
    fill(world)
    streets = [figures_of(street, on=ON) for street in (world.street_a, world.street_b)]
    assert figures_of(None, on=ON).residents == sum(each.residents for each in streets) == 5


def test_a_change_of_the_register_is_in_the_next_figures(world, django_assert_num_queries):
    household = home(world.micro_1, "一号")
    somebody = person(household, "甲一")
    assert figures_of(world.grid_1, on=ON).residents == 1
    with django_assert_num_queries(2):  # the version, the micro-grids: nothing is counted anew
        figures_of(world.grid_1, on=ON)

    move_household(household, micro_grid=world.micro_3, actor=None, at=LATER)
    assert (figures_of(world.grid_1, on=ON).residents, figures_of(world.grid_2, on=ON).residents) == (0, 1)
    move_out(somebody, on=date(2026, 11, 21), actor=None, at=LATER)
    assert figures_of(world.street_a, on=ON).residents == 0


def test_the_figures_of_many_units_cost_no_more_than_of_one(world, django_assert_max_num_queries):
    fill(world)
    units = list(Unit.objects.filter(street=world.street_a).exclude(kind=Kind.HOUSEHOLD))
    figures_of(world.street_a, on=ON)
    with django_assert_max_num_queries(2):
        figures_of_all(units, on=ON)


def test_a_door_has_no_figures(world):
    assert figures_of(world.household_1, on=ON) == Figures()


def test_organisations_and_resources_are_counted_as_they_stand(world):
    Organisation.objects.create(unit=world.micro_1, name="学校", is_key=True, changed_at=AT)
    Organisation.objects.create(unit=world.micro_3, name="旧店", closed_on=ON, changed_at=AT)
    Resource.objects.create(unit=world.grid_1, kind="venue", name="礼堂", changed_at=AT)

    assets = assets_of(world.street_a, on=ON)
    assert (assets.organisations, assets.key_organisations, assets.resources) == (1, 1, 1)
    assert assets_of(world.grid_2, on=ON).organisations == 0


def test_years_before_a_leap_day():
    assert years_before(date(2028, 2, 29), 60) == date(1968, 2, 29)
    assert years_before(date(2028, 2, 29), 65) == date(1963, 2, 28)
