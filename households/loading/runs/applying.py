"""Applying a load and taking it back: street by street, each all or nothing."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

import clock
from accounts.access_log import Act, record_access
from accounts.errors import Refused
from accounts.models import User
from households.loading.progress import APPLYING, UNDOING, Reporter
from households.loading.runs import enqueueing, telling, turns
from households.loading.runs.work import MOST_ATTEMPTS, PASSING, State, at_work, begin, locked
from households.loading.staging import staged
from households.loading.writing.applying import apply_street
from households.loading.writing.undoing import undo_street
from households.models import LoadStreet, RegisterLoad

BUSY, CHANGED = "street_busy", "register_changed"
TRIES_WHEN_BUSY: Final = 20
PAUSE_WHEN_BUSY: Final = 0.25
"""Seconds. Somebody changes the street's tree by hand, which takes milliseconds."""
LONGEST_REASON: Final = 300


def apply(load_id: int, *, at: datetime | None = None) -> RegisterLoad | None:
    """Write a confirmed load into the register; what was applied before a crash isn't applied twice.

    Ends APPLIED; READY again when the register has changed since the preview, or rules refuse it (then `refusal` says
    why); WAITING when the street is in use. None when there is nothing to do. The next in the queue gets its turn.
    """
    return _work(load_id, _APPLY, at)


def take_back(load_id: int, *, at: datetime | None = None) -> RegisterLoad | None:
    """Undo an applied load. Ends UNDONE; APPLIED again, with the reason, when its rows have changed since."""
    return _work(load_id, _TAKE_BACK, at)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of the two kinds of work: the state it is done in, and where the load goes when it can't be done."""

    state: State
    back_to: State
    stages: Mapping[str, float]
    streets: Callable[[RegisterLoad, Reporter, datetime | None], None]


def _work(load_id: int, kind: _Kind, at: datetime | None) -> RegisterLoad | None:
    with at_work(load_id) as is_ours:
        if not is_ours:
            return None
        begun = begin(load_id, kind.state, state=kind.state, at=at or clock.now())
        if begun is None:
            return None
        load = _worked(begun, kind, at)
    _let_others_follow(load)
    return load


def _worked(load: RegisterLoad, kind: _Kind, at: datetime | None) -> RegisterLoad:
    """Do the work and put the load where it belongs afterwards."""
    if load.attempts > MOST_ATTEMPTS:
        return _held_up(load, kind.back_to, _gave_up())
    report = Reporter(load.pk, kind.stages)
    try:
        kind.streets(load, report, at)
    except Refused as refused:
        return _refused(load, refused, kind.back_to)
    except PASSING:
        raise
    except Exception:
        _held_up(load, kind.back_to, _our_fault())
        raise
    finally:
        seconds = report.end()
    return _ended(load, seconds)


def _apply(load: RegisterLoad, report: Reporter, at: datetime | None) -> None:
    if not staged.is_whole(load):
        # Whoever isn't in a table that a crash has emptied would count as gone.
        raise Refused(
            _("The rows that were read are gone. The file was read again: look at it once more."), code=CHANGED
        )
    for share in _shares(load, LoadStreet.State.READY, report):
        write = partial(apply_street, load, share.street_id, actor=load.confirmed_by, say=report.say)
        _patiently(write, at)


def _take_back(load: RegisterLoad, report: Reporter, at: datetime | None) -> None:
    for share in _shares(load, LoadStreet.State.APPLIED, report):
        report.say("undoing", 0, 0)
        _patiently(partial(undo_street, load, share.street_id, actor=share.undone_by), at)


_APPLY: Final = _Kind(State.APPLYING, State.READY, APPLYING, _apply)
_TAKE_BACK: Final = _Kind(State.UNDOING, State.APPLIED, UNDOING, _take_back)


def _shares(load: RegisterLoad, state: LoadStreet.State, report: Reporter) -> Iterator[LoadStreet]:
    """The streets to be worked on, one after another; the report learns what part of all rows each has."""
    shares = list(load.streets.filter(state=state).select_related("undone_by").order_by("street__code"))
    weights = [1 + share.counts.get("rows", 0) for share in shares]
    for number, share in enumerate(shares):
        report.before, report.part = sum(weights[:number]) / sum(weights), weights[number] / sum(weights)
        yield share


def _patiently(write: Callable[..., object], at: datetime | None) -> None:
    """Write a street; when its tree is being changed by hand just now, try for some seconds."""
    for _attempt in range(TRIES_WHEN_BUSY):
        try:
            write(at=at or clock.now())
        except Refused as refused:
            if refused.code != BUSY:
                raise
            busy = refused
            time.sleep(PAUSE_WHEN_BUSY)
        else:
            return
    raise busy


def _refused(load: RegisterLoad, refused: Refused, back_to: State) -> RegisterLoad:
    if refused.code == CHANGED:
        return _compared_again(load, refused.message)
    if refused.code == BUSY and back_to == State.READY:
        return _put_off(load)
    return _held_up(load, back_to, refused.message)


@transaction.atomic
def _put_off(load: RegisterLoad) -> RegisterLoad:
    """The street's tree is in use for longer: the load goes back into the queue, beat starts it again."""
    load = locked(load.pk)
    load.state, load.attempts = State.WAITING, 0
    load.save(update_fields=["state", "attempts"])
    return load


@transaction.atomic
def _compared_again(load: RegisterLoad, why: str) -> RegisterLoad:
    """The figures that were confirmed no longer hold: compare again, and let the user look again."""
    load = locked(load.pk)
    at = clock.now()
    load.state, load.refusal, load.attempts = State.READING, why[:LONGEST_REASON], 0
    load.began_at = load.alive_at = at
    load.save(update_fields=["state", "refusal", "attempts", "began_at", "alive_at"])
    enqueueing.read_soon(load)
    return load


@transaction.atomic
def _held_up(load: RegisterLoad, back_to: State, why: str) -> RegisterLoad:
    """The load goes back to where the user can do something about it."""
    load = locked(load.pk)
    load.state, load.refusal, load.attempts = back_to, why[:LONGEST_REASON], 0
    load.save(update_fields=["state", "refusal", "attempts"])
    telling.tell_held_up(load)
    return load


@transaction.atomic
def _ended(load: RegisterLoad, seconds: Mapping[str, float]) -> RegisterLoad:
    """Applied, or undone: recorded and told."""
    load = locked(load.pk)
    at = clock.now()
    was_applied = load.state == State.APPLYING
    load.state = State.APPLIED if was_applied else State.UNDONE
    load.ended_at, load.attempts = at, 0
    load.seconds = {**load.seconds, **seconds}
    load.save(update_fields=["state", "ended_at", "attempts", "seconds"])
    undone_by = load.streets.exclude(undone_by=None).values_list("undone_by", flat=True).first()
    record_access(
        load.confirmed_by if was_applied else User.objects.filter(pk=undone_by).first(),
        act=Act.LOAD if was_applied else Act.UNDO_LOAD,
        subject="load",
        subject_id=load.pk,
        unit_code=load.scope.code if load.scope else "",
        is_own_area=True,
        at=at,
    )
    (telling.tell_applied if was_applied else telling.tell_undone)(load)
    return load


def _let_others_follow(load: RegisterLoad) -> None:
    if load.state != State.WAITING:
        for follower in turns.start_waiting():
            enqueueing.apply_soon(follower)


def _gave_up() -> str:
    return _("This was begun several times and never came to its end. Nothing is half done. Tell the operator.")


def _our_fault() -> str:
    return _("This failed through a fault of ours; nothing is half done. Try again; if it stays so, tell the operator.")
