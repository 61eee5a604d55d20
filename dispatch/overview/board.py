"""The board: where the open work of an area lies, unit by unit, down the tree."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dispatch import rules
from dispatch.limits import close_out_time
from dispatch.selectors import SERIOUS, Figures, with_due
from grids.models import Ability, Kind, Unit
from grids.posts import area_filter, posts_with
from grids.rules import lies_in
from grids.selectors import visible_to as units_visible_to
from incidents.models import Incident
from incidents.selectors import in_unit, visible_to
from incidents.workflow import OPEN, Status

BELOW = {
    None: Kind.STREET,
    Kind.STREET: Kind.COMMUNITY,
    Kind.AREA: Kind.COMMUNITY,
    Kind.COMMUNITY: Kind.GRID,
    Kind.GRID: Kind.MICRO_GRID,
}
"""The tier that a board lists: streets for the district, then one tier down at a time; nothing below a micro-grid."""


class Show(models.TextChoices):
    """Each of the five numbers opens to its incidents."""

    OPEN = "open", _("Open")
    OVERDUE = "overdue", _("Overdue")
    DUE = "due", _("Due before the close-out")
    CLOSED = "closed", _("Closed today")
    SERIOUS = "serious", _("Level 3 and up")

    def said(self, *, is_past: bool) -> str:
        """What the number is called: on a board of the past its day isn't today."""
        return str(_("Closed that day") if is_past and self == Show.CLOSED else self.label)


NUMBERS: Final = {
    Show.OPEN: "open",
    Show.OVERDUE: "overdue",
    Show.DUE: "due_today",
    Show.CLOSED: "closed_today",
    Show.SERIOUS: "serious",
}
"""Which of the `Figures` each of the five numbers is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One unit of the table; `unit` empty is what was reported for the unit above as a whole."""

    unit: Unit | None
    figures: Figures


def tops_of(user: User) -> list[Unit] | None:
    """Where the user's boards begin: the units served, or None for the whole district."""
    posts = posts_with(user, Ability.SEE_BOARD)
    if area_filter(posts) is None or any(post.department and post.department.street_id is None for post in posts):
        return None
    units = [post.unit or (post.department.street if post.department else None) for post in posts]
    return list(dict.fromkeys(unit for unit in units if unit is not None))


def sees_own_only(user: User) -> bool:
    """True for who serves departments alone: their boards count what these have or had in hand, nothing else."""
    posts = posts_with(user, Ability.SEE_BOARD)
    return all(post.department_id for post in posts)


def sees_whole(user: User, unit: Unit | None) -> bool:
    """By a post for the unit, for one above it, or for the district; a department's people see what it had in hand."""
    posts = [post for post in posts_with(user, Ability.SEE_BOARD) if post.department_id is None]
    return any(post.unit is None or (unit is not None and lies_in(unit, post.unit)) for post in posts)


def counted_tier(unit: Unit | None) -> Kind:
    """The tier by which the figures of a unit are counted: that below it, or a micro-grid's own."""
    return _below(unit) or Kind.MICRO_GRID


def table_of(unit: Unit | None, user: User, figures: dict[int | None, Figures]) -> tuple[Figures, list[Row]]:
    """The sum of the `figures` by `counted_tier`, and a row for each unit of the tier below.

    The worst stands first: that is where help is needed. Units are put in order, people never.
    """
    tier, figures = _below(unit), dict(figures)
    total = _sum(figures.values())
    if tier is None:
        return total, []
    rows = [Row(child, figures.pop(child.pk, Figures())) for child in _children(unit, tier, user, also=set(figures))]
    rows.sort(key=lambda row: (-row.figures.overdue, -row.figures.due_today, -row.figures.open))
    if figures:
        rows.append(Row(None, _sum(figures.values())))
    return total, rows


def seen_in(unit: Unit | None, user: User) -> QuerySet[Incident]:
    """The incidents of a unit (of the district without one) that the user may see."""
    return visible_to(user) if unit is None else in_unit(visible_to(user), unit)


def incidents_of(unit: Unit | None, show: Show, user: User, *, at: datetime) -> QuerySet[Incident]:
    """The incidents behind one number of a board, `with_due`."""
    incidents = seen_in(unit, user)
    if show == Show.CLOSED:
        midnight = rules.start_of(timezone.localdate(at))
        return with_due(incidents.filter(status__in=(Status.CLOSED, Status.ARCHIVED), closed_at__gte=midnight))
    return with_due(incidents.filter(status__in=OPEN)).filter(_condition(show, at))


def _condition(show: Show, at: datetime) -> Q:
    if show == Show.SERIOUS:
        return Q(level__gte=SERIOUS)
    line = rules.line_of(timezone.localdate(at), close_out_time())
    return {
        Show.OPEN: Q(),
        Show.OVERDUE: Q(due_at__lt=at),
        Show.DUE: Q(due_at__gte=at, due_at__lte=line),
    }[show]


def _below(unit: Unit | None) -> Kind | None:
    return BELOW.get(Kind(unit.kind)) if unit else BELOW[None]


def _children(unit: Unit | None, tier: Kind, user: User, *, also: Collection[int | None]) -> QuerySet[Unit]:
    """The live units of the tier, and retired ones that still have figures, in the order of their codes."""
    units = units_visible_to(user).filter(Q(retired_at=None) | Q(pk__in=[pk for pk in also if pk]), kind=tier)
    if unit is not None:
        units = units.filter(parent=unit) if unit.kind == Kind.AREA else units.filter(**{unit.kind: unit})
    return units.order_by("code")


def _sum(parts: Iterable[Figures]) -> Figures:
    parts = list(parts)
    return Figures(**{field.name: sum(getattr(part, field.name) for part in parts) for field in fields(Figures)})
