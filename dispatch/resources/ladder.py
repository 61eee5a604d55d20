"""The ladder as Excel or CSV."""

from typing import Any

from import_export.fields import Field

from accounts.spreadsheets import SheetResource, YesNoWidget
from dispatch.escalation.ladder import check_all_held
from dispatch.models import LadderRung
from dispatch.models.escalation import Tier
from dispatch.resources.codes import CodeWidget
from dispatch.resources.widgets import ChoiceWidget, WholeNumberWidget
from grids.models import Role
from grids.resources import StreetWidget


class LadderRungResource(SheetResource):
    """One row a rung, found again by its sub-district, tier and role."""

    HEADERS = {
        "street": ("街道编码", "Sub-district code"),
        "tier": ("层级", "Tier"),
        "role": ("角色编码", "Role code"),
        "after_minutes": ("超时后（分钟）", "Minutes after the limit"),
        "level_from": ("最低级别", "From level"),
        "is_active": ("在用", "In use"),
    }
    NEEDED = ("tier", "role", "after_minutes")
    ASSUMED = ("street",)

    street = Field(attribute="street", widget=StreetWidget())
    tier = Field(attribute="tier", widget=ChoiceWidget(Tier))
    role = Field(attribute="role", widget=CodeWidget(Role.objects.all()))
    after_minutes = Field(attribute="after_minutes", widget=WholeNumberWidget())
    level_from = Field(attribute="level_from", widget=WholeNumberWidget())
    is_active = Field(attribute="is_active", widget=YesNoWidget())

    class Meta(SheetResource.Meta):
        model = LadderRung
        fields = ("street", "tier", "role", "after_minutes", "level_from", "is_active")
        import_id_fields = ("street", "tier", "role")

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """The file is judged as a whole: on every ladder, as it would be then, somebody must stand."""
        super().after_import(dataset, result, **kwargs)
        if not result.has_errors() and not result.has_validation_errors():
            check_all_held()
