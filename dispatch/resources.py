"""Limits as Excel or CSV."""

from datetime import datetime, time
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from accounts.spreadsheets import SheetResource, YesNoWidget
from dispatch.models import LimitRule
from dispatch.models.deadline import Clock


class ClockWidget(Widget):
    """A clock by its word in either language, or by its code; written in Chinese."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        wanted = str(value or "").strip().lower()
        for clock in Clock:
            if wanted in {clock.value, *(word.lower() for word in _words(clock))}:
                return clock.value
        raise ValueError(_("Unknown clock. Write one of: %(known)s.") % {"known": ", ".join(map(str, Clock.labels))})

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return _words(Clock(value))[0] if value else ""


def _words(clock: Clock) -> tuple[str, str]:
    words = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            words.append(str(clock.label))
    return words[0], words[1]


class WholeNumberWidget(Widget):
    """A whole number, or an empty cell for none."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = str(value or "").strip()
        if text and not (text.isascii() and text.isdigit()):
            raise ValueError(_("Write a whole number."))
        return int(text) if text else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class TimeOfDayWidget(Widget):
    """A time such as 16:00; Excel writes 16:00:00."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> time | None:
        text = str(value or "").strip().replace("：", ":")
        for shape in ("%H:%M", "%H:%M:%S"):
            try:
                return datetime.strptime(text, shape).time() if text else None  # noqa: DTZ007  (only the time)
            except ValueError:
                continue
        raise ValueError(_("Write a time such as 16:00."))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return f"{value:%H:%M}" if value else ""


class LimitRuleResource(SheetResource):
    """One row a rule, found again by its clock, its levels and its category."""

    HEADERS = {
        "clock": ("时钟", "Clock"),
        "level_from": ("最低级别", "From level"),
        "level_to": ("最高级别", "To level"),
        "category_code": ("类别编码", "Category code"),
        "minutes": ("分钟", "Minutes"),
        "at_time": ("时刻", "Time of day"),
        "is_active": ("在用", "In use"),
    }
    NEEDED = ("clock", "level_from", "level_to", "category_code")

    clock = Field(attribute="clock", widget=ClockWidget())
    level_from = Field(attribute="level_from", widget=WholeNumberWidget())
    level_to = Field(attribute="level_to", widget=WholeNumberWidget())
    category_code = Field(attribute="category_code")
    minutes = Field(attribute="minutes", widget=WholeNumberWidget())
    at_time = Field(attribute="at_time", widget=TimeOfDayWidget())
    is_active = Field(attribute="is_active", widget=YesNoWidget())

    class Meta(SheetResource.Meta):
        model = LimitRule
        fields = ("clock", "level_from", "level_to", "category_code", "minutes", "at_time", "is_active")
        import_id_fields = ("clock", "level_from", "level_to", "category_code")
