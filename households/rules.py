"""Arithmetic of the register. No database."""

from datetime import date


def years_before(day: date, years: int) -> date:
    """The same day so many years ago; 28 February where there was no 29th.

    Whoever was born on it or before it is `years` old on `day`.
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def age_on(born_on: date, day: date) -> int:
    """Years completed on that day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
