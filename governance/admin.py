"""Who changed what in the configuration."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry

from accounts.readonly import ReadOnlyAdmin


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ("action_time", "user", "content_type", "object_repr", "action_flag", "get_change_message")
    list_filter = ("action_flag", "content_type")
    list_select_related = ("user", "content_type")
    date_hierarchy = "action_time"
    search_fields = ("object_repr", "user__username", "user__name")
    fields = ("action_time", "user", "content_type", "object_repr", "action_flag", "get_change_message")
