"""Roles, departments and rules of size as Excel or CSV."""

from typing import Any

from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import ForeignKeyWidget, Widget

from accounts.spreadsheets import SheetResource, YesNoWidget
from grids.models import Ability, Department, Kind, Role, SizingRule, Unit


class StreetWidget(ForeignKeyWidget):
    """A live sub-district by its code; empty for the whole district."""

    def __init__(self) -> None:
        super().__init__(Unit, field="code")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Unit | None:
        if not value:
            return None
        street = Unit.objects.filter(code=value, kind=Kind.STREET, retired_at=None).first()
        if street is None:
            raise ValueError(_("There is no sub-district with the code “%(code)s”.") % {"code": value})
        return street


class AbilitiesWidget(Widget):
    """Abilities by their codes, divided by semicolons."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        codes = [code.strip() for code in str(value or "").replace("；", ";").split(";") if code.strip()]
        if unknown := [code for code in codes if code not in Ability]:
            known = ";".join(Ability.values)
            raise ValueError(
                _("Unknown abilities: %(unknown)s. Write some of %(known)s.")
                % {"unknown": ";".join(unknown), "known": known}
            )
        return codes

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return ";".join(value or [])


class DepartmentResource(SheetResource):
    HEADERS = {
        "code": ("编码", "Code"),
        "name": ("名称", "Name"),
        "name_en": ("英文名称", "English name"),
        "street": ("街道编码", "Sub-district code"),
        "is_active": ("在用", "In use"),
    }
    NEEDED = ("code",)

    street = Field(attribute="street", widget=StreetWidget())
    is_active = Field(attribute="is_active", widget=YesNoWidget())

    class Meta(SheetResource.Meta):
        model = Department
        fields = ("code", "name", "name_en", "street", "is_active")
        import_id_fields = ("code",)


class RoleResource(SheetResource):
    HEADERS = {
        "code": ("编码", "Code"),
        "name": ("名称", "Name"),
        "name_en": ("英文名称", "English name"),
        "abilities": ("权限", "Abilities"),
    }
    NEEDED = ("code",)

    abilities = Field(attribute="abilities", widget=AbilitiesWidget())

    class Meta(SheetResource.Meta):
        model = Role
        fields = ("code", "name", "name_en", "abilities")
        import_id_fields = ("code",)


class SizingRuleResource(SheetResource):
    HEADERS = {
        "kind": ("层级", "Kind"),
        "form": ("类型", "Form"),
        "use": ("用途", "Use"),
        "counts": ("计数", "Counted"),
        "least": ("下限", "At least"),
        "most": ("上限", "At most"),
        "is_active": ("在用", "In use"),
    }
    NEEDED = ("kind", "counts")

    is_active = Field(attribute="is_active", widget=YesNoWidget())

    class Meta(SheetResource.Meta):
        model = SizingRule
        fields = ("kind", "form", "use", "counts", "least", "most", "is_active")
        import_id_fields = ("kind", "form", "use", "counts")
