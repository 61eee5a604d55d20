"""A report as the tagger sees it: runs of one to three characters. Chinese needs no words cut out for that."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

SIZES: Final = (1, 2, 3)
_RUNS: Final = re.compile(r"[^\W_]+")
_NUMBERS: Final = re.compile(r"\d+")


def normal(text: str) -> str:
    """The text without what says nothing about its matter: full width, capitals, which number it is.

    Numbers become `0`: a model is kept for months and shall know no telephone, door or card number.
    """
    return _NUMBERS.sub("0", unicodedata.normalize("NFKC", text).lower())


def grams(text: str) -> Iterator[str]:
    """Every run of one to three characters, within what punctuation and blanks divide, as often as it comes."""
    for run in _RUNS.findall(normal(text)):
        for size in SIZES:
            yield from (run[start : start + size] for start in range(len(run) - size + 1))
