"""Whistles (网格吹哨、部门报到): a unit calls departments, each signs, contacts, arrives, is done; the caller rates.

Practice 81 of the handbook. The right to whistle is an ability of a role, so each deployment says who may ("to prevent
random whistles"). Each act locks the whistle and then the department's row, appends a `WhistleStep` and moves that
department's clocks; done twice by the same person in the same words it is done once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import clock
from accounts.api import TOO_LATE
from accounts.errors import Forbidden, Refused
from accounts.inbox import tell_many
from accounts.models import User
from dispatch import call_wording, calls
from dispatch.announcing import announce
from dispatch.calendar import calendar_of
from dispatch.limits import limit_for_whistle
from dispatch.models import Deadline, Whistle, WhistleParty, WhistleStep
from dispatch.models.deadline import Clock
from dispatch.numbering import next_number
from dispatch.whistle_rights import caller_post, department_post, rater_post
from dispatch.wording import Message
from grids.models import Ability, Department, Post, Unit
from grids.posts import label, post_for
from grids.rules import lies_in
from incidents.models import Incident
from incidents.texts import clean_text

Act = WhistleStep.Act
State = Whistle.State
Grade = Whistle.Grade

SIGN: Final = "哨"
CLOCKS: Final = (Clock.SIGN, Clock.CONTACT, Clock.ARRIVE)
POOR: Final = 2
"""Up to this rating the caller says why: a department must know what to do better."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """One thing that a department does: where its moment is kept, what must be before it, which clocks it meets."""

    field: str
    after: str | None
    clocks: tuple[Clock, ...]
    too_early: Any = ""
    needs_note: bool = False


# Who arrives is in contact: the caller stands before them. So arriving meets the clock of contact, too, and needs the
# signature alone.
_ANSWERS: Final[dict[str, _Answer]] = {
    Act.SIGN: _Answer("signed_at", None, (Clock.SIGN,)),
    Act.CONTACT: _Answer("contacted_at", "signed_at", (Clock.CONTACT,), gettext_lazy("Sign first.")),
    Act.ARRIVE: _Answer("arrived_at", "signed_at", (Clock.CONTACT, Clock.ARRIVE), gettext_lazy("Sign first.")),
    Act.FINISH: _Answer("done_at", "arrived_at", (), gettext_lazy("Arrive first."), needs_note=True),
}


@transaction.atomic
def call_whistle(
    unit: Unit,
    *,
    actor: User,
    grade: int,
    matter: str,
    departments: Sequence[Department],
    incident: Incident | None = None,
    at: datetime | None = None,
) -> Whistle:
    """Call departments that serve the unit's street, or the district, to come; each gets clocks of its own.

    Sent again while the whistle is open, it returns that whistle. Raises `Forbidden` without the ability over the unit,
    and `Refused` for a unit, a department or an incident that doesn't fit.
    """
    at = at or clock.now()
    post = post_for(actor, Ability.WHISTLE, unit, on=timezone.localdate(at))
    if post is None:
        raise Forbidden(_("No post of yours lets you whistle for this unit."), code="whistle")
    street = _check_unit(unit)
    called = _check_departments(departments, street)
    if incident is not None and not (incident.is_open and lies_in(incident.unit, unit)):
        raise Refused(_("The incident has ended, or lies outside this unit."), code="incident", field="incident")
    if grade not in Grade:
        raise Refused(_("Choose the grade."), code="grade", field="grade")
    matter = clean_text(matter, limit=1000, field="matter", required=True)
    wanted = {"street": street, "unit": unit, "incident": incident, "grade": grade, "matter": matter}
    number = next_number(Whistle, SIGN, street.code, at=at)
    known = Whistle.objects.filter(called_by=actor, state=State.OPEN, **wanted).order_by("pk").last()
    if known and {row.department_id for row in known.parties.all()} == {row.pk for row in called}:
        return known
    whistle = Whistle.objects.create(number=number, called_by=actor, called_at=at, **wanted)
    _append(whistle, Act.CALL, None, post, actor=actor, note=matter, at=at)
    _call_parties(whistle, called, at)
    return whistle


@transaction.atomic
def sign(party: WhistleParty, *, actor: User, note: str = "", at: datetime | None = None) -> WhistleParty:
    """The department has taken note."""
    return _answer(party, Act.SIGN, actor, note, at)


@transaction.atomic
def contact(party: WhistleParty, *, actor: User, note: str = "", at: datetime | None = None) -> WhistleParty:
    """The department has spoken to the caller. Refused before signing."""
    return _answer(party, Act.CONTACT, actor, note, at)


@transaction.atomic
def arrive(party: WhistleParty, *, actor: User, note: str = "", at: datetime | None = None) -> WhistleParty:
    """The department is there, and so in contact. Refused before signing."""
    return _answer(party, Act.ARRIVE, actor, note, at)


@transaction.atomic
def finish(party: WhistleParty, *, actor: User, note: str, at: datetime | None = None) -> WhistleParty:
    """The department has done its part, and says what. Refused before arriving."""
    return _answer(party, Act.FINISH, actor, note, at)


@transaction.atomic
def release(party: WhistleParty, *, actor: User, note: str, at: datetime | None = None) -> WhistleParty:
    """The caller's side needs this department no longer: its clocks end, and nobody rates it."""
    move = _begin(party.whistle, Act.RELEASE, actor, note, at, party=party, needs_note=True)
    if not move.is_new:
        return move.the_party
    move.check_right(caller_post(actor, move.whistle, move.at), _("Only the caller's side decides this."))
    move.check_open()
    party = move.the_party
    if party.done_at:
        raise Refused(_("It has done its part already."), code=TOO_LATE)
    calls.cancel(party.deadlines.all(), at=move.at)
    party.released_at = move.at
    party.save(update_fields=["released_at"])
    move.append()
    text = gettext_lazy("You are released from whistle {number}.")
    _tell(calls.handlers_of(party.department, at=move.at), move.whistle, text, tone="info", at=move.at)
    return party


