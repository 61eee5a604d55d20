"""Codes of units: given once, in order, never again, whatever becomes of the unit.

| kind | code | where it comes from |
| --- | --- | --- |
| street | 9 digits: district + 3 | the statistical list; added by hand: 900-999, which the list leaves free |
| area | street + `A` + 2 digits | the next number of the street |
| community | 12 digits: street + 3 | the statistical list; added by hand: 900-999 of the street |
| grid | community + 3 digits | the next number of its first community |
| micro-grid | grid + 3 digits | the next number of its first grid |
| household | micro-grid + 4 digits | the next number of its first micro-grid |

The published list of 2022/23 uses 001-599 for communities and villages and 001-599 for streets and towns all over the
country, so a number from 900 up can't meet one that the statisticians give later. A unit that moves keeps its code. The
counter (`CodeSequence`) only grows: a look at today's units would give a retired unit's code a second time.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from grids.errors import TreeRefused
from grids.models import Kind, Unit


class Series(NamedTuple):
    """How the codes of a kind are numbered under their prefix."""

    digits: int
    first: int = 1
    mark: str = ""

    @property
    def last(self) -> int:
        return int(10**self.digits - 1)

    def code(self, prefix: str, number: int) -> str:
        return f"{prefix}{self.mark}{number:0{self.digits}d}"


LOCAL = 900  # the first number that is given by hand in a range which the statistical list fills
SERIES: dict[str, Series] = {
    Kind.STREET: Series(3, first=LOCAL),
    Kind.AREA: Series(2, mark="A"),
    Kind.COMMUNITY: Series(3, first=LOCAL),
    Kind.GRID: Series(3),
    Kind.MICRO_GRID: Series(3),
    Kind.HOUSEHOLD: Series(4),
}
STATISTICAL_LENGTH: dict[str, int] = {Kind.STREET: 9, Kind.COMMUNITY: 12}

# One statement for any number of counters. A new counter starts just before its first number.
_RESERVE = """
INSERT INTO grids_codesequence AS held (prefix, kind, last)
SELECT wanted.prefix, %s, %s - 1 + wanted.count FROM unnest(%s::text[], %s::int[]) AS wanted (prefix, count)
ORDER BY wanted.prefix
ON CONFLICT (prefix, kind) DO UPDATE SET last = held.last + excluded.last - %s + 1
RETURNING prefix, last
"""


def reserve(kind: str, counts: Mapping[str, int]) -> dict[str, list[str]]:
    """Give `counts[prefix]` new codes of that kind under each prefix, in order.

    Call it under the street's lock. Raises `TreeRefused` when a range is exhausted; the caller's transaction must end
    then, so that no number is lost.
    """
    series = SERIES[kind]
    with connection.cursor() as cursor:
        cursor.execute(_RESERVE, [kind, series.first, list(counts), list(counts.values()), series.first])
        last_given = dict(cursor.fetchall())
    for prefix, last in last_given.items():
        if last > series.last:
            raise _exhausted(kind, series.code(prefix, series.last))
    return {
        prefix: [series.code(prefix, number) for number in range(last - counts[prefix] + 1, last + 1)]
        for prefix, last in last_given.items()
    }


def prefix_under(kind: str, *, street_code: str, parent_code: str) -> str:
    """What a code of that kind begins with. Areas come and go, so a community's begins with its street's code."""
    return street_code if kind == Kind.COMMUNITY else parent_code


def check_statistical(kind: str, code: str, prefix: str) -> None:
    """Refuse a code that the statistical list can't have given to a unit of that kind in that place."""
    length = STATISTICAL_LENGTH.get(kind)
    if length is None:
        raise TreeRefused(
            _("Codes of this kind are given by the system and can't be chosen."), code="code_not_chosen", field="code"
        )
    if not re.fullmatch(r"[0-9]+", code) or len(code) != length or not code.startswith(prefix):
        raise TreeRefused(
            _("The code %(code)s must have %(length)d digits and begin with %(prefix)s.")
            % {"code": code, "length": length, "prefix": prefix},
            code="code_shape",
            field="code",
        )
    if int(code[-3:]) >= LOCAL:
        raise TreeRefused(
            _("Codes that end in %(first)d to 999 are given by the system. Leave the code empty.") % {"first": LOCAL},
            code="code_local",
            field="code",
        )


def refuse_given(chosen: Iterable[str]) -> None:
    """Refuse codes that a unit, in use or retired, carries already, or that are chosen twice."""
    counts = Counter(chosen)
    repeated = [code for code, count in counts.items() if count > 1]
    given = repeated or Unit.objects.filter(code__in=counts).values_list("code", flat=True)[:1]
    for code in given:
        raise TreeRefused(
            _("The code %(code)s was given already and is never given again.") % {"code": code},
            code="code_taken",
            field="code",
        )


def _exhausted(kind: str, last_code: str) -> TreeRefused:
    return TreeRefused(
        _("All codes for this kind (%(kind)s) are used up here: %(code)s was the last. Add it under another unit.")
        % {"kind": Kind(kind).label, "code": last_code},
        code="codes_exhausted",
    )
