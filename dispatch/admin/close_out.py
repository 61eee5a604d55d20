"""Close-outs, to be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.readonly import ReadOnlyAdmin
from dispatch.models import DayClose, DayCloseLine


class DayCloseLines(admin.TabularInline):
    model = DayCloseLine
    fields = ("number", "category_name", "community_name", "level", "status", "holder", "due_at", "minutes_late")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # a part of the close-out: who may read that may read this

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(DayClose)
class DayCloseAdmin(ReadOnlyAdmin):
    list_display = ("day", "street", "due_at", "frozen_at", "reported", "closed", "due", "due_closed", "open", "late")
    list_filter = (("street", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("street",)
    date_hierarchy = "day"
    fields = list_display
    inlines = (DayCloseLines,)
