"""The working calendar of each district: hours and days as rows, filled with the national holidays where known."""

from dispatch.calendar.national import Filled, fill_calendar, fill_known_years, missing_year, tend_calendar
from dispatch.calendar.reading import calendar_of, calendars_of
from dispatch.calendar.standard import load_standard_hours

__all__ = [
    "Filled",
    "calendar_of",
    "calendars_of",
    "fill_calendar",
    "fill_known_years",
    "load_standard_hours",
    "missing_year",
    "tend_calendar",
]
