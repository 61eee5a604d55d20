"""Units and posts as Excel or CSV, written through `grids.tree` and `grids.staffing`."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from import_export.fields import Field

from accounts.models import User
from accounts.spreadsheets import SheetResource, coded, label_zh
from grids import staffing, tree
from grids.models import Ability, Department, Form, Kind, Post, Role, Unit, Use
from grids.posts import has_ability

REASON = "从文件导入"


class UnitSheet(SheetResource):
    """The tiers above the doors. A row with a code changes that unit; one without adds a unit below its parent.

    Parents must exist: load a street tier by tier, each with the codes that the export of the last one shows. Moving
    and retiring have pages of their own, because they ask before they act.
    """

    HEADERS = {
        "parent": ("上级编码", "Code of the parent"),
        "code": ("编码", "Code"),
        "kind": ("层级", "Kind"),
        "name": ("名称", "Name"),
        "form": ("类型", "Form"),
        "use": ("用途", "Use"),
        "responsible_org": ("责任单位", "Responsible organisation"),
    }
    NEEDED = ("code", "name")

    parent = Field()

    class Meta(SheetResource.Meta):
        model = Unit
        fields = ("parent", "code", "kind", "name", "form", "use", "responsible_org")
        import_id_fields = ("code",)
        clean_model_instances = False  # the tree judges

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._actor: User | None = None
        self._wanted: dict[str, Any] = {}
        self._below: Unit | None = None

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self._actor = kwargs.get("user")
        super().before_import(dataset, **kwargs)

    def get_queryset(self) -> QuerySet[Unit]:
        units = Unit.objects.filter(retired_at=None).exclude(kind=Kind.HOUSEHOLD)
        return units.select_related("parent").order_by("street__code", "lft")

    def cells(self, instance: Unit) -> dict[str, str]:
        parent = instance.parent if instance.pk else self._below
        return {
            "parent": parent.code if parent else "",
            "code": instance.code,
            "kind": label_zh(Kind, instance.kind),
            "name": instance.name,
            "form": label_zh(Form, instance.form),
            "use": label_zh(Use, instance.use),
            "responsible_org": instance.responsible_org,
        }

    def import_instance(self, instance: Unit, row: dict[str, str], **kwargs: Any) -> None:
        typed = {name: row[header] for name, (header, _english) in self.HEADERS.items() if header in row}
        facts: dict[str, Any] = {name: typed[name] for name in ("name", "responsible_org") if name in typed}
        facts |= {"form": coded(Form, typed["form"], "form")} if "form" in typed else {}
        facts |= {"use": coded(Use, typed["use"], "use") or Use.RESIDENTIAL} if "use" in typed else {}
        self._wanted = facts
        if instance.pk:
            self._check_right(instance, "code")
        elif typed["code"]:
            raise ValidationError({"code": _("There is no unit in use with this code.")})
        else:
            self._wanted |= {"kind": coded(Kind, typed.get("kind", ""), "kind")}
            self._below = self._parent(typed.get("parent", ""))
            instance.kind = self._wanted["kind"]
        for name, value in facts.items():
            setattr(instance, name, value)

    def skip_row(self, instance: Unit, original: Unit, row: Any, import_validation_errors: Any = None) -> bool:
        if import_validation_errors or not instance.pk:
            return False
        return all(getattr(original, name) == value for name, value in self._wanted.items())

    def do_instance_save(self, instance: Unit, is_create: bool) -> None:
        if is_create:
            assert self._below is not None, "import_instance"  # noqa: S101
            saved = tree.add_unit(self._below, actor=self._actor, reason=REASON, **self._wanted)
        else:
            saved = tree.edit_unit(instance, actor=self._actor, reason=REASON, **self._wanted)
        instance.__dict__.update(saved.__dict__)

    def _parent(self, code: str) -> Unit:
        parent = Unit.objects.filter(code=code, retired_at=None).first()
        if parent is None:
            raise ValidationError({"parent": _("There is no unit in use with this code.")})
        self._check_right(parent, "parent")
        return parent

    def _check_right(self, unit: Unit, field: str) -> None:
        actor = self._actor
        if actor is not None and not actor.is_superuser and not has_ability(actor, Ability.MANAGE_TREE, unit):
            raise ValidationError({field: _("No post of yours lets you do this here.")})


class PostSheet(SheetResource):
    """Who serves what: accounts by their names, roles and places by their codes. A last day ends a post.

    Accounts are made on their own page, with a first password that their owner changes; no file carries passwords.
    """

    HEADERS = {
        "user": ("账号", "Account"),
        "name": ("姓名", "Name"),
        "phone": ("联系电话", "Phone"),
        "role": ("角色编码", "Role code"),
        "unit": ("网格编码", "Unit code"),
        "department": ("部门编码", "Department code"),
        "place": ("服务对象", "Serves"),
        "employment": ("用工形式", "Employment"),
        "starts_on": ("起始日期", "First day"),
        "ends_on": ("截止日期", "Last day"),
    }
    NEEDED = ("user", "role", "starts_on")

    user = Field()
    name = Field()
    phone = Field()
    role = Field()
    unit = Field()
    department = Field()
    place = Field()

    class Meta(SheetResource.Meta):
        model = Post
        fields = (
            *("user", "name", "phone", "role", "unit", "department", "place"),
            *("employment", "starts_on", "ends_on"),
        )
        import_id_fields = ("user",)
        clean_model_instances = False  # staffing judges

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._actor: User | None = None

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        user = kwargs.get("user")
        self._actor = None if user is not None and user.is_superuser else user
        super().before_import(dataset, **kwargs)

    def get_queryset(self) -> QuerySet[Post]:
        related = ("user", "role", "unit", "department", "district")
        return Post.objects.select_related(*related).order_by("user__username", "starts_on", "pk")

    def cells(self, instance: Post) -> dict[str, str]:
        if not instance.user_id:
            return dict.fromkeys(self.HEADERS, "")
        return {
            "user": instance.user.username,
            "name": instance.user.name,
            "phone": instance.user.phone,
            "role": instance.role.code,
            "unit": instance.unit.code if instance.unit else "",
            "department": instance.department.code if instance.department else "",
            "place": str(instance.serves),
            "employment": label_zh(Post.Employment, instance.employment),
            "starts_on": instance.starts_on.isoformat(),
            "ends_on": instance.ends_on.isoformat() if instance.ends_on else "",
        }

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Post | None:
        typed = self._typed(row)
        place = Q(unit__code=typed["unit"]) if typed["unit"] else Q(department__code=typed["department"])
        if not typed["unit"] and not typed["department"]:
            place = Q(district__isnull=False)
        starts_on = parse_date(typed["starts_on"].replace("/", "-")) if typed["starts_on"] else None
        known = self.get_queryset().filter(place, user__username=typed["user"], role__code=typed["role"])
        return known.filter(starts_on=starts_on).first() if starts_on else None

    def import_instance(self, instance: Post, row: dict[str, str], **kwargs: Any) -> None:
        typed = self._typed(row)
        ends_on = _day(typed["ends_on"], "ends_on")
        if instance.pk:
            instance.ends_on = ends_on
            return
        instance.user = _found(User.objects.filter(is_active=True), "username", typed["user"], "user")
        instance.role = _found(Role.objects.all(), "code", typed["role"], "role")
        if typed["unit"]:
            instance.unit = _found(Unit.objects.filter(retired_at=None), "code", typed["unit"], "unit")
        elif typed["department"]:
            departments = Department.objects.filter(is_active=True)
            instance.department = _found(departments, "code", typed["department"], "department")
        else:
            raise ValidationError({"unit": _("Write the code of a unit or of a department.")})
        instance.employment = coded(Post.Employment, typed["employment"], "employment") or Post.Employment.FULL_TIME
        starts_on = _day(typed["starts_on"], "starts_on")
        if starts_on is None:
            raise ValidationError({"starts_on": _("Write a day like 2026-01-31.")})
        instance.starts_on, instance.ends_on = starts_on, ends_on

    def skip_row(self, instance: Post, original: Post, row: Any, import_validation_errors: Any = None) -> bool:
        if import_validation_errors or not instance.pk:
            return False
        return instance.ends_on is None or instance.ends_on == original.ends_on

    def do_instance_save(self, instance: Post, is_create: bool) -> None:
        if not is_create:
            present = Post.objects.get(pk=instance.pk)
            assert instance.ends_on is not None, "skip_row"  # noqa: S101
            saved = staffing.end_post(present, last_day=instance.ends_on, actor=self._actor)
        else:
            saved = staffing.give_post(
                instance.user,
                role=instance.role,
                place=instance.unit or instance.department,  # type: ignore[arg-type]
                starts_on=instance.starts_on,
                ends_on=instance.ends_on,
                employment=instance.employment,
                actor=self._actor,
            )
        instance.__dict__.update(saved.__dict__)

    def _typed(self, row: dict[str, str]) -> dict[str, str]:
        return {name: row.get(header, "") for name, (header, _english) in self.HEADERS.items()}


def _found[M: models.Model](rows: QuerySet[M], key: str, value: str, field: str) -> M:
    row = rows.filter(**{key: value}).first()
    if row is None:
        raise ValidationError({field: _("“%(value)s” isn't known here.") % {"value": value}})
    return row


def _day(text: str, field: str) -> date | None:
    if not text:
        return None
    try:
        day = parse_date(text.replace("/", "-"))
    except ValueError:
        day = None
    if day is None:
        raise ValidationError({field: _("Write a day like 2026-01-31.")})
    return day
