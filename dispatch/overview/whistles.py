"""Whistles on a screen: whose, how far each department is, and how departments responded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Avg, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from dispatch.calls import within
from dispatch.models import Deadline, Whistle, WhistleParty
from dispatch.models.deadline import Clock
from grids.models import Ability
from grids.models.unit import localized
from grids.posts import posts_of
from incidents.models import Incident

State = Whistle.State
_WATCHING: Final = {Ability.WHISTLE, Ability.SUPERVISE, Ability.DISPATCH, Ability.CLOSE_OUT}


def visible_to(user: User) -> QuerySet[Whistle]:
    """The whistles of the areas that the user whistles, supervises or dispatches in, those that call the user's own
    departments, and those that the user called. Everything else does not exist for the user."""
    area = within(post for post in posts_of(user) if _WATCHING & set(post.role.abilities))
    if area is None:
        return Whistle.objects.all()
    called = WhistleParty.objects.filter(whistle=OuterRef("pk"), department__in=departments_of(user))
    return Whistle.objects.filter(area | Exists(called) | Q(called_by=user))


def departments_of(user: User) -> list[int]:
    """The departments that the user signs and handles for."""
    posts = [post for post in posts_of(user) if Ability.HANDLE in post.role.abilities]
    return [post.department_id for post in posts if post.department_id]


def get_visible_or_404(user: User, number: str) -> Whistle:
    """The whistle with this number. A foreign one and a missing one answer alike."""
    whistle = with_parties(visible_to(user)).filter(number=number).select_related("called_by").first()
    if whistle is None:
        raise Http404(_("No whistle with this number is known here."))
    return whistle


def with_parties(whistles: QuerySet[Whistle]) -> QuerySet[Whistle]:
    """With the place, and each department with its clocks."""
    clocks = Prefetch("deadlines", Deadline.objects.filter(cancelled_at=None).order_by("pk"))
    parties = WhistleParty.objects.select_related("department").prefetch_related(clocks).order_by("pk")
    line = ("street", "unit__street", "unit__community", "unit__grid", "unit__micro_grid", "incident")
    return whistles.select_related(*line).prefetch_related(Prefetch("parties", parties))


def of_incident(user: User, incident: Incident) -> list[Whistle]:
    """What was whistled about an incident, the newest first."""
    return list(with_parties(visible_to(user).filter(incident=incident)))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a department as a row shows it: its word, when it was done, by when it should be."""

    label: str
    done_at: datetime | None
    due_at: datetime | None


def steps_of(party: WhistleParty) -> list[Step]:
    """Signed, in contact, arrived, done; the last has no limit."""
    due = {row.clock: row.due_at for row in party.deadlines.all()}
    return [
        Step(_("Signed"), party.signed_at, due.get(Clock.SIGN)),
        Step(_("In contact"), party.contacted_at, due.get(Clock.CONTACT)),
        Step(_("Arrived"), party.arrived_at, due.get(Clock.ARRIVE)),
        Step(_("Done"), party.done_at, None),
    ]


def next_due(party: WhistleParty) -> datetime | None:
    """When the first thing that the department still owes is due."""
    if party.released_at or party.done_at:
        return None
    return min((row.due_at for row in party.deadlines.all() if row.met_at is None), default=None)


@dataclass(frozen=True, slots=True)
class Response:
    """How one department responded: called, due to arrive, there in time, and what callers thought of it on average."""

    department: str
    called: int
    due: int
    in_time: int
    rating: float | None


def responses(whistles: QuerySet[Whistle], *, at: datetime) -> list[Response]:
    """By department (应哨及时率): there in time, of those that had to be there by now. Never of people."""
    parties = WhistleParty.objects.filter(whistle__in=whistles.order_by(), released_at=None)
    arrivals = Deadline.objects.filter(whistle_party=OuterRef("pk"), clock=Clock.ARRIVE, cancelled_at=None)
    due = Exists(arrivals.filter(Q(due_at__lte=at) | Q(met_at__isnull=False)))
    in_time = Exists(arrivals.filter(met_at__lte=F("due_at")))
    name, name_en = "department__name", "department__name_en"
    rows: Any = (
        parties.exclude(whistle__state=State.WITHDRAWN)
        .annotate(is_due=due, is_in_time=in_time)
        .values(name, name_en)
        .annotate(
            called=Count("pk"),
            due=Count("pk", filter=Q(is_due=True)),
            in_time=Count("pk", filter=Q(is_in_time=True)),
            mean=Avg("rating"),
        )
        .order_by("-called", name)
    )
    return [
        Response(localized(row[name], row[name_en]), row["called"], row["due"], row["in_time"], row["mean"])
        for row in rows
    ]
