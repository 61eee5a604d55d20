"""Whistles on a screen: whose, how far each department is, and how departments responded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Avg, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from dispatch.calls import within
from dispatch.models import Deadline, Whistle, WhistleParty, WhistleStep
from dispatch.models.deadline import Clock
from dispatch.whistle_rights import caller_post, department_post, rater_post
from grids.models import Ability
from grids.models.unit import localized
from grids.posts import posts_of, posts_with
from incidents.models import Incident

Act = WhistleStep.Act
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
    posts = posts_with(user, Ability.HANDLE)
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
    """Signed, in contact, arrived, done; the last has no limit. What is still to be done is said as a task."""
    due = {row.clock: row.due_at for row in party.deadlines.all()}
    steps = [
        (Clock.SIGN.label, _("Signed"), party.signed_at, due.get(Clock.SIGN)),
        (Clock.CONTACT.label, _("In contact"), party.contacted_at, due.get(Clock.CONTACT)),
        (Clock.ARRIVE.label, _("Arrived"), party.arrived_at, due.get(Clock.ARRIVE)),
        (pgettext("of a department", "Finish"), pgettext("of a department", "Done"), party.done_at, None),
    ]
    return [Step(str(did if done_at else task), done_at, due_at) for task, did, done_at, due_at in steps]


def next_due(party: WhistleParty) -> datetime | None:
    """When the first thing that the department still owes is due."""
    if party.released_at or party.done_at:
        return None
    return min((row.due_at for row in party.deadlines.all() if row.met_at is None), default=None)


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One department on the page of a whistle: its steps, and what the reader may do about it, the next thing first."""

    party: WhistleParty
    steps: list[Step]
    due_at: datetime | None
    acts: list[str]
    is_ours: bool


def rows_of(user: User, whistle: Whistle, *, at: datetime) -> list[PartyRow]:
    """The departments, those that the user answers for first."""
    rows = [_row(user, whistle, party, at) for party in whistle.parties.all()]
    return sorted(rows, key=lambda row: not row.is_ours)


def acts_on_whole(user: User, whistle: Whistle, *, at: datetime) -> list[str]:
    """Closing, once nobody owes anything, and withdrawing: for the caller's side."""
    if whistle.state != State.OPEN or caller_post(user, whistle, at) is None:
        return []
    parties = [party for party in whistle.parties.all() if not party.released_at]
    settled = all(party.done_at and party.rating for party in parties)
    return [Act.CLOSE, Act.WITHDRAW] if settled else [Act.WITHDRAW]


def standing(whistle: Whistle) -> list[tuple[WhistleParty, str, datetime | None]]:
    """Each department with how far it is, in a word, and when its next step is due."""
    return [(party, _how_far(party), next_due(party)) for party in whistle.parties.all()]


def _row(user: User, whistle: Whistle, party: WhistleParty, at: datetime) -> PartyRow:
    is_ours = department_post(user, party, at) is not None
    acts = _acts(user, whistle, party, at, is_ours=is_ours)
    return PartyRow(party, steps_of(party), next_due(party), acts, is_ours)


def _acts(user: User, whistle: Whistle, party: WhistleParty, at: datetime, *, is_ours: bool) -> list[str]:
    """What the services would take now: the department's next steps, and the caller's say."""
    if whistle.state != State.OPEN or party.released_at:
        return []
    acts = _next_steps(party) if is_ours else []
    if party.done_at is None and caller_post(user, whistle, at):
        acts.append(Act.RELEASE)
    if party.done_at and party.rating is None and rater_post(user, party, at):
        acts.append(Act.RATE)
    return acts


def _next_steps(party: WhistleParty) -> list[str]:
    if party.signed_at is None:
        return [Act.SIGN]
    if party.arrived_at is None:
        return [Act.ARRIVE] if party.contacted_at else [Act.CONTACT, Act.ARRIVE]
    return [] if party.done_at else [Act.FINISH]


def _how_far(party: WhistleParty) -> str:
    if party.released_at:
        return _("Released")
    done = [step.label for step in steps_of(party) if step.done_at]
    return done[-1] if done else _("Not signed")


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
