"""What supervision items and whistles have in common: whose they are, their clocks, and whom they are about."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from dispatch.clocks import UNDONE
from dispatch.models import Deadline
from dispatch.models.deadline import Clock
from grids.models import Ability, Department, Kind, Post, Unit
from grids.posts import current

NAMEABLE = (Kind.STREET, Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID)
"""The units that may call or be called upon. A household never: its name is somebody's door, and messages name it."""


def serves_street(department: Department, street: Unit) -> bool:
    """True when a department in use serves the street or the whole district."""
    return department.is_active and department.street_id in {None, street.pk}


def within(posts: Iterable[Post]) -> Q | None:
    """Where `posts` reach, as a filter over rows that have a `street`, and perhaps a `unit` and an `incident`.

    None: everywhere. A row that names neither a unit nor an incident belongs to its street as a whole.
    """
    wanted = Q(pk__in=[])
    for post in posts:
        if post.district_id:
            return None
        if post.unit is not None:
            wanted |= below(post.unit)
    return wanted


def below(unit: Unit) -> Q:
    """The same for one unit and everything below it."""
    if unit.kind == Kind.STREET:
        return Q(street=unit)
    if unit.kind == Kind.AREA:  # areas have no column of their own: their communities have
        return Q(unit__community__parent=unit) | Q(incident__community__parent=unit)
    if unit.kind == Kind.HOUSEHOLD:
        return Q(incident__unit=unit)
    return Q(**{f"unit__{unit.kind}": unit}) | Q(**{f"incident__{unit.kind}": unit})


def start_clock(
    clock: Clock, *, rule: dict[str, Any], since: datetime, due_at: datetime, at: datetime, **of: Any
) -> None:
    """A clock of the thing in `of`; one that is due before `at`, the moment of the act, is missed from the start."""
    missed_at = at if due_at < at else None
    Deadline.objects.create(clock=clock, rule=rule, starts_at=since, due_at=due_at, missed_at=missed_at, **of)


def meet(clocks: QuerySet[Deadline], *, at: datetime) -> None:
    """Done. A sweep that ran between an act in time and its commit called it missed too early; that is taken back."""
    in_time: Any = When(due_at__gte=at, then=None)
    clocks.filter(UNDONE).update(met_at=at, missed_at=Case(in_time, default=F("missed_at")))


def cancel(clocks: QuerySet[Deadline], *, at: datetime) -> None:
    clocks.filter(UNDONE).update(cancelled_at=at)


def handlers_of(party: Department | Unit, *, at: datetime) -> set[int]:
    """The ids of those who sign and handle for a department or unit."""
    serving = Q(department=party) if isinstance(party, Department) else Q(unit=party)
    return _holders(Post.objects.filter(serving), Ability.HANDLE, at)


def room_of(street: Unit, *, at: datetime) -> set[int]:
    """The ids of the officers of a street's command room."""
    return _holders(Post.objects.filter(unit=street), Ability.DISPATCH, at)


def _holders(posts: QuerySet[Post], ability: Ability, at: datetime) -> set[int]:
    held = current(posts.filter(role__abilities__contains=[ability]), timezone.localdate(at))
    return set(held.values_list("user", flat=True))
