"""The working calendar of each district: hours and days as rows, filled with the national holidays where known."""

from dispatch.calendar.reading import calendar_of, calendars_of
from dispatch.calendar.standard import load_standard_hours

__all__ = ["calendar_of", "calendars_of", "load_standard_hours"]
