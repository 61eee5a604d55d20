"""What a check found."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db.models import QuerySet

MOST_EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """So many rows break the rule `check`; `examples` are numbers, codes and moments, never a person or a text."""

    check: str
    count: int
    examples: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "examples": list(self.examples)}


def of_rows(check: str, rows: QuerySet[Any, Any]) -> Finding | None:
    """The finding for a queryset of numbers (`values_list(…, flat=True)`); None when it is empty."""
    count = rows.count()
    return Finding(check, count, tuple(map(str, rows[:MOST_EXAMPLES]))) if count else None


def of_list(check: str, found: Iterable[str]) -> Finding | None:
    """The finding for what was counted already; None when there is nothing."""
    every = list(found)
    return Finding(check, len(every), tuple(every[:MOST_EXAMPLES])) if every else None
