"""What beat asks for: loads whose worker died are taken up, waiting ones get their turn, old files and rows go."""

from datetime import datetime

import clock
from households.loading import kept_files
from households.loading.runs import enqueueing, turns
from households.loading.runs.work import SILENT_AFTER, State
from households.loading.staging import staged
from households.models import RegisterLoad

_TASKS = {
    State.RECEIVED: enqueueing.READ,
    State.READING: enqueueing.READ,
    State.APPLYING: enqueueing.APPLY,
    State.UNDOING: enqueueing.TAKE_BACK,
}


def resume(*, at: datetime | None = None) -> list[int]:
    """Have loads worked on that should be and give no sign of life, and those whose turn has come; returns which.

    A sign is noted for each at once, so that one which merely waits for the loader isn't asked for every minute. Asking
    once too often does no harm: the work finds the load taken, or where it belongs, and returns.
    """
    at = at or clock.now()
    silent = RegisterLoad.objects.filter(state__in=_TASKS, alive_at__lt=at - SILENT_AFTER).order_by("pk")
    taken_up = []
    for load in silent:
        still_silent = RegisterLoad.objects.filter(pk=load.pk, state=load.state, alive_at=load.alive_at)
        if still_silent.update(alive_at=at):
            enqueueing.work_soon(_TASKS[State(load.state)], load.pk)
            taken_up.append(load.pk)
    for load_id in turns.start_waiting(at=at):
        enqueueing.apply_soon(load_id)
        taken_up.append(load_id)
    return taken_up


def clear_outlived(*, at: datetime | None = None) -> int:
    """Remove files and staged rows whose time is over; returns of how many loads something went."""
    at = at or clock.now()
    cleared = set()
    for load in kept_files.outlived(at):
        kept_files.remove(load)
        cleared.add(load.pk)
    for load in staged.outlived(at):
        staged.drop(load)
        cleared.add(load.pk)
    return len(cleared)
