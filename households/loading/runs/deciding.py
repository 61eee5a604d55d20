"""What the user says to a load: corrections, places, answers, yes, no, and back."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

import clock
from accounts.api import TOO_LATE
from accounts.errors import Refused
from accounts.models import User
from grids.models import Unit
from households.loading import kept_files
from households.loading.placing import named_places
from households.loading.plan import BookPlan
from households.loading.recognition import corrections
from households.loading.recognition.layouts import template_of
from households.loading.runs import enqueueing, turns
from households.loading.runs.selectors import check_may_load
from households.loading.runs.work import State, locked
from households.loading.staging import staged
from households.models import LayoutTemplate, LoadStreet, RegisterLoad

GONE_ANSWERS = ("keep", "move_out")
DOUBTFUL_ANSWERS = ("leave", "take")
_USABLE = ("new", "changed", "moved", "unchanged", "doubtful", "gone")
_OPEN = (State.READY, State.REFUSED)
_CAN_BE_DISCARDED = (State.RECEIVED, State.READING, State.READY, State.REFUSED, State.WAITING)


class SheetCorrection(TypedDict, total=False):
    """What is said of one sheet: `columns` from index to `corrections.choice_of` values ("" leaves one out)."""

    columns: Mapping[int, str]
    is_taken: bool
    shape: str


@transaction.atomic
def correct(
    load: RegisterLoad,
    *,
    actor: User | None,
    sheets: Mapping[int, SheetCorrection],
    at: datetime | None = None,
    by_worker: bool = True,
) -> RegisterLoad:
    """Read the file again as the user says; `sheets` by their index. It is remembered for files of the same layout.

    Saying what the plan says already changes nothing. Raises `Refused` as `corrections.correct` does.
    """
    at = at or clock.now()
    load = _open(load, actor, *_OPEN)
    before = plan = BookPlan.from_json(load.plan)
    for index, said in sheets.items():
        plan = corrections.correct(plan, sheet=index, **said)
    if plan == before:
        return load
    load.plan = plan.as_json()
    _remember(load, plan, [index for index, said in sheets.items() if {"columns", "shape"} & said.keys()], actor, at)
    staged.drop(load)
    return _read_again(load, at, by_worker=by_worker)


@transaction.atomic
def say_places(
    load: RegisterLoad,
    *,
    actor: User | None,
    units: Mapping[int, Unit | None] | None = None,
    add: Collection[int] = (),
    at: datetime | None = None,
    by_worker: bool = True,
) -> RegisterLoad:
    """Say which micro-grid a place is (None: as it was found), or that it is to be added; both by the place's index.

    The rows are compared again, not read again. A micro-grid that was chosen is remembered for the street's next file.
    """
    at = at or clock.now()
    load = _open(load, actor, State.READY)
    if not named_places.say(load, actor=actor, units=units or {}, add=add, at=at):
        return load
    return _read_again(load, at, by_worker=by_worker)


@transaction.atomic
def decide(
    load: RegisterLoad, *, actor: User | None, gone: str | None = None, doubtful: str | None = None
) -> RegisterLoad:
    """What becomes of who isn't in the file (keep, move_out), and of doubtful rows (leave, take). Unsaid: as before."""
    load = _open(load, actor, State.READY)
    answers = dict(load.answers)
    for name, answer, known in (("gone", gone, GONE_ANSWERS), ("doubtful", doubtful, DOUBTFUL_ANSWERS)):
        if answer is None:
            continue
        if answer not in known:
            raise Refused(_("Choose one of the answers."), code="unknown_answer", field=name)
        answers[name] = answer
    if answers != load.answers:
        load.answers = answers
        load.save(update_fields=["answers"])
    return load


@transaction.atomic
def confirm(
    load: RegisterLoad, *, actor: User | None, at: datetime | None = None, by_worker: bool = True
) -> RegisterLoad:
    """Apply what the preview shows: at once, or when the loads before it in the same street are through.

    Confirming twice is fine. Nobody is moved out and no doubtful row is taken unless `decide` said so.
    """
    at = at or clock.now()
    turns.lock_queue()
    load = locked(load.pk)
    check_may_load(actor, load.scope)
    if load.state in (State.WAITING, State.APPLYING, State.APPLIED):
        return load
    _refuse_unless(load, State.READY)
    if not any(load.counts.get(name) for name in _USABLE):
        raise Refused(_("No row of this file can be applied. Mend the refused rows first."), code="nothing_to_apply")
    load.confirmed_by, load.confirmed_at, load.refusal = actor, at, ""
    load.began_at = load.alive_at = at
    load.attempts = 0
    is_busy = turns.holder_of(load) is not None
    load.state = State.WAITING if is_busy else State.APPLYING
    fields = ["confirmed_by", "confirmed_at", "refusal", "began_at", "alive_at", "attempts", "state"]
    load.save(update_fields=fields)
    if by_worker and not is_busy:
        enqueueing.apply_soon(load.pk)
    return load


