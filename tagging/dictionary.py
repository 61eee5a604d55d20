"""The dictionary at work: which words of which categories stand in a text. Pure; the rows are `tagging.words`'."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

DOUBT: Final = 2
"""Weighed against everything found: one word alone, even a decisive one, leaves a doubt."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A word that speaks for a category, 1 (a hint) to 3 (decisive)."""

    code: str
    text: str
    weight: int


class Dictionary:
    """The entries of one version."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_code: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._by_code[entry.code].append(entry)

    @property
    def codes(self) -> list[str]:
        return sorted(self._by_code)

    def found(self, text: str, code: str) -> list[Entry]:
        """The words of a category that stand in the text, the weightiest and longest first.

        A word inside a longer one that stands there too is not counted again.
        """
        text = text.lower()
        standing = [entry for entry in self._by_code.get(code, ()) if entry.text in text]
        standing.sort(key=lambda entry: (-entry.weight, -len(entry.text), entry.text))
        return [
            entry
            for entry in standing
            if not any(entry is not other and entry.text in other.text for other in standing)
        ]

    def shares(self, text: str) -> dict[str, float]:
        """How much of the evidence speaks for each category that has a word in the text; together less than 1."""
        weights = {code: sum(entry.weight for entry in self.found(text, code)) for code in self._by_code}
        found = {code: weight for code, weight in weights.items() if weight}
        whole = sum(found.values()) + DOUBT
        return {code: weight / whole for code, weight in found.items()}

    def as_texts(self) -> dict[str, str]:
        """Each category's words in one text: what a classifier may learn of a matter that nobody has reported yet."""
        return {code: "，".join(entry.text for entry in entries) for code, entries in self._by_code.items()}
