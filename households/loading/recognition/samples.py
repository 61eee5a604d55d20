"""Cells as they may be shown and kept: enough to recognise a column by, not enough to know anybody."""

import re
from collections.abc import Sequence

from households.loading.cleaning import surnames
from households.loading.fields import Field
from households.loading.recognition.content import Kind, kind_of

SAMPLES = 3
LONGEST = 40
SHOWN_AS_THEY_ARE = frozenset(
    {
        Field.COMMUNITY, Field.GRID, Field.MICRO_GRID, Field.HOUSEHOLD_NUMBER, Field.ADDRESS, Field.BUILDING,
        Field.STAIRWELL, Field.ROOM, Field.DWELLING, Field.DOCUMENT, Field.SEX, Field.BORN_ON, Field.RELATION,
        Field.RESIDENCE, Field.MOVED_IN_ON, Field.MOVED_OUT_ON,
    }
)  # fmt: skip
WORDS = frozenset(
    {Kind.SEX, Kind.FLAG, Kind.RELATION, Kind.RESIDENCE, Kind.DWELLING, Kind.DOCUMENT_WORD, Kind.ADDRESS, Kind.PLACE}
)
"""Looks that tell nobody's name, in whatever column."""

_NUMBER = re.compile(r"\+?[A-Z]{0,3}\d[\d\- ]{4,}[\dX]", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d{10,}[\dX]", re.IGNORECASE)


def masked_samples(texts: Sequence[str], field: str) -> list[str]:
    """The first cells of a column, each once, masked."""
    found: list[str] = []
    for text in texts:
        if text and (sample := masked(text, field)) not in found:
            found.append(sample)
            if len(found) == SAMPLES:
                break
    return found


def masked(text: str, field: str = "") -> str:
    """张* for 张三, 3302**********0013 for a number, 138****1234 for a phone. Addresses and mere words stay."""
    if field in SHOWN_AS_THEY_ARE:
        return _LONG_NUMBER.sub(lambda match: _masked_digits(match.group()), text)[:LONGEST]
    if _NUMBER.fullmatch(text):
        return _masked_digits(text)
    if field:
        return masked_name(text)
    kind = kind_of(text)
    is_word = kind in WORDS or kind is Kind.DATE or len(text) == 1 or (kind is Kind.INTEGER and len(text) < 6)
    return _LONG_NUMBER.sub("*", text)[:LONGEST] if is_word else masked_name(text)


def masked_name(text: str) -> str:
    """The surname and a star for each further character."""
    text = "".join(text.split())
    kept = 2 if text[:2] in surnames.COMPOUND and len(text) > 2 else 1
    return text[:kept] + "*" * min(len(text) - kept, 8)


def _masked_digits(number: str) -> str:
    if len(number) >= 15:
        return number[:4] + "*" * (len(number) - 8) + number[-4:]
    if len(number) >= 10:
        return number[:3] + "*" * (len(number) - 7) + number[-4:]
    return number[:2] + "*" * (len(number) - 4) + number[-2:]
