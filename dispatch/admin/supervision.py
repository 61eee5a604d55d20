"""Types of supervision items as configuration."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.spreadsheets import SheetAdmin
from dispatch.models import SupervisionType
from dispatch.resources.supervision import SupervisionTypeResource


@admin.register(SupervisionType)
class SupervisionTypeAdmin(SheetAdmin):
    resource_classes = (SupervisionTypeResource,)
    list_display = ("code", "name", "name_en", "is_active")
    list_filter = ("is_active",)
    fields = ("code", "name", "name_en", "is_active")

    def has_delete_permission(self, request: HttpRequest, obj: SupervisionType | None = None) -> bool:
        return False  # its items name it for good: it is put out of use
