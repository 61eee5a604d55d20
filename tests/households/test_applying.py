from datetime import UTC, date, datetime

import pytest

from grids import soundness
from households.models import Household, RegisterChange, Resident
from tests.households.staging_rows import applied, compared, line, load_of, verdicts
from tests.world import World

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 11, 20, 1, tzinfo=UTC)
SECOND = datetime(2026, 11, 21, 1, tzinfo=UTC)


def test_a_first_load_brings_doors_households_and_people(world: World) -> None:
    load = load_of(
        line(0, "张三", at=world.micro_1, address="2幢1单元501室", number="330206199001010013", relation="户主"),
        line(0, "李四", phone="13800001234"),
        line(1, "王五", at=world.micro_2, address="2幢1单元502室", born_on=date(1980, 2, 3)),
        line(2, at=world.micro_2, address="2幢1单元503室", dwelling="vacant"),
        at=FIRST,
    )
    written = applied(load, world.street_a, at=FIRST)
    assert (written["new"], written["new_households"]) == (3, 3)
    homes = Household.objects.order_by("unit__code")
    assert [home.unit.name for home in homes] == ["2幢1单元501室", "2幢1单元502室", "2幢1单元503室"]
    assert Resident.objects.get(name="张三").document_number == "330206199001010013"
    assert soundness.findings() == []


def test_the_same_file_again_changes_nothing(world: World) -> None:
    lines = [
        line(0, "张三", at=world.micro_1, address="2幢1单元501室", number="330206199001010013", relation="户主"),
        line(0, "李四", phone="13800001234"),
        line(1, "王五", at=world.micro_2, address="2幢1单元502室", born_on=date(1980, 2, 3)),
    ]
    applied(load_of(*lines, at=FIRST), world.street_a, at=FIRST)
    again = compared(load_of(*lines, at=SECOND))
    assert verdicts(again) == ["unchanged"] * 3
    assert again.counts["gone"] == 0
    applied(again, world.street_a, at=SECOND)
    assert RegisterChange.objects.count() == 0
    assert set(Resident.objects.values_list("changed_at", flat=True)) == {FIRST}
