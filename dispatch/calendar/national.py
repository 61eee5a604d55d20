"""National holidays and the working days that make up for them, as the State Council announces them each autumn.

The package `chinese_calendar` carries them for the years it knows. What somebody entered by hand always stands.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from chinese_calendar import constants
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from accounts.inbox import tell_many
from accounts.models import Notice, User
from dispatch.models import CalendarDay
from grids.models import Ability, Post
from grids.posts import current

Source = CalendarDay.Source

WARNED_FROM: Final = 11
"""The State Council announces the holidays of the next year in the first days of November."""
_REMINDED_AFTER: Final = timedelta(days=7)


@dataclass(slots=True)
class Filled:
    """What filling one year did. `is_known` False: the package doesn't know the year, and nothing was done."""

    year: int
    is_known: bool = True
    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0
    """Days that somebody entered by hand otherwise."""


@transaction.atomic
def fill_calendar(year: int) -> Filled:
    """Bring the national rows of a year to what the package knows; safe to run again, and beside itself.

    Rows entered or changed by hand stay, for the whole country as for a district. Holidays that were moved after their
    announcement (2019 had such) move here too.
    """
    wanted, done = _known(year), Filled(year)
    if not wanted:
        done.is_known = False
        return done
    rows = CalendarDay.objects.select_for_update().filter(district=None, day__year=year)
    present = {row.day: row for row in rows.order_by("day")}
    new = [row for day, row in wanted.items() if day not in present]
    done.added = len(CalendarDay.objects.bulk_create(new, ignore_conflicts=True))
    for day, row in present.items():
        _settle(row, wanted.get(day), done)
    return done


def _settle(row: CalendarDay, wanted: CalendarDay | None, done: Filled) -> None:
    """Bring one row that is there to what is wanted of its day."""
    if row.source == Source.MANUAL:
        done.kept += wanted is None or row.is_working != wanted.is_working
    elif wanted is None:
        row.delete()
        done.removed += 1
    elif (row.is_working, row.name) != (wanted.is_working, wanted.name):
        row.is_working, row.name = wanted.is_working, wanted.name
        row.save(update_fields=["is_working", "name"])
        done.changed += 1


def _known(year: int) -> dict[date, CalendarDay]:
    """The rows of a year that the package knows, by day; nothing for any other year."""
    days = [(day, name, False) for day, name in constants.holidays.items() if day.year == year]
    days += [(day, name, True) for day, name in constants.workdays.items() if day.year == year]
    return {
        day: CalendarDay(day=day, is_working=is_working, name=_said(name, is_working), source=Source.NATIONAL)
        for day, name, is_working in days
    }


def _said(name: str, is_working: bool) -> str:
    festival = constants.Holiday(name).chinese
    return f"{festival}调休上班" if is_working else festival


def fill_known_years(now: datetime) -> int:
    """Fill this year and the next where they are known; returns how many days were added."""
    this_year = timezone.localdate(now).year
    return sum(fill_calendar(year).added for year in (this_year, this_year + 1))


def missing_year(now: datetime) -> int | None:
    """The year whose holidays are missing and needed: this one, or from November on the next one; else None."""
    today = timezone.localdate(now)
    needed = [today.year, today.year + 1] if today.month >= WARNED_FROM else [today.year]
    holidays = CalendarDay.objects.filter(district=None, is_working=False)
    return next((year for year in needed if not holidays.filter(day__year=year).exists()), None)


def tend_calendar(now: datetime) -> int | None:
    """Each day: fill this year and the next where they are known, and tell those who can enter what is missing.

    Returns the year that is missing all the same.
    """
    fill_known_years(now)
    missing = missing_year(now)
    if missing is not None:
        _remind(missing, now)
    return missing


@transaction.atomic
def _remind(year: int, now: datetime) -> None:
    """Tell everybody who may change the configuration, each at most once in a week."""
    held = current(Post.objects.filter(role__abilities__contains=[Ability.CONFIGURE]), timezone.localdate(now))
    url = reverse("admin:dispatch_calendarday_changelist")
    users = User.objects.select_for_update(no_key=True).filter(pk__in=held.values("user"), is_active=True)
    wanted = set(users.order_by("pk").values_list("pk", flat=True))
    recent = Notice.objects.filter(user__in=wanted, url=url, at__gt=now - _REMINDED_AFTER)
    text = gettext_lazy(
        "The working calendar has no holidays for {year} yet. Until they are entered, limits in working days are wrong."
    )
    wanted -= set(recent.values_list("user", flat=True))
    if wanted:
        tell_many(wanted, format_lazy(text, year=year), url=url, tone="warning", at=now)
