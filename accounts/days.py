"""The days of a period that somebody looks at, for the filters of all apps."""

from datetime import date
from typing import Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

_FIRST: Final = date(1950, 1, 1)
_LAST: Final = date(2999, 12, 31)


class DayField(forms.DateField):
    """A day of a period. The first and the last of all days make no sense: no clock begins before one, or after."""

    widget = forms.DateInput(attrs={"type": "date"})
    default_validators = [MinValueValidator(_FIRST), MaxValueValidator(_LAST)]
