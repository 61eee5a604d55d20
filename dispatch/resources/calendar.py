"""Working hours and days of the calendar as Excel or CSV."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import ForeignKeyWidget, Widget
from tablib import Dataset

from accounts.errors import Refused
from accounts.spreadsheets import SheetResource, YesNoWidget
from dispatch.models import CalendarDay, WorkingHours
from dispatch.resources.widgets import TimeOfDayWidget
from grids.models import District

WEEK = "一二三四五六日"


class DistrictWidget(ForeignKeyWidget):
    """A district by its code; empty for all of them."""

    def __init__(self) -> None:
        super().__init__(District, field="code")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> District | None:
        if not value:
            return None
        district = District.objects.filter(code=value).first()
        if district is None:
            raise ValueError(_("There is no district with the code “%(code)s”.") % {"code": value})
        return district


class WeekdayWidget(Widget):
    """周一, 星期一, 一, Monday or 1, and so on to Sunday, which is 7."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
        text = str(value or "").strip().lower().removeprefix("星期").removeprefix("周").replace("天", "日")
        names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        for index, (chinese, english) in enumerate(zip(WEEK, names, strict=True)):
            if text in {chinese, english, str(index + 1)}:
                return index
        raise ValueError(_("Write a day of the week such as 周一."))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"周{WEEK[value]}"


class DayWidget(Widget):
    """A date such as 2026-10-01; Excel writes a time behind it, people write 2026/10/1 or 2026年10月1日."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date:
        text = str(value or "").strip().split(" ")[0].split("T")[0]
        text = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
        try:
            return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  (only the day)
        except ValueError:
            raise ValueError(_("Write a date such as 2026-10-01.")) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.isoformat() if value else ""


class WorkingHoursResource(SheetResource):
    """One row a stretch of work, found again by district, day of the week and beginning."""

    HEADERS = {
        "district": ("区县编码", "District code"),
        "weekday": ("星期", "Day of the week"),
        "begins": ("上班时间", "From"),
        "ends": ("下班时间", "Until"),
    }
    NEEDED = ("weekday", "begins", "ends")
    ASSUMED = ("district",)

    district = Field(attribute="district", widget=DistrictWidget())
    weekday = Field(attribute="weekday", widget=WeekdayWidget())
    begins = Field(attribute="begins", widget=TimeOfDayWidget())
    ends = Field(attribute="ends", widget=TimeOfDayWidget())

    class Meta(SheetResource.Meta):
        model = WorkingHours
        fields = ("district", "weekday", "begins", "ends")
        import_id_fields = ("district", "weekday", "begins")


class CalendarDayResource(SheetResource):
    """One row a day. What comes in is entered by hand: filling from the national calendar leaves it alone."""

    HEADERS = {
        "district": ("区县编码", "District code"),
        "day": ("日期", "Day"),
        "is_working": ("上班", "Worked"),
        "name": ("名称", "Name"),
    }
    NEEDED = ("day", "is_working")
    ASSUMED = ("district",)

    district = Field(attribute="district", widget=DistrictWidget())
    day = Field(attribute="day", widget=DayWidget())
    is_working = Field(attribute="is_working", widget=YesNoWidget())
    name = Field(attribute="name")

    class Meta(SheetResource.Meta):
        model = CalendarDay
        fields = ("district", "day", "is_working", "name")
        import_id_fields = ("district", "day")

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Refuse a file that says both of one day, before the later line could quietly win."""
        super().before_import(dataset, **kwargs)
        said: dict[tuple[str, date], bool] = {}
        for row in dataset.dict:
            try:
                district, day, worked = (self.fields[name].clean(row) for name in ("district", "day", "is_working"))
            except ValueError:
                continue  # its own line says what is wrong with it
            if said.setdefault((str(district), day), worked) != worked:
                message = _("%(day)s stands in the file as a holiday and as worked. It can be only one of them.")
                raise Refused(message % {"day": day}, code="both")

    def before_save_instance(self, instance: CalendarDay, row: Any, **kwargs: Any) -> None:
        instance.source = CalendarDay.Source.MANUAL

    def import_instance(self, instance: CalendarDay, row: Any, **kwargs: Any) -> None:
        """An empty cell of “worked” isn't a yes: the day would silently count as worked."""
        if not str(row[self.HEADERS["is_working"][0]]).strip():
            raise ValidationError({"is_working": _("Write yes or no.")})
        super().import_instance(instance, row, **kwargs)
