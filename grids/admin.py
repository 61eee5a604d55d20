"""Configuration of the tree: roles, departments and posts are kept here; units are looked at, or come in as a file.

The structure is changed on the units' own pages, through `grids.tree`, with a reason; so is what a file says.
"""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refused
from accounts.models import User
from accounts.readonly import ReadOnlyAdmin
from accounts.spreadsheets import SheetAdmin
from grids import staffing
from grids.models import Ability, Department, District, Kind, Post, Role, SizingRule, Unit, UnitChange
from grids.resources import DepartmentResource, RoleResource, SizingRuleResource
from grids.unit_sheets import PostSheet, UnitSheet


class _NeverDeleted(admin.ModelAdmin):
    """Rows that history points at."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(District)
class DistrictAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "name_en")
    fields = list_display


class RoleForm(forms.ModelForm):
    """Abilities as boxes to tick instead of a list to type."""

    abilities = forms.MultipleChoiceField(
        label=_("abilities"), choices=Ability, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Role
        fields = ("code", "name", "name_en", "abilities")


@admin.register(Role)
class RoleAdmin(_NeverDeleted, SheetAdmin):
    resource_classes = (RoleResource,)
    form = RoleForm
    list_display = ("code", "name", "name_en", "abilities_said")
    search_fields = ("code", "name", "name_en")

    @admin.display(description=_("abilities"))
    def abilities_said(self, role: Role) -> str:
        return "；".join(str(Ability(ability).label) for ability in role.abilities)


@admin.register(Department)
class DepartmentAdmin(_NeverDeleted, SheetAdmin):
    resource_classes = (DepartmentResource,)
    list_display = ("code", "name", "name_en", "street", "is_active")
    list_filter = ("is_active", "street")
    list_select_related = ("street",)
    search_fields = ("code", "name", "name_en")
    fields = ("code", "name", "name_en", "street", "is_active")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "street":
            kwargs["queryset"] = Unit.objects.filter(kind=Kind.STREET, retired_at=None).order_by("code")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(SizingRule)
class SizingRuleAdmin(SheetAdmin):
    resource_classes = (SizingRuleResource,)
    list_display = ("kind", "form", "use", "counts", "least", "most", "is_active")
    list_filter = ("kind", "is_active")
    fields = ("kind", "form", "use", "counts", ("least", "most"), "is_active")


class PostForm(forms.ModelForm):
    """A post to give, or the last day of one; judged by the same rules as on the pages of the units."""

    actor: Any = None

    class Meta:
        model = Post
        fields = ("user", "role", "unit", "department", "district", "employment", "starts_on", "ends_on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            self._judge(cleaned)
        except Refused as refusal:
            field = {"last_day": "ends_on"}.get(refusal.field or "", refusal.field)
            self.add_error(field if field in self.fields else None, refusal.message)
        return cleaned

    def _judge(self, cleaned: dict[str, Any]) -> None:
        actor = None if self.actor.is_superuser else self.actor
        if self.instance.pk:
            if cleaned["ends_on"] and "ends_on" in self.changed_data:
                present = Post.objects.get(pk=self.instance.pk)
                staffing.check_end(present, last_day=cleaned["ends_on"], actor=actor)
            return
        places = [cleaned[name] for name in ("unit", "department", "district") if cleaned[name]]
        if len(places) == 1:  # otherwise the model says that a post serves one place
            staffing.check_post(
                cleaned["user"],
                role=cleaned["role"],
                place=places[0],
                starts_on=cleaned["starts_on"],
                ends_on=cleaned["ends_on"],
                actor=actor,
            )


@admin.register(Post)
class PostAdmin(_NeverDeleted, SheetAdmin):
    resource_classes = (PostSheet,)
    form = PostForm
    list_display = ("user", "role", "serves", "employment", "starts_on", "ends_on", "given_by", "ended_by")
    list_filter = ("role", "employment")
    list_select_related = ("user", "role", "unit", "department", "district", "given_by", "ended_by")
    search_fields = ("user__username", "user__name", "unit__name", "unit__code", "department__name")
    autocomplete_fields = ("user", "unit")

    def get_form(self, request: HttpRequest, obj: Post | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.actor = request.user  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Post, form: Any, change: bool) -> None:
        """The form has checked by the rules of `staffing`; who did it is kept as there."""
        if change:
            obj.ended_by = cast(User, request.user)
        else:
            obj.given_by = cast(User, request.user)
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> Any:
        """What a post was stays; only its end is open."""
        return tuple(name for name in PostForm.Meta.fields if name != "ends_on") if obj else ()


@admin.register(Unit)
class UnitAdmin(ReadOnlyAdmin, SheetAdmin):
    resource_classes = (UnitSheet,)
    list_display = ("code", "name", "kind", "form", "use", "parent", "retired_at")
    list_filter = ("kind", "form", "use")
    list_select_related = ("parent",)
    search_fields = ("code", "name")
    ordering = ("code",)
    fields = (
        ("code", "name"),
        ("kind", "form"),
        ("use", "responsible_org"),
        "parent",
        ("made_at", "retired_at"),
        ("tree_id", "lft", "rght", "level"),
        ("street", "community", "grid", "micro_grid"),
    )


@admin.register(UnitChange)
class UnitChangeAdmin(ReadOnlyAdmin):
    list_display = ("at", "what", "unit", "actor", "reason")
    list_filter = ("what",)
    list_select_related = ("unit", "actor")
    search_fields = ("unit__code",)
    fields = ("at", "what", "unit", "actor", "reason", "before", "after")