@transaction.atomic
def undo(load: RegisterLoad, *, actor: User | None, at: datetime | None = None, by_worker: bool = True) -> RegisterLoad:
    """Take an applied load back. Asking twice is fine. Refused while another load uses one of its streets."""
    at = at or clock.now()
    turns.lock_queue()
    load = locked(load.pk)
    check_may_load(actor, load.scope)
    if load.state in (State.UNDOING, State.UNDONE):
        return load
    _refuse_unless(load, State.APPLIED)
    if holder := turns.holder_of(load):
        text = _("%(who)s has been loading this sub-district since %(time)s. Undo when that is through.")
        raise Refused(text % turns.facts_of(holder), code="street_busy")
    load.state, load.began_at, load.alive_at, load.attempts, load.refusal = State.UNDOING, at, at, 0, ""
    load.save(update_fields=["state", "began_at", "alive_at", "attempts", "refusal"])
    load.streets.filter(state=LoadStreet.State.APPLIED).update(undone_by=actor)
    if by_worker:
        enqueueing.take_back_soon(load)
    return load


@transaction.atomic
def discard(load: RegisterLoad, *, actor: User | None, at: datetime | None = None) -> RegisterLoad:
    """End a load that nobody wants to apply: its rows and its file go at once. Twice is fine."""
    load = locked(load.pk)
    check_may_load(actor, load.scope)
    if load.state == State.DISCARDED:
        return load
    _refuse_unless(load, *_CAN_BE_DISCARDED)
    if load.streets.exclude(state=LoadStreet.State.READY).exists():
        raise Refused(_("A part of this load is applied already. Apply the rest, or undo it."), code=TOO_LATE)
    load.state, load.ended_at = State.DISCARDED, at or clock.now()
    load.save(update_fields=["state", "ended_at"])
    staged.drop(load)
    transaction.on_commit(lambda: kept_files.remove(load), robust=True)
    return load


@transaction.atomic
def retry(
    load: RegisterLoad, *, actor: User | None, at: datetime | None = None, by_worker: bool = True
) -> RegisterLoad:
    """Read a load again that wasn't taken: after a fault, or when the tree has the place now that was missing."""
    load = locked(load.pk)
    check_may_load(actor, load.scope)
    if load.state in (State.RECEIVED, State.READING):
        return load
    _refuse_unless(load, State.REFUSED)
    if not kept_files.is_kept(load):
        raise Refused(_("The file isn't kept any more. Send it again."), code="file_gone")
    load.plan = {}
    load.save(update_fields=["plan"])
    staged.drop(load)
    return _read_again(load, at or clock.now(), by_worker=by_worker)


def _open(load: RegisterLoad, actor: User | None, *states: str) -> RegisterLoad:
    """The load, held, if the actor may work on it and it stands where something can be said to it."""
    load = locked(load.pk)
    check_may_load(actor, load.scope)
    _refuse_unless(load, *states)
    return load


def _refuse_unless(load: RegisterLoad, *states: str) -> None:
    if load.state not in states:
        text = _("This load stands elsewhere by now: %(state)s. Look at its page again.")
        raise Refused(text % {"state": load.get_state_display()}, code=TOO_LATE)


def _read_again(load: RegisterLoad, at: datetime, *, by_worker: bool) -> RegisterLoad:
    load.state, load.began_at, load.alive_at, load.ended_at = State.READING, at, at, None
    load.attempts, load.refusal = 0, ""
    load.save(update_fields=["state", "began_at", "alive_at", "ended_at", "attempts", "refusal", "plan"])
    if by_worker:
        enqueueing.read_soon(load)
    return load


def _remember(load: RegisterLoad, plan: BookPlan, indexes: Collection[int], actor: User | None, at: datetime) -> None:
    """Keep how sheets of these layouts are read, for the next file of the same street."""
    street_id = load.scope.street_id if load.scope else None
    for sheet in plan.sheets:
        if sheet.index in indexes and sheet.layout:
            kept: dict[str, Any] = {"plan": template_of(sheet), "made_by": actor, "made_at": at}
            LayoutTemplate.objects.update_or_create(street_id=street_id, layout=sheet.layout, defaults=kept)
