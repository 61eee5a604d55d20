"""Supervision items and whistles beside incidents: what was called about one, and what waits for a user."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Final

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dispatch.calls import within
from dispatch.models import Supervision, SupervisionStep, Whistle, WhistleParty
from dispatch.overview import supervision, whistles
from dispatch.supervising import WITH_THE_LEAD, is_overdue
from grids.models import Ability
from grids.posts import has_ability, posts_of, posts_with
from incidents.models import Incident


@dataclass(frozen=True, slots=True)
class Calls:
    """What was called about an incident, and whether this reader may call."""

    items: list[Supervision]
    whistles: list[Whistle]
    may_supervise: bool
    may_whistle: bool


def calls_about(user: User, incident: Incident, *, at: datetime) -> Calls:
    """What the reader may see and do; asks the database only what depends on it."""
    return calls_with(user, incident, list(items_about(user, incident)), list(whistles_about(user, incident)), at=at)


def items_about(user: User, incident: Incident) -> QuerySet[Supervision]:
    """The supervision items about an incident that the user sees."""
    return supervision.visible_to(user).filter(incident=incident)


def whistles_about(user: User, incident: Incident) -> QuerySet[Whistle]:
    """The whistles about an incident that the user sees."""
    return whistles.visible_to(user).filter(incident=incident)


def calls_with(
    user: User, incident: Incident, items: list[Supervision], whistled: list[Whistle], *, at: datetime
) -> Calls:
    """The same, of items and whistles that are known already."""
    may_supervise = (
        incident.status in WITH_THE_LEAD
        and has_ability(user, Ability.SUPERVISE, incident.unit)
        and not any(item.state in supervision.OPEN for item in items)
        and is_overdue(incident, at=at)
    )
    may_whistle = incident.is_open and has_ability(user, Ability.WHISTLE, incident.unit)
    return Calls(items, whistled, may_supervise, may_whistle)


def to_rectify(user: User) -> QuerySet[Supervision]:
    """What the user's departments and units have to put right."""
    if not posts_with(user, Ability.HANDLE):
        return Supervision.objects.none()
    return Supervision.objects.filter(supervision.owed_at(user), state=Supervision.State.ISSUED)


def to_recheck(user: User) -> QuerySet[Supervision]:
    """What waits for the user's re-check: in the own area, and the user had no hand in it."""
    supervising = posts_with(user, Ability.SUPERVISE)
    if not supervising:
        return Supervision.objects.none()
    posts, area = posts_of(user), within(supervising)
    rectified = SupervisionStep.objects.filter(supervision=OuterRef("pk"), act=SupervisionStep.Act.RECTIFY, actor=user)
    departments = [post.department_id for post in posts if post.department_id]
    units = [post.unit_id for post in posts if post.unit_id]
    waiting = Supervision.objects.filter(area or Q(), state=Supervision.State.RECTIFIED)
    # Not `exclude`: with a column that may be empty it asks a second time.
    others = (Q(department=None) | ~Q(department__in=departments)) & (Q(unit=None) | ~Q(unit__in=units))
    return waiting.filter(others, ~Exists(rectified))


def to_respond(user: User) -> QuerySet[WhistleParty]:
    """Where the user's departments were whistled for and are not done yet."""
    departments = whistles.departments_of(user)
    if not departments:
        return WhistleParty.objects.none()
    called = WhistleParty.objects.filter(whistle__state=Whistle.State.OPEN, department__in=departments)
    return called.filter(done_at=None, released_at=None)


def to_rate(user: User) -> QuerySet[WhistleParty]:
    """Whose response the user rates: as the caller, or as who whistles for the very unit."""
    posts = posts_with(user, Ability.WHISTLE)
    if not posts:
        return WhistleParty.objects.none()
    own = Q(whistle__called_by=user) | Q(whistle__unit__in=[post.unit_id for post in posts if post.unit_id])
    done = WhistleParty.objects.filter(own, whistle__state=Whistle.State.OPEN, done_at__isnull=False, rating=None)
    return done.filter(released_at=None)


class CallNeed(models.TextChoices):
    """What a supervision item or a whistle waits for from a user."""

    RECTIFY = "rectify", _("Put right")
    RECHECK = "recheck", _("Check again")
    RESPOND = "respond", _("Report for duty")
    RATE = "rate", _("Rate")


WAITING: Final[dict[CallNeed, Callable[[User], QuerySet]]] = {
    CallNeed.RECTIFY: to_rectify,
    CallNeed.RECHECK: to_recheck,
    CallNeed.RESPOND: to_respond,
    CallNeed.RATE: to_rate,
}


@dataclass(frozen=True, slots=True)
class Owed:
    """One line of a list of work: what it is, by when, and what is needed of the reader."""

    title: str
    number: str
    place: str
    url: str
    due_at: datetime | None
    need: str | Promise
    icon: str


def owed_by(user: User, *needs: CallNeed) -> list[Owed]:
    """What waits for the user, of these needs, the most pressing first."""
    lines = [line for need in needs for line in _lines(user, need)]
    return sorted(lines, key=lambda line: (line.due_at.timestamp() if line.due_at else inf, line.number))


def _lines(user: User, need: CallNeed) -> list[Owed]:
    if need in {CallNeed.RECTIFY, CallNeed.RECHECK}:
        return [_item(item, need) for item in supervision.with_clock(WAITING[need](user))]
    found = WAITING[need](user).values("whistle").order_by()
    rows = whistles.with_parties(Whistle.objects.filter(pk__in=found))
    return [_whistle(row, need, set(whistles.departments_of(user))) for row in rows]


def _item(item: Supervision, need: CallNeed) -> Owed:
    place = item.unit.full_name if item.unit else str(item.department)
    due_at: datetime | None = item.due_at if need == CallNeed.RECTIFY else None  # type: ignore[attr-defined]
    url = reverse("dispatch:supervision_item", args=[item.number])
    return Owed(str(item.issue_type), item.number, place, url, due_at, need.label, "flag")


def _whistle(row: Whistle, need: CallNeed, departments: set[int]) -> Owed:
    ours = [party for party in row.parties.all() if party.department_id in departments]
    due = [moment for party in ours if (moment := whistles.next_due(party))]
    url = reverse("dispatch:whistle", args=[row.number])
    due_at = min(due, default=None) if need == CallNeed.RESPOND else None
    return Owed(row.get_grade_display(), row.number, row.unit.full_name, url, due_at, need.label, "speakerphone")
