"""The acts of a load: one door for pages, command, API and tasks.

    receive ─► read ─► (correct | say_places | decide)* ─► confirm ─► apply ─► (undo ─► take_back)
                 └► refused ─► retry                          └► waits for its turn in a street that is in use
    discard ends what isn't applied.

Each act checks who asks and where the load stands under the load's row lock, and is safe when repeated. `read`, `apply`
and `take_back` are the work itself: they run in the loader (`households.tasks`) or in the foreground of the command,
never in a request. All acts raise `accounts.errors.Refused`, and then nothing has changed.
"""

from households.loading.runs.applying import apply, take_back
from households.loading.runs.deciding import confirm, correct, decide, discard, retry, say_places, undo
from households.loading.runs.preparing import read
from households.loading.runs.receiving import receive, same_file
from households.loading.runs.returning import (
    error_workbook,
    is_being_written,
    keep_error_workbook,
    write_error_workbook,
)
from households.loading.runs.selectors import get_visible_or_404, open_places, visible_to
from households.loading.runs.turns import start_waiting, waits_for
from households.loading.runs.upkeep import clear_outlived, resume

__all__ = [
    "apply",
    "clear_outlived",
    "confirm",
    "correct",
    "decide",
    "discard",
    "error_workbook",
    "get_visible_or_404",
    "is_being_written",
    "keep_error_workbook",
    "open_places",
    "read",
    "receive",
    "resume",
    "retry",
    "same_file",
    "say_places",
    "start_waiting",
    "take_back",
    "undo",
    "visible_to",
    "waits_for",
    "write_error_workbook",
]