@transaction.atomic
def rate(party: WhistleParty, *, actor: User, rating: int, note: str = "", at: datetime | None = None) -> WhistleParty:
    """The caller rates what the department has done, from 1 to 5, once; a poor rating says why.

    Of departments only, never of people: a red line of the law.
    """
    if rating not in range(1, 6):
        raise Refused(_("Choose a rating from 1 to 5."), code="rating", field="rating")
    move = _begin(party.whistle, Act.RATE, actor, note, at, party=party, needs_note=rating <= POOR)
    party = move.the_party
    if not move.is_new and party.rating == rating:
        return party
    text = _("Only the caller, or who whistles for the unit after them, rates the response.")
    move.check_right(rater_post(actor, party, move.at), text)
    move.check_open()
    if party.done_at is None or party.rating is not None:
        raise Refused(_("It can be rated once, when the department has done its part."), code=TOO_LATE)
    party.rating = rating
    party.save(update_fields=["rating"])
    move.append()
    return party


@transaction.atomic
def close(whistle: Whistle, *, actor: User, note: str = "", at: datetime | None = None) -> Whistle:
    """The matter is settled. Every department has done its part and is rated, or was released."""
    move = _begin(whistle, Act.CLOSE, actor, note, at)
    if not move.is_new:
        return move.whistle
    move.check_right(caller_post(actor, move.whistle, move.at), _("Only the caller's side decides this."))
    move.check_open()
    if owing := owing_parties(move.whistle):
        names = _("%(parties)s must first be done and rated, or released.")
        raise Refused(names % {"parties": "、".join(str(row.department) for row in owing)}, code=TOO_LATE)
    return move.end(State.CLOSED)


@transaction.atomic
def withdraw(whistle: Whistle, *, actor: User, note: str, at: datetime | None = None) -> Whistle:
    """It should not have been called, or is needed no longer: every clock ends."""
    move = _begin(whistle, Act.WITHDRAW, actor, note, at, needs_note=True)
    if not move.is_new:
        return move.whistle
    move.check_right(caller_post(actor, move.whistle, move.at), _("Only the caller's side decides this."))
    move.check_open()
    calls.cancel(Deadline.objects.filter(whistle_party__whistle=move.whistle), at=move.at)
    text = gettext_lazy("Whistle {number} was withdrawn.")
    for party in move.whistle.parties.filter(released_at=None).select_related("department"):
        _tell(calls.handlers_of(party.department, at=move.at), move.whistle, text, tone="info", at=move.at)
    return move.end(State.WITHDRAWN)


