"""One street of one load on its way into the register: what all the steps of writing it need to know."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from grids.models import Unit
from households.loading.staging import partitions, sets
from households.models import RegisterLoad, StagedPerson, StagedVerdict

type Say = Callable[[str, int, int], None]
"""Called with the stage, how many rows are done and how many there are. What it raises undoes the street."""


@dataclass(slots=True)
class Job:
    """`total` is how many rows of the file write something. `at` marks all that is written."""

    load: RegisterLoad
    street: Unit
    actor: User | None
    at: datetime
    say: Say
    total: int = 0

    def run(self, sql: str, **parameters: Any) -> int:
        """Execute one statement, the load's tables and the common parameters put in; returns the number of rows."""
        return sets.run(self.filled(sql), self._parameters | parameters)

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return sets.rows(self.filled(sql), self._parameters | parameters)

    def table(self, name: str, sql: str, *, index: str = "", **parameters: Any) -> int:
        """A temporary table with the answer, see `sets.table`."""
        return sets.table(name, self.filled(sql), self._parameters | parameters, index=index)

    def filled(self, sql: str) -> str:
        """`{staged}` and `{verdicts}` replaced by the load's own tables."""
        tables = {"staged": StagedPerson, "verdicts": StagedVerdict}
        return sql.format(**{name: partitions.name_of(model, self.load.pk) for name, model in tables.items()})

    @property
    def _parameters(self) -> dict[str, Any]:
        actor = self.actor.pk if self.actor else None
        return {"load": self.load.pk, "street": self.street.pk, "actor": actor, "at": self.at}
