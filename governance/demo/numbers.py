"""Identity and phone numbers that are well formed and belong to nobody on purpose.

ID numbers follow GB 11643-1999: county code, birth date, three-digit sequence (odd for men), MOD 11-2 check digit.
They are unique within one source. A real person may by chance have the same number, as with any well-formed one.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from governance.demo.names import MALE, endless

ORIGINS_CSV = Path(__file__).with_name("origins.csv")
HOME_COUNTY = "330206"

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"

# Prefixes that no operator holds in the ministry's table of mobile network numbers (as of March 2023), so that no
# demo ever shows a number that would ring somewhere.
UNASSIGNED_PREFIXES = ("13490", "13491", "13495", "154", "160", "163", "164", "168", "169", "179", "1743", "194")


def check_digit(first17: str) -> str:
    """The eighteenth character of an ID number: weighted sum modulo 11, looked up."""
    return _CHECK[_weigh(first17, 0) % 11]


def _weigh(digits: str, start: int) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS[start:], strict=False))


@cache
def counties() -> dict[str, tuple[str, ...]]:
    """County codes by kind of origin: `ningbo`, `zhejiang`, `elsewhere`."""
    kinds: dict[str, list[str]] = defaultdict(list)
    with ORIGINS_CSV.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            kinds[row["kind"]].append(row["code"])
    return {kind: tuple(codes) for kind, codes in kinds.items()}


# How often people of each residence carry an ID number first given at home, in Ningbo, in Zhejiang, farther away.
# The county part stays for life, so that a daughter-in-law registered here keeps the one of her parents' county.
_ORIGIN_SHARES = {
    "registered": {"home": 82, "ningbo": 9, "zhejiang": 5, "elsewhere": 4},
    "elsewhere": {"ningbo": 75, "zhejiang": 15, "elsewhere": 10},
    "floating": {"zhejiang": 7, "elsewhere": 93},
}


class NumberSource:
    """Unique ID numbers and phone numbers from one random stream."""

    def __init__(self, rng: Random):
        self._random = rng.random
        self._used: set[int] = set()
        self._dates: dict[int, tuple[date, str, int]] = {}
        self._counties = {residence: self._county_stream(rng, residence) for residence in _ORIGIN_SHARES}
        self._prefixes = endless(rng, UNASSIGNED_PREFIXES)
        self._area_sums: dict[str, int] = {}
        self._sequences = [(f"{n:03d}", _weigh(f"{n:03d}", 14)) for n in range(1000)]

    @staticmethod
    def _county_stream(rng: Random, residence: str) -> Iterator[str]:
        known = {"home": (HOME_COUNTY,), **counties()}
        codes: list[str] = []
        weights: list[float] = []
        for kind, share in _ORIGIN_SHARES[residence].items():
            codes += known[kind]
            weights += [share / len(known[kind])] * len(known[kind])
        return endless(rng, codes, weights)

    def county(self, residence: str) -> str:
        """A county code where people of this residence got their first ID number."""
        return next(self._counties[residence])

    def born(self, ordinal: int) -> date:
        """The date of a day number, made once."""
        return self._date(ordinal)[0]

    def id_number(self, county: str, ordinal: int, sex: str) -> str:
        """An ID number not given before, for a birth on the day numbered `ordinal`."""
        _, digits, date_sum = self._date(ordinal)
        area_sum = self._area_sums.get(county)
        if area_sum is None:
            area_sum = self._area_sums[county] = _weigh(county, 0)
        sequence = 2 * int(self._random() * 499) + (1 if sex == MALE else 2)
        key = (int(county) * 1_000_000 + ordinal) * 1000
        while key + sequence in self._used:
            sequence = (sequence + 2) % 1000
        self._used.add(key + sequence)
        text, sequence_sum = self._sequences[sequence]
        return county + digits + text + _CHECK[(area_sum + date_sum + sequence_sum) % 11]

    def phone(self) -> str:
        """An eleven-digit mobile number in a range that no operator holds."""
        prefix = next(self._prefixes)
        width = 11 - len(prefix)
        return f"{prefix}{int(self._random() * 10**width):0{width}d}"

    def _date(self, ordinal: int) -> tuple[date, str, int]:
        known = self._dates.get(ordinal)
        if known is None:
            day = date.fromordinal(ordinal)
            digits = f"{day:%Y%m%d}"
            known = self._dates[ordinal] = (day, digits, _weigh(digits, 6))
        return known