def owing_parties(whistle: Whistle) -> list[WhistleParty]:
    """The departments that keep a whistle open: not done yet, or done and not rated."""
    rows = whistle.parties.select_related("department").filter(released_at=None)
    return [row for row in rows if row.done_at is None or row.rating is None]


def whistle_clock_missed(deadline: Deadline, *, at: datetime) -> None:
    """The sweep found a department's clock run out: the caller is told; of a missing signature the street, too.

    An unsigned whistle goes up to the street's command room and its groups (practice 81).
    """
    party = deadline.whistle_party
    assert party is not None  # noqa: S101  (the caller picks the clocks of whistles)
    whistle = party.whistle
    _tell([whistle.called_by_id], whistle, _MISSED[deadline.clock], tone="error", at=at, department=party.department)
    if deadline.clock != Clock.SIGN:
        return
    room = calls.room_of(whistle.street, at=at) - {whistle.called_by_id}
    _tell(room, whistle, _MISSED[Clock.SIGN], tone="error", at=at, department=party.department)
    message = call_wording.whistle_unsigned(
        whistle.number,
        grade=whistle.grade,
        department=party.department.name,
        due_at=deadline.due_at,
        path=path_of(whistle)[1:],
    )
    _announce(message, whistle, key=f"unsigned:{deadline.pk}", at=at)


_MISSED: Final[dict[str, Any]] = {
    Clock.SIGN: gettext_lazy("Whistle {number}: {department} has not signed in time."),
    Clock.CONTACT: gettext_lazy("Whistle {number}: {department} has not been in contact in time."),
    Clock.ARRIVE: gettext_lazy("Whistle {number}: {department} has not arrived in time."),
}


def path_of(whistle: Whistle) -> str:
    return f"/whistles/{whistle.number}/"


@dataclass(slots=True)
class _Move:
    """One act in progress on a locked whistle. Not `is_new`: the same person has just done it in the same words."""

    whistle: Whistle
    party: WhistleParty | None
    act: Act
    actor: User
    at: datetime
    note: str
    is_new: bool
    post: Post | None = None

    @property
    def the_party(self) -> WhistleParty:
        assert self.party is not None  # noqa: S101  (an act on one department)
        return self.party

    def check_right(self, post: Post | None, refusal: str) -> None:
        if post is None:
            raise Forbidden(refusal, code=self.act)
        self.post = post

    def check_open(self) -> None:
        if self.whistle.state != State.OPEN:
            text = _("This is not possible now: the whistle is “%(state)s”.")
            raise Refused(text % {"state": self.whistle.get_state_display()}, code=TOO_LATE)
        if self.party is not None and self.party.released_at:
            raise Refused(_("This department was released."), code=TOO_LATE)

    def append(self) -> None:
        _append(self.whistle, self.act, self.party, self.post, actor=self.actor, note=self.note, at=self.at)

    def end(self, state: str) -> Whistle:
        self.whistle.state, self.whistle.closed_at = state, self.at
        self.whistle.save(update_fields=["state", "closed_at"])
        self.append()
        return self.whistle


def _begin(
    whistle: Whistle,
    act: Act,
    actor: User,
    note: str,
    at: datetime | None,
    *,
    party: WhistleParty | None = None,
    needs_note: bool = False,
) -> _Move:
    """Lock the whistle, then the department's row, always in this order."""
    note = clean_text(note, limit=1000, field="note", required=needs_note)
    rows = Whistle.objects.select_for_update(of=("self",), no_key=True)
    whistle = rows.select_related("street", "unit").get(pk=whistle.pk)
    if party is not None:
        party = WhistleParty.objects.select_for_update(of=("self",)).select_related("department").get(pk=party.pk)
        party.whistle = whistle
    last = whistle.steps.filter(party=party).order_by("pk").last()
    is_new = last is None or (last.act, last.actor_id, last.note) != (act, actor.pk, note)
    return _Move(whistle, party, act, actor, at or clock.now(), note, is_new)


