"""Rules of dispatch as Excel or CSV."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from import_export.fields import Field

from accounts.errors import Refused
from accounts.spreadsheets import SheetResource, YesNoWidget
from dispatch.dispatch_rules import check_rule
from dispatch.models import DispatchRule
from dispatch.resources.codes import CodesWidget, CodeWidget
from dispatch.resources.widgets import ChoiceWidget, WholeNumberWidget
from grids.models import Department, Kind, Mode, Unit

_DEPARTMENTS = Department.objects.filter(is_active=True)
_PLACES = Unit.objects.filter(retired_at=None).exclude(kind=Kind.HOUSEHOLD)


class NoUnlessSaidWidget(YesNoWidget):
    """是 or 否; an empty cell is no: what acts by itself is switched on in so many words."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        return super().clean(value or "否", row, **kwargs)


class DispatchRuleResource(SheetResource):
    """One row a rule, found again by its name."""

    HEADERS = {
        "name": ("名称", "Name"),
        "position": ("顺序", "Order"),
        "category_code": ("类别编码", "Category code"),
        "unit": ("地点编码", "Place code"),
        "mode": ("运行模式", "Mode"),
        "level_from": ("最低级别", "From level"),
        "level_to": ("最高级别", "To level"),
        "lead": ("主办部门编码", "Lead department code"),
        "assisting": ("协办部门编码", "Assisting department codes"),
        "is_automatic": ("自动分派", "Dispatches by itself"),
        "is_active": ("在用", "In use"),
    }
    NEEDED = ("name", "position", "lead")

    position = Field(attribute="position", widget=WholeNumberWidget())
    unit = Field(attribute="unit", widget=CodeWidget(_PLACES))
    mode = Field(attribute="mode", widget=ChoiceWidget(Mode, empty=""))
    level_from = Field(attribute="level_from", widget=WholeNumberWidget())
    level_to = Field(attribute="level_to", widget=WholeNumberWidget())
    lead = Field(attribute="lead", widget=CodeWidget(_DEPARTMENTS))
    assisting = Field(attribute="assisting", widget=CodesWidget(_DEPARTMENTS))
    is_automatic = Field(attribute="is_automatic", widget=NoUnlessSaidWidget())
    is_active = Field(attribute="is_active", widget=YesNoWidget())

    class Meta(SheetResource.Meta):
        model = DispatchRule
        fields = (
            *("name", "position", "category_code", "unit", "mode", "level_from", "level_to"),
            *("lead", "assisting", "is_automatic", "is_active"),
        )
        import_id_fields = ("name",)

    def save_instance(self, instance: DispatchRule, is_create: bool, row: dict[str, str], **kwargs: Any) -> None:
        """Judged before it is written, with the assisting departments of the row."""
        assisting = self.fields["assisting"].clean(row) if self.HEADERS["assisting"][0] in row else []
        code, unit, lead = instance.category_code, instance.unit, instance.lead
        try:
            check_rule(category_code=code, unit=unit, lead=lead, assisting=assisting)
        except Refused as refusal:
            raise ValidationError({refusal.field or NON_FIELD_ERRORS: refusal.message}) from refusal
        super().save_instance(instance, is_create, row, **kwargs)
