"""The columns that say where something is, the same in every register."""

from django.utils.translation import pgettext_lazy

from households.loading.fields import Field
from households.registers.columns import Column


def places(unit: str = "unit__") -> tuple[Column, ...]:
    """Community, grid and micro-grid, as a load reads them. `unit` leads to the unit from the row."""
    return (
        Column("community", Field.COMMUNITY.label, f"{unit}community__name", width=16),
        Column("grid", Field.GRID.label, f"{unit}grid__name", width=18, on_page=False),
        Column("micro_grid", Field.MICRO_GRID.label, f"{unit}micro_grid__name", width=22),
    )


def unit_code(unit: str = "unit__") -> Column:
    """What an import knows the unit again by."""
    return Column("unit", pgettext_lazy("column", "Code of the unit"), f"{unit}code", width=20, on_page=False)


def street(unit: str = "unit__") -> Column:
    return Column("street", pgettext_lazy("column", "Sub-district"), f"{unit}street__name", width=12, on_page=False)