def _answer(party: WhistleParty, act: Act, actor: User, note: str, at: datetime | None) -> WhistleParty:
    """A department's act: in order, once each, by who handles for it."""
    rule = _ANSWERS[act]
    move = _begin(party.whistle, act, actor, note, at, party=party, needs_note=rule.needs_note)
    party = move.the_party
    if not move.is_new:
        return party
    text = _("Only who signs and handles for %(department)s does this.")
    move.check_right(department_post(actor, party, move.at), text % {"department": party.department})
    move.check_open()
    if getattr(party, rule.field):
        raise Refused(_("This is done already."), code=TOO_LATE)
    if rule.after and not getattr(party, rule.after):
        raise Refused(str(rule.too_early), code=TOO_LATE)
    changed = [rule.field]
    if act == Act.ARRIVE and party.contacted_at is None:
        changed.append("contacted_at")
    for field in changed:
        setattr(party, field, move.at)
    party.save(update_fields=changed)
    calls.meet(party.deadlines.filter(clock__in=rule.clocks), at=move.at)
    move.append()
    if act == Act.FINISH:
        done = gettext_lazy("Whistle {number}: {department} is done. Rate the response.")
        _tell([move.whistle.called_by_id], move.whistle, done, tone="info", at=move.at, department=party.department)
    return party


def _check_unit(unit: Unit) -> Unit:
    """The unit's street. Refuses what is retired, and households, whose names are somebody's doors."""
    if unit.street is None or not unit.is_live or unit.kind not in calls.NAMEABLE:
        raise Refused(_("Whistle for a sub-district, community, grid or micro-grid in use."), code="unit", field="unit")
    return unit.street


def _check_departments(departments: Sequence[Department], street: Unit) -> list[Department]:
    called = list(dict.fromkeys(departments))
    if not called:
        raise Refused(_("Choose at least one department."), code="departments", field="departments")
    for department in called:
        if not calls.serves_street(department, street):
            text = _("“%(party)s” does not serve this sub-district.") % {"party": department}
            raise Refused(text, code="departments", field="departments")
    return called


def _call_parties(whistle: Whistle, departments: Sequence[Department], at: datetime) -> None:
    """A row and the clocks for each department; its officers are told, and the street's groups once."""
    limits = {clock: limit for clock in CLOCKS if (limit := limit_for_whistle(clock, whistle, at=at))}
    calendar = calendar_of(whistle.unit)
    for department in departments:
        party = WhistleParty.objects.create(whistle=whistle, department=department)
        for clock_name, limit in limits.items():
            due = {"since": at, "due_at": limit.due(at, calendar), "at": at}
            calls.start_clock(clock_name, rule=limit.as_json(), whistle_party=party, **due)
        text = gettext_lazy("Whistle {number} calls you: sign, contact the caller, come.")
        _tell(calls.handlers_of(department, at=at), whistle, text, tone="warning", at=at)
    message = call_wording.whistle_called(
        whistle.number,
        grade=whistle.grade,
        caller=whistle.unit.name,
        departments=[department.name for department in departments],
        sign_by=limits[Clock.SIGN].due(at, calendar) if Clock.SIGN in limits else None,
        path=path_of(whistle)[1:],
    )
    _announce(message, whistle, key=f"whistle:{whistle.pk}", at=at)


def _announce(message: Message, whistle: Whistle, *, key: str, at: datetime) -> None:
    path = path_of(whistle)[1:]
    announce(message, kind="whistle", key=key, street=whistle.street, at=at, path=path, is_urgent=True)


def _append(
    whistle: Whistle,
    act: Act,
    party: WhistleParty | None,
    post: Post | None,
    *,
    actor: User,
    note: str,
    at: datetime,
) -> None:
    post_label = label(post) if post else ""
    facts = {"party": party, "actor": actor, "post_label": post_label, "at": at, "note": note}
    WhistleStep.objects.create(whistle=whistle, act=act, **facts)


def _tell(people: Any, whistle: Whistle, text: Any, *, tone: str, at: datetime, **facts: Any) -> None:
    tell_many(people, format_lazy(text, number=whistle.number, **facts), url=path_of(whistle), tone=tone, at=at)
