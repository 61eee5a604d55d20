"""Clocks, to be read."""

from django.contrib import admin

from accounts.readonly import ReadOnlyAdmin
from dispatch.models import Deadline


@admin.register(Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    list_display = ("incident", "clock", "starts_at", "due_at", "met_at", "missed_at", "cancelled_at", "suspended_at")
    list_filter = ("clock",)
    list_select_related = ("incident",)
    search_fields = ("=incident__number",)
    ordering = ("-pk",)
    fields = (*list_display, "rule", "error")
