"""Urgent supervision items (督办件): a demand, its rectification, and the re-check by somebody else.

Practice 75 of the handbook. Each act locks the item, is checked against `supervision_rights.RULES`, appends a
`SupervisionStep` and moves the item's one clock. A call that repeats the same person's last act in the same words
changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import clock
from accounts.api import TOO_LATE
from accounts.errors import Forbidden, Refused
from accounts.inbox import tell_many
from accounts.models import Language, User
from dispatch import call_wording, calls, shifts
from dispatch.announcing import announce
from dispatch.calendar import calendar_of
from dispatch.limits import limit_for_supervision
from dispatch.models import Deadline, DeadlineShift, Supervision, SupervisionStep, SupervisionType
from dispatch.models.deadline import Clock
from dispatch.numbering import next_number
from dispatch.selectors import RUNNING
from dispatch.supervision_rights import RULES, Act, State
from dispatch.supervision_types import OTHER
from grids.models import Ability, Department, Post, Unit
from grids.posts import label, post_for
from incidents.models import Incident
from incidents.services.moves import locked
from incidents.standing import lead_of
from incidents.texts import clean_text
from incidents.workflow import Status

Source = Supervision.Source
Target = Unit | Department

SIGN: Final = "督"
WITH_THE_LEAD: Final = (Status.DISPATCHED, Status.IN_PROGRESS)
"""Where an incident is late by its lead party, whom an item can be issued to."""


@transaction.atomic
def issue_supervision(
    street: Unit,
    *,
    actor: User,
    target: Target,
    issue_type: SupervisionType,
    demand: str,
    source: str = Source.PATROL,
    due_at: datetime | None = None,
    at: datetime | None = None,
) -> Supervision:
    """Demand of a unit or department of `street` that it puts something right, by `due_at` or by the rule.

    Sent again while the item still waits, it returns that item. Raises `Forbidden` without the ability over the unit
    (for a department: over the street) and `Refused` for a target or a time that doesn't fit.
    """
    at = at or clock.now()
    post = post_for(actor, Ability.SUPERVISE, target if isinstance(target, Unit) else street, on=_day(at))
    if post is None:
        raise Forbidden(_("No post of yours lets you issue supervision items here."), code="supervise")
    _check_target(street, target)
    if not issue_type.is_active:
        raise Refused(_("This type is no longer in use. Choose another."), code="issue_type", field="issue_type")
    wanted = {
        "street": street,
        "source": source,
        "issue_type": issue_type,
        "demand": clean_text(demand, limit=1000, field="demand", required=True),
        "unit": target if isinstance(target, Unit) else None,
        "department": target if isinstance(target, Department) else None,
    }
    return _issue(wanted, post, actor=actor, due_at=due_at, at=at)


@transaction.atomic
def supervise_incident(
    incident: Incident,
    *,
    actor: User,
    issue_type: SupervisionType | None = None,
    demand: str = "",
    due_at: datetime | None = None,
    at: datetime | None = None,
) -> Supervision:
    """Put the lead party of an overdue incident under supervision, in one act: the demand writes itself.

    Done again by the same person it returns the open item. Raises `Forbidden` without the ability over the incident's
    place, and `Refused` while it isn't overdue, isn't with a lead party, or is under supervision already.
    """
    at = at or clock.now()
    incident = locked(incident)
    post = post_for(actor, Ability.SUPERVISE, incident.unit, on=_day(at))
    if post is None:
        raise Forbidden(_("No post of yours lets you issue supervision items here."), code="supervise")
    if known := open_item_of(incident):
        if known.issued_by_id == actor.pk:
            return known
        raise Refused(_("It is under supervision already: %(number)s.") % {"number": known.number}, code=TOO_LATE)
    wanted = {
        "street": incident.street,
        "source": Source.OVERDUE,
        "issue_type": issue_type or SupervisionType.objects.get(code=OTHER),
        "incident": incident,
        "demand": clean_text(demand, limit=1000, field="demand") or demand_about(incident),
        **_lead_as_target(incident, at),
    }
    return _issue(wanted, post, actor=actor, due_at=due_at, at=at)


def open_item_of(incident: Incident) -> Supervision | None:
    """The item about this incident that isn't closed yet; there is one at most."""
    return Supervision.objects.filter(incident=incident, state__in=(State.ISSUED, State.RECTIFIED)).first()


def is_overdue(incident: Incident, *, at: datetime) -> bool:
    """True when a clock of the incident runs and has run out."""
    return any(row.is_running and row.due_at < at for row in incident.deadlines.all())


