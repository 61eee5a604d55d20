"""Organisations and resources as Excel or CSV: the columns of their registers, written through the services."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from import_export.fields import Field

from accounts.models import User
from accounts.spreadsheets import Headers, SheetResource, coded, label_zh
from grids.models import Unit
from households.models import Organisation, Resource
from households.services.assets import (
    Asset,
    add_organisation,
    add_resource,
    correct_organisation,
    correct_resource,
)

_PLACE: Headers = {
    "unit": ("所属编码", "Code of the unit"),
    "street": ("街道", "Sub-district"),
    "community": ("村社", "Community"),
    "grid": ("网格", "Grid"),
    "micro_grid": ("微网格", "Micro-grid"),
}


class AssetSheet(SheetResource):
    """One row is known again by its unit and its name. Names of places are written for people and not read again."""

    NEEDED: ClassVar[Sequence[str]] = ("unit", "name")
    NUMBERS: ClassVar[tuple[str, ...]] = ()
    add: ClassVar[Any]
    correct: ClassVar[Any]

    unit = Field()
    street = Field()
    community = Field()
    grid = Field()
    micro_grid = Field()
    kind = Field()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._facts: dict[str, Any] = {}
        self._actor: User | None = None

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self._actor = kwargs.get("user")
        super().before_import(dataset, **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        rows = self._meta.model._default_manager.select_related(
            "unit__street", "unit__community", "unit__grid", "unit__micro_grid"
        )
        return rows.order_by("unit__code", "name", "pk")

    def cells(self, instance: Asset) -> dict[str, str]:
        """What stands there now; the contact's phone is part of it, so nobody exports from here (see the admin)."""
        if not instance.unit_id:
            return dict.fromkeys(self.HEADERS, "")
        unit = instance.unit
        places = {name: getattr(unit, name) for name in ("street", "community", "grid", "micro_grid")}
        told = {"unit": unit.code, **{name: place.name if place else "" for name, place in places.items()}}
        told["kind"] = label_zh(type(instance).Kind, instance.kind)
        return {name: told[name] if name in told else _said(getattr(instance, name)) for name in self.HEADERS}

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Any:
        code, name = row.get(self.HEADERS["unit"][0], ""), row.get(self.HEADERS["name"][0], "")
        return self.get_queryset().filter(unit__code=code, name=" ".join(name.split())).first()

    def import_instance(self, instance: Any, row: dict[str, str], **kwargs: Any) -> None:
        """Read what the row says; the services judge it when it is written."""
        typed = {name: row[header] for name, (header, _english) in self.HEADERS.items() if header in row}
        unit = Unit.objects.filter(code=typed.pop("unit"), retired_at=None).first()
        if unit is None:
            raise ValidationError({"unit": _("There is no unit in use with this code.")})
        facts: dict[str, Any] = {name: text for name, text in typed.items() if name not in _PLACE}
        if "kind" in facts:
            facts["kind"] = coded(self._meta.model.Kind, facts["kind"], "kind")
        for name in set(self.NUMBERS) & facts.keys():
            facts[name] = _number(name, facts[name])
        if "is_key" in facts:
            facts["is_key"] = facts["is_key"].lower() in {"是", "1", "yes", "true"}
        self._facts = {**facts, "unit": unit}
        if not instance.unit_id:
            instance.unit = unit
        instance.name = facts["name"]

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        if import_validation_errors or not instance.pk:
            return False
        same = {name: value for name, value in self._facts.items() if getattr(original, name) == value}
        return len(same) == len(self._facts)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        facts = dict(self._facts)
        if is_create:
            saved = type(self).add(facts.pop("unit"), facts=facts, actor=self._actor)
        else:
            saved = type(self).correct(instance, facts=facts, actor=self._actor)
        instance.__dict__.update(saved.__dict__)


class OrganisationSheet(AssetSheet):
    HEADERS = {
        **_PLACE,
        "name": ("单位名称", "Name of the organisation"),
        "uscc": ("统一社会信用代码", "Unified social credit code"),
        "kind": ("类别", "Kind"),
        "is_key": ("重点单位", "Key organisation"),
        "address": ("地址", "Address"),
        "hazards": ("危险源", "Hazards"),
        "contact_name": ("联系人", "Contact"),
        "contact_phone": ("电话", "Phone"),
        "headcount": ("人数", "Headcount"),
        "note": ("备注", "Note"),
    }
    NUMBERS = ("headcount",)
    add = add_organisation
    correct = correct_organisation

    class Meta(SheetResource.Meta):
        model = Organisation
        fields = (
            *("unit", "street", "community", "grid", "micro_grid", "name", "uscc", "kind", "is_key", "address"),
            *("hazards", "contact_name", "contact_phone", "headcount", "note"),
        )
        import_id_fields = ("unit", "name")
        clean_model_instances = False  # the service judges the row


class ResourceSheet(AssetSheet):
    HEADERS = {
        **_PLACE,
        "kind": ("类别", "Kind"),
        "name": ("资源名称", "Name of the resource"),
        "quantity": ("数量", "Quantity"),
        "measure": ("计量单位", "Counted in"),
        "place": ("所在位置", "Where it is"),
        "owner": ("所有者", "Owner"),
        "contact_name": ("联系人", "Contact"),
        "contact_phone": ("电话", "Phone"),
        "note": ("备注", "Note"),
    }
    NEEDED = ("unit", "kind", "name")
    NUMBERS = ("quantity",)
    add = add_resource
    correct = correct_resource

    class Meta(SheetResource.Meta):
        model = Resource
        fields = (
            *("unit", "street", "community", "grid", "micro_grid", "kind", "name", "quantity", "measure"),
            *("place", "owner", "contact_name", "contact_phone", "note"),
        )
        import_id_fields = ("unit", "name")
        clean_model_instances = False


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def _number(name: str, text: str) -> int | None:
    if not text:
        return 1 if name == "quantity" else None
    try:
        return int(float(text))
    except ValueError as error:
        raise ValidationError({name: _("Write a whole number.")}) from error
