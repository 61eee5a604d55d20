"""What the rows of a file would do to the register."""

from datetime import date

from households.models import RegisterLoad


def compare(load: RegisterLoad, *, on: date) -> None:
    """Fill the load's partition of `StagedVerdict`, its `LoadStreet`s and `load.counts`, all afresh.

    Reads the staged rows and the places as they stand now: call it again when a place was chosen or an answer given.
    `on` is the day of the preview. Runs in a transaction of its own.

    Counts, of the load and of each street: rows by verdict (`new`, `changed`, `moved`, `unchanged`, `doubtful`,
    `refused`), `rows`, `households` (of the file), `new_households`, `gone`, and `problems` (rows by problem).
    """
    raise NotImplementedError