def demand_about(incident: Incident) -> str:
    """What is demanded about an overdue incident when nobody writes more; kept as data, so always in Chinese."""
    with translation.override(Language.CHINESE):
        return _("Incident %(number)s is overdue: close it at once and report the result here.") % {
            "number": incident.number
        }


@transaction.atomic
def rectify(item: Supervision, *, actor: User, note: str, at: datetime | None = None) -> Supervision:
    """The target says what it has put right; from now on it waits for the re-check."""
    move = _begin(item, Act.RECTIFY, actor, note, at)
    if not move.is_new:
        return move.item
    calls.meet(move.item.deadlines.all(), at=move.at)
    _tell_issuer(move, gettext_lazy("Supervision item {number} is reported as rectified. Check it again."))
    return move.finish()


@transaction.atomic
def confirm(item: Supervision, *, actor: User, note: str = "", at: datetime | None = None) -> Supervision:
    """The re-check finds it in order: the item counts as rectified."""
    move = _begin(item, Act.CONFIRM, actor, note, at)
    return move.finish(closed_at=move.at) if move.is_new else move.item


@transaction.atomic
def reject(item: Supervision, *, actor: User, note: str, at: datetime | None = None) -> Supervision:
    """The re-check finds it undone. Rework does not reset the clock: it runs on towards the same due moment."""
    move = _begin(item, Act.REJECT, actor, note, at)
    if not move.is_new:
        return move.item
    before = move.item.deadlines.exclude(met_at=None).order_by("pk").last()
    if before is not None:
        rule = {**before.rule, "again_after": before.pk}
        due = {"since": move.at, "due_at": before.due_at, "at": move.at}
        calls.start_clock(Clock.SUPERVISE, rule=rule, supervision=move.item, **due)
    text = gettext_lazy("Supervision item {number} was checked again and is not in order.")
    _tell_target(move.item, text, at=move.at)
    return move.finish()


@transaction.atomic
def extend(item: Supervision, *, actor: User, until: datetime, note: str, at: datetime | None = None) -> Supervision:
    """Due later, with the reason. Only while there is time left: what is overdue stays overdue."""
    move = _begin(item, Act.EXTEND, actor, note, at, can_repeat=False)
    running = move.item.deadlines.filter(RUNNING).first()
    if running is not None and running.due_at == until:  # the same order, sent again
        return move.item
    if running is None or running.due_at <= move.at:
        raise Refused(_("It is overdue: the time can't be extended any more."), code=TOO_LATE)
    if until < running.due_at:
        raise Refused(_("Choose a time after the present one."), code="until", field="until")
    shifts.move(
        running, kind=DeadlineShift.Kind.EXTENDED, due_is=until, at=move.at, reason=move.note, approved_by=actor
    )
    return move.finish()


@transaction.atomic
def withdraw(item: Supervision, *, actor: User, note: str, at: datetime | None = None) -> Supervision:
    """It should not have been issued: it ends, and counts in no rate."""
    move = _begin(item, Act.WITHDRAW, actor, note, at)
    if not move.is_new:
        return move.item
    calls.cancel(move.item.deadlines.all(), at=move.at)
    return move.finish(closed_at=move.at)


ACTS: Final[dict[Act, Callable[..., Supervision]]] = {
    Act.RECTIFY: rectify,
    Act.CONFIRM: confirm,
    Act.REJECT: reject,
    Act.EXTEND: extend,
    Act.WITHDRAW: withdraw,
}
"""What is done to an item once it is issued; pages and API call these and no others."""


def supervision_clock_missed(deadline: Deadline, *, at: datetime) -> None:
    """The sweep found the clock of an item run out: who issued it and who owes it are told."""
    item = deadline.supervision
    assert item is not None  # noqa: S101  (the caller picks the clocks of items)
    text = format_lazy(gettext_lazy("Supervision item {number} is overdue."), number=item.number)
    people = {item.issued_by_id, *calls.handlers_of(item.target, at=at)}
    tell_many(people, text, url=path_of(item), tone="error", at=at)


def path_of(item: Supervision) -> str:
    return f"/supervision/{item.number}/"


@dataclass(slots=True)
class _Move:
    """One act in progress on a locked item. Not `is_new`: the same person has just done it in the same words."""

    item: Supervision
    act: Act
    actor: User
    at: datetime
    note: str
    post: Post | None
    is_new: bool

    def finish(self, **also: Any) -> Supervision:
        """Write the new state and what changes with it, and append the step."""
        if state := RULES[self.act].to:
            also["state"] = state
        for field, value in also.items():
            setattr(self.item, field, value)
        if also:
            self.item.save(update_fields=list(also))
        _append(self.item, self.act, self.post, actor=self.actor, note=self.note, at=self.at)
        return self.item


