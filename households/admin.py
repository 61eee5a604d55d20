"""Configuration of the register: the kinds of tags; and the import screens of organisations, resources and residents.

People, households, organisations and resources have pages of their own. Here their files come in through the same
services, and what goes out goes out by the exports, masked or approved: there is no second door.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts.models import User
from accounts.readonly import ReadOnlyAdmin
from accounts.spreadsheets import SheetAdmin
from grids.models import Ability
from households.asset_sheets import OrganisationSheet, ResourceSheet
from households.models import ExportRequest, Organisation, Resident, Resource, TagKind
from households.resources import TagKindResource
from households.selectors import area_of


@admin.register(TagKind)
class TagKindAdmin(SheetAdmin):
    """A kind that is no longer wanted is taken out of use; deleting it would take its history along."""

    resource_classes = (TagKindResource,)
    list_display = ("name", "code", "is_sensitive", "visit_every_days", "order", "is_active")
    list_filter = ("is_sensitive", "is_active")
    search_fields = ("code", "name", "name_en")
    fields = ("code", "name", "name_en", "is_sensitive", "visit_every_days", "order", "is_active")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AssetAdmin(ReadOnlyAdmin, SheetAdmin):
    """Rows are changed on the register's own pages; whole files of them come in here."""

    register: ExportRequest.Register
    list_select_related = ("unit",)
    search_fields = ("name", "unit__code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those of the user's own area; whoever set the machine up sees all."""
        rows = super().get_queryset(request)
        user = request.user
        if not isinstance(user, User) or user.is_superuser:
            return rows
        return rows.filter(area_of(user, unit="unit__", ability=Ability.LOAD_REGISTER))

    def export_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Contacts are people: what goes out is masked, or approved by somebody else."""
        return redirect(f"{reverse('households:ask_export')}?register={self.register}")


@admin.register(Organisation)
class OrganisationAdmin(AssetAdmin):
    register = ExportRequest.Register.ORGANISATIONS
    resource_classes = (OrganisationSheet,)
    list_display = ("name", "kind", "uscc", "unit", "is_key", "closed_on")
    list_filter = ("kind", "is_key")
    fields = ("name", "kind", "uscc", "unit", "is_key", "address", "hazards", "headcount", "closed_on")


@admin.register(Resource)
class ResourceAdmin(AssetAdmin):
    register = ExportRequest.Register.RESOURCES
    resource_classes = (ResourceSheet,)
    list_display = ("name", "kind", "quantity", "measure", "unit", "withdrawn_on")
    list_filter = ("kind",)
    fields = ("name", "kind", "quantity", "measure", "unit", "place", "owner", "withdrawn_on")


@admin.register(Resident)
class ResidentAdmin(ReadOnlyAdmin):
    """A signpost: residents are listed, loaded and exported on the register's pages, never here."""

    fields = ()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("households:list")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("households:list")

    def get_urls(self) -> list[Any]:
        """The addresses of an import and an export, as every other screen has them."""
        loads = self.admin_site.admin_view(lambda request: redirect("households:loads"))
        asks = self.admin_site.admin_view(lambda request: redirect("households:ask_export"))
        return [
            path("import/", loads, name="households_resident_import"),
            path("export/", asks, name="households_resident_export"),
            *super().get_urls(),
        ]
