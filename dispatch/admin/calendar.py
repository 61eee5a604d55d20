"""Working hours and days of the calendar as configuration."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.spreadsheets import SheetAdmin
from dispatch.models import CalendarDay, WorkingHours
from dispatch.resources.calendar import CalendarDayResource, WorkingHoursResource


@admin.register(WorkingHours)
class WorkingHoursAdmin(SheetAdmin):
    """A change counts for clocks that start from now on."""

    resource_classes = (WorkingHoursResource,)
    list_display = ("weekday", "begins", "ends", "district")
    list_filter = ("district", "weekday")
    list_select_related = ("district",)


@admin.register(CalendarDay)
class CalendarDayAdmin(SheetAdmin):
    """Days off and days worked instead. What somebody changes here is theirs: no filling touches it again."""

    resource_classes = (CalendarDayResource,)
    list_display = ("day", "is_working", "name", "district", "source")
    list_filter = ("is_working", "district", "source")
    list_select_related = ("district",)
    date_hierarchy = "day"
    ordering = ("-day",)
    fields = ("day", "is_working", "name", "district")

    def has_delete_permission(self, request: HttpRequest, obj: CalendarDay | None = None) -> bool:
        """A national day would be back tomorrow: whoever works on it says so in its row."""
        if obj is not None and obj.source == CalendarDay.Source.NATIONAL:
            return False
        return super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: ModelForm, change: bool) -> Any:
        if form.changed_data or not change:
            obj.source = CalendarDay.Source.MANUAL
        super().save_model(request, obj, form, change)
