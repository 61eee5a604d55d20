"""The usual way, to compare with: django-import-export reads the workbook, MPTT saves each new place.

As its documentation shows it: `before_import_row` gets or makes what the row points to, rows are saved one by one.
"""

from pathlib import Path
from typing import Any

from import_export import fields, resources, widgets
from import_export.formats.base_formats import XLSX
from mptt.models import MPTTModel

import clock
from grids.models import District, Kind, Unit
from households.models import Household, Resident

# The benchmark alone opens the doors that the product keeps shut.
Unit.save, Unit.insert_at, Unit.move_to = MPTTModel.save, MPTTModel.insert_at, MPTTModel.move_to  # type: ignore[method-assign]


class _Residents(resources.ModelResource):
    name = fields.Field(attribute="name", column_name="姓名")
    document_number = fields.Field(attribute="document_number", column_name="身份证号")
    sex = fields.Field(attribute="sex", column_name="性别")
    born_on = fields.Field(attribute="born_on", column_name="出生日期", widget=widgets.DateWidget())
    phone = fields.Field(attribute="phone", column_name="联系电话")
    relation = fields.Field(attribute="relation", column_name="与户主关系")
    residence = fields.Field(attribute="residence", column_name="户籍类型")
    household = fields.Field(attribute="household_id", column_name="household")
    made_at = fields.Field(attribute="made_at", column_name="made_at")
    changed_at = fields.Field(attribute="changed_at", column_name="made_at")

    class Meta:
        model = Resident
        fields = (
            *("name", "document_number", "sex", "born_on", "phone", "relation", "residence"),
            *("household", "made_at", "changed_at"),
        )
        import_id_fields = ("document_number",)
        use_transactions = True

    def get_instance(self, instance_loader: Any, row: Any) -> None:
        """Sealed numbers can't be looked up; a first load finds nobody anyway, which spares it a query a row."""

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        row["household"] = self._household(row).pk
        row["made_at"] = self.now

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.now = clock.now()
        self.district = District.objects.get_or_create(code="999998", defaults={"name": "对照区"})[0]

    def _household(self, row: Any) -> Unit:
        street = self._unit(None, Kind.STREET, "对照街道", "S")
        community = self._unit(street, Kind.COMMUNITY, row["社区"], "S" + row["社区"])
        grid = self._unit(community, Kind.GRID, row["网格"], community.code + row["网格"])
        micro = self._unit(grid, Kind.MICRO_GRID, row["微网格"], grid.code + row["微网格"])
        door = self._unit(micro, Kind.HOUSEHOLD, row["住址"], row["户号"])
        Household.objects.get_or_create(
            unit=door, defaults={"address": row["住址"], "made_at": self.now, "changed_at": self.now}
        )
        return door

    def _unit(self, parent: Unit | None, kind: str, name: str, code: str) -> Unit:
        made: dict[str, Any] = {"kind": kind, "name": name, "made_at": self.now, "district": self.district}
        return Unit.objects.get_or_create(code=code[-24:], parent=parent, defaults=made)[0]


def load(path: Path) -> int:
    """Import the workbook; returns how many lines it had."""
    dataset = XLSX().create_dataset(path.read_bytes())
    result = _Residents().import_data(dataset, raise_errors=True)
    return int(result.totals["new"])