def _begin(
    item: Supervision, act: Act, actor: User, note: str, at: datetime | None, *, can_repeat: bool = True
) -> _Move:
    """Lock the item and see whether the act is allowed, or just a repetition."""
    at = at or clock.now()
    rule = RULES[act]
    rows = Supervision.objects.select_for_update(of=("self",), no_key=True)
    item = rows.select_related("street", "unit", "department", "incident__unit", "issue_type").get(pk=item.pk)
    note = clean_text(note, limit=1000, field="note", required=rule.needs_note)
    last = item.steps.order_by("pk").last()
    if can_repeat and last and (last.act, last.actor_id, last.note) == (act, actor.pk, note):
        return _Move(item, act, actor, at, note, None, is_new=False)
    post = rule.post(actor, item, at)
    if post is None:
        raise Forbidden(rule.refusal % {"target": item.target}, code=act)
    if item.state not in rule.states:
        text = _("This is not possible now: the item is “%(state)s”.")
        raise Refused(text % {"state": item.get_state_display()}, code=TOO_LATE)
    return _Move(item, act, actor, at, note, post, is_new=True)


def _issue(wanted: dict[str, Any], post: Post, *, actor: User, due_at: datetime | None, at: datetime) -> Supervision:
    """Write the item with its number, first step and clock, and tell the target and the street's groups."""
    number = next_number(Supervision, SIGN, wanted["street"].code, at=at)
    if known := Supervision.objects.filter(issued_by=actor, state=State.ISSUED, **wanted).first():
        return known
    item = Supervision.objects.create(number=number, issued_by=actor, issued_at=at, **wanted)
    _append(item, Act.ISSUE, post, actor=actor, note=item.demand, at=at)
    due_at = _start_clock(item, due_at, at)
    text = gettext_lazy("Urgent supervision item {number}: put it right by {due}.")
    _tell_target(item, text, due=timezone.localtime(due_at).strftime("%m-%d %H:%M"), at=at)
    path, key = path_of(item)[1:], f"supervision:{item.pk}"
    message = call_wording.supervision_issued(
        item.number, kind=item.issue_type.name, target=item.target.name, due_at=due_at, path=path
    )
    announce(message, kind="supervision", key=key, street=item.street, at=at, path=path, is_urgent=True)
    return item


def _start_clock(item: Supervision, due_at: datetime | None, at: datetime) -> datetime:
    """Start the item's clock towards the time that was given, or by the rule; returns when it is due."""
    rule: dict[str, Any] = {"source": "given"}
    if due_at is None:
        limit = limit_for_supervision(item, at=at)
        if limit is None:
            raise Refused(_("No rule sets a limit here: give the time."), code="due", field="due_at")
        due_at, rule = limit.due(at, calendar_of(item.unit or item.street)), limit.as_json()
    if due_at <= at:
        raise Refused(_("The time must lie in the future."), code="due", field="due_at")
    calls.start_clock(Clock.SUPERVISE, rule=rule, since=at, due_at=due_at, at=at, supervision=item)
    return due_at


def _check_target(street: Unit, target: Target) -> None:
    if isinstance(target, Department):
        fits = calls.serves_street(target, street)
    else:
        fits = target.is_live and target.street_id == street.pk and target.kind in calls.NAMEABLE
    if not fits:
        text = _("“%(party)s” does not serve this sub-district.")
        raise Refused(text % {"party": target}, code="target", field="target")


def _lead_as_target(incident: Incident, at: datetime) -> dict[str, Target | None]:
    lead = lead_of(incident) if incident.status in WITH_THE_LEAD else None
    if lead is None:
        text = _("No lead party has it in hand now: dispatch it first, or settle what it waits for.")
        raise Refused(text, code=TOO_LATE)
    if not is_overdue(incident, at=at):
        raise Refused(_("It isn't overdue."), code=TOO_LATE)
    return {"unit": lead.unit, "department": lead.department}


def _append(item: Supervision, act: Act, post: Post | None, *, actor: User, note: str, at: datetime) -> None:
    post_label = label(post) if post else ""
    SupervisionStep.objects.create(supervision=item, act=act, actor=actor, post_label=post_label, at=at, note=note)


def _tell_target(item: Supervision, text: Any, *, at: datetime, **facts: str) -> None:
    people = calls.handlers_of(item.target, at=at)
    said = format_lazy(text, number=item.number, **facts)
    tell_many(people, said, url=path_of(item), tone="warning", at=at)


def _tell_issuer(move: _Move, text: Any) -> None:
    said = format_lazy(text, number=move.item.number)
    tell_many([move.item.issued_by_id], said, url=path_of(move.item), tone="info", at=move.at)


def _day(at: datetime) -> date:
    return timezone.localdate(at)
