"""Taking a load back."""

from datetime import datetime

from accounts.models import User
from households.models import RegisterLoad


def undo_street(load: RegisterLoad, street_id: int, *, actor: User | None, at: datetime) -> dict[str, int]:
    """Restore exactly what was before the load's share of the street was applied; returns what was restored.

    One transaction. A street that isn't applied is left alone. Raises `Refused` with the code `street_busy` (see
    `applying`) or `changed_since`, whose message says how many of the load's rows have changed or got something
    attached since.
    """
    raise NotImplementedError
