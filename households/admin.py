"""Configuration of the register: the kinds of tags. People and households have pages of their own, never these."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.spreadsheets import SheetAdmin
from households.models import TagKind
from households.resources import TagKindResource


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
