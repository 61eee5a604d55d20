"""Cells that the sheets of this app share."""

from datetime import datetime, time
from typing import Any

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _
from import_export.widgets import Widget


class ChoiceWidget(Widget):
    """One of some choices by its word in either language, or by its code; written in Chinese. Empty where it may be."""

    def __init__(self, choices: type[TextChoices], *, empty: str | None = None) -> None:
        """`empty`: what an empty cell stands for; None: the cell must be filled."""
        super().__init__()
        self.choices, self.empty = choices, empty

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        wanted = str(value or "").strip().lower()
        if not wanted and self.empty is not None:
            return self.empty
        for choice in self.choices:
            if wanted in {choice.value, *(word.lower() for word in _words(choice))}:
                return str(choice.value)
        known = ", ".join(map(str, self.choices.labels))
        raise ValueError(
            _("“%(value)s” isn't known. Write one of: %(known)s.") % {"value": value or "", "known": known}
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return _words(self.choices(value))[0] if value else ""


def _words(choice: TextChoices) -> tuple[str, str]:
    words = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            words.append(str(choice.label))
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
