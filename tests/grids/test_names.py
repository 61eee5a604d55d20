"""How a place is said in one line."""

import pytest

from grids.models import Kind, Unit
from grids.models.unit import in_one_line


def line(*names: str, ends_in: Kind = Kind.GRID) -> list[Unit]:
    return [*(Unit(name=name, kind=Kind.COMMUNITY) for name in names[:-1]), Unit(name=names[-1], kind=ends_in)]


@pytest.mark.parametrize(
    ("units", "said"),
    [
        (line("青林村", "青林村第2网格"), "青林村第2网格"),
        (line("青林村", "第2网格"), "青林村 第2网格"),
        (line("大碶街道", "青林村", "青林村第2网格"), "大碶街道 青林村第2网格"),
        (line("1", "101", ends_in=Kind.HOUSEHOLD), "1 101"),
        (line("青林村"), "青林村"),
    ],
)
def test_what_the_next_name_begins_with_is_not_said_twice(units, said):
    assert in_one_line(units) == said
