"""Invented households for the tests of the register, and short ways of asking what became of them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.errors import Refused
from grids.models import Unit
from households.loading.cleaning.identity import check_digit
from households.models import Household, RegisterChange, Resident
from households.services import add_household, add_resident

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


def card(born: str = "19900101", sequence: str = "001") -> str:
    """A number that passes the check and belongs to nobody: county 330299 was never given."""
    first17 = f"330299{born}{sequence}"
    return first17 + check_digit(first17)


def home(micro_grid: Unit, address: str = "新村三组8号", **facts: Any) -> Household:
    return add_household(micro_grid, actor=None, at=AT, address=address, **facts)


def person(household: Household, name: str = "张三", **facts: Any) -> Resident:
    return add_resident(household, actor=None, at=AT, name=name, **facts)


def born(resident: Resident, day: date) -> Resident:
    Resident.objects.filter(pk=resident.pk).update(born_on=day)
    resident.refresh_from_db()
    return resident


def changes_of(row: Household | Resident) -> list[str]:
    """What happened to the household itself or to the person, the oldest first."""
    about = {"resident": row} if isinstance(row, Resident) else {"household": row, "resident": None}
    return list(RegisterChange.objects.filter(**about).order_by("pk").values_list("what", flat=True))


def refused(code: str, field: str | None = None) -> Any:
    """`with refused("address_taken", "address"):` the block must raise exactly that."""
    is_it: Callable[[Refused], bool] = lambda error: (error.code, error.field) == (code, field)  # noqa: E731
    return pytest.raises(Refused, check=is_it)
