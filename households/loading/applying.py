"""Writing a load into the register: a street at a time, all or nothing."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from households.models import RegisterLoad

type Say = Callable[[str, int, int], None]
"""Called with the stage, how many rows are done and how many there are. What it raises undoes the street."""

STAGES = ("places", "doors", "households", "residents", "changes", "tags", "gone")


def apply_street(
    load: RegisterLoad, street_id: int, *, actor: User | None, at: datetime, say: Say = lambda stage, done, total: None
) -> dict[str, int]:
    """Write the load's share of the street; returns what was written, which `LoadStreet.counts` keeps as `applied`.

    One transaction. A street that is applied already answers with its counts and stays as it is, so that a load which
    was interrupted is simply applied again. Raises `Refused` with the code

    - `street_busy`: somebody else writes the street's tree now. Nobody waits here: try again later (`runs` does);
    - `register_changed`: the register has changed since the preview, and the counts with it: compare again, and let
      the user look again.
    """
    raise NotImplementedError
