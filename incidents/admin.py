"""The catalogue in the configuration, and how incidents move, to be read without what residents told."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Refused
from accounts.known import known_user
from accounts.readonly import ReadOnlyAdmin
from accounts.spreadsheets import SheetAdmin
from grids.models import Department
from incidents.catalogue_sheet import HEADERS, cells_of, column_of, header
from incidents.models import Category, Incident, StatusChange
from incidents.resources import CategoryResource
from incidents.services.catalogue import checked, retire_category, revise_category
from incidents.terms import COLUMNS, Terms, terms_of


class CategoryForm(forms.ModelForm):
    """The terms of one entry. The service says what can't stand; what is saved is a new version."""

    lead = forms.ModelChoiceField(
        label=gettext_lazy("lead department"), queryset=Department.objects.filter(is_active=True), required=False
    )
    assisting = forms.ModelMultipleChoiceField(
        label=gettext_lazy("assisting departments"),
        queryset=Department.objects.filter(is_active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Category
        fields = ("code", *COLUMNS)
        widgets = {
            name: forms.Textarea(attrs={"rows": 2})
            for name in ("description", "description_en", "closing_conditions", "closing_conditions_en", "keywords")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["assisting"] = self.instance.assisting.all()

    @property
    def code(self) -> str:
        return self.instance.code if self.instance.pk else self.cleaned_data.get("code", "")

    @property
    def terms(self) -> Terms:
        said = {name: self.cleaned_data[name] for name in COLUMNS}
        return Terms(**said, assisting=tuple(self.cleaned_data["assisting"]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                checked(self.code, self.terms)
            except Refused as refusal:
                self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        return cleaned


class StateFilter(admin.SimpleListFilter):
    """What counts now, unless somebody asks for what counted once."""

    title = gettext_lazy("validity")
    parameter_name = "ended"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("Earlier versions and retired entries")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield choice | {"display": _("Valid now")} if choice["query_string"] == "?" else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Category]) -> QuerySet[Category]:
        if self.value() == "all":
            return queryset
        return queryset.filter(ended_at__isnull=self.value() != "1")


@admin.register(Category)
class CategoryAdmin(SheetAdmin):
    """Saving makes a new version and ends the old one; incidents keep the version they were reported under."""

    resource_classes = (CategoryResource,)
    form = CategoryForm
    list_display = ("code", "name", "name_en", "level", "lead", "limit_minutes", "is_common", "version", "ended_at")
    list_filter = (StateFilter, "level", "is_common", ("lead", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("lead",)
    search_fields = ("code", "name", "name_en", "keywords")
    ordering = ("code", "-version")
    actions = ("retire",)
    fieldsets = (
        (None, {"fields": ("code", ("name", "name_en"), ("description", "description_en"))}),
        (gettext_lazy("Who handles it, and by when"), {"fields": ("level", "lead", "assisting", "limit_minutes")}),
        (gettext_lazy("When it is done"), {"fields": (("closing_conditions", "closing_conditions_en"),)}),
        (gettext_lazy("How it is found"), {"fields": ("keywords", "is_common")}),
        (gettext_lazy("Versions"), {"fields": ("versions",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Category | None = None) -> Any:
        return ("code", "versions") if obj else ("versions",)

    def has_change_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        """What once counted stays as it was."""
        return super().has_change_permission(request, obj) and (obj is None or obj.ended_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        return False  # retired instead

    def save_model(self, request: HttpRequest, obj: Category, form: CategoryForm, change: bool) -> None:
        revised = revise_category(form.code, terms=form.terms, actor=known_user(request))
        obj.__dict__.clear()  # the page goes on with the version that counts now
        obj.__dict__.update(revised.__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has written the assisting departments with the version."""

    @admin.action(
        description=gettext_lazy("Retire: nothing is reported under it any more"),
        permissions=["change"],
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def retire(self, request: HttpRequest, categories: QuerySet[Category]) -> None:
        """The lower tiers first, so that a group can go together with its entries."""
        for category in sorted(categories, key=lambda row: row.code, reverse=True):
            try:
                retire_category(category.code, actor=known_user(request))
            except Refused as refusal:
                messages.error(request, refusal.message)
            else:
                self.log_change(request, category, _("Retired."))
                messages.success(
                    request, _("%(code)s %(name)s is retired.") % {"code": category.code, "name": category}
                )

    @admin.display(description=gettext_lazy("versions"))
    def versions(self, category: Category) -> SafeString | str:
        """Each version with what it changed, the latest first."""
        if not category.pk:
            return "—"
        rows = Category.objects.filter(code=category.code).select_related("lead", "started_by", "ended_by")
        lines = []
        before: dict[str, str] | None = None
        for row in rows.prefetch_related("assisting").order_by("version"):
            cells = cells_of(row.code, terms_of(row))
            lines.append((row.version, _period(row), row.started_by or _("the system"), _changes(before, cells)))
            before = cells
        return format_html_join("", "<p><b>v{}</b> {} · {}<br>{}</p>", reversed(lines))


def _period(version: Category) -> str:
    start = f"{localtime(version.started_at):%Y-%m-%d %H:%M}"
    return f"{start} – {localtime(version.ended_at):%Y-%m-%d %H:%M}" if version.ended_at else f"{start} –"


def _changes(before: dict[str, str] | None, now: dict[str, str]) -> str:
    if before is None:
        return _("First version.")
    changed = [column for column in HEADERS if before[column] != now[column]]
    return "；".join(
        f"{header(column_of(column))}: {before[column] or '—'} → {now[column] or '—'}" for column in changed
    )


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    """Where incidents stand, for finding out why something didn't move; not what was said in them or who said it."""

    list_display = ("number", "status", "level", "category", "street", "reported_at", "state_entered_at", "closed_at")
    list_filter = ("status", "level")
    list_select_related = ("category", "street")
    search_fields = ("=number",)
    ordering = ("-pk",)
    fields = (*list_display, "source", "merged_into", "suspended_until")


@admin.register(StatusChange)
class StatusChangeAdmin(ReadOnlyAdmin):
    list_display = ("at", "incident", "act", "old", "new", "actor", "post_label")
    list_filter = ("act",)
    list_select_related = ("incident", "actor")
    search_fields = ("=incident__number",)
    ordering = ("-pk",)
    fields = list_display
