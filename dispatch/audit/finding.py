"""What a check found."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import chain, islice
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


def of_rows(check: str, *several: QuerySet[Any, Any]) -> Finding | None:
    """The finding for querysets of numbers (`values_list(…, flat=True)`); None when all are empty."""
    count = sum(rows.count() for rows in several)
    if not count:
        return None
    examples = chain.from_iterable(rows[:MOST_EXAMPLES] for rows in several)
    return Finding(check, count, tuple(map(str, islice(examples, MOST_EXAMPLES))))


def of_list(check: str, found: Iterable[str]) -> Finding | None:
    """The finding for what was counted already; None when there is nothing."""
    every = list(found)
    return Finding(check, len(every), tuple(every[:MOST_EXAMPLES])) if every else None
