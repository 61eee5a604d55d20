"""Clean rows into the staging table: a chunk of columns at a time, by COPY into the load's own partition.

Numbers are sealed on the way, a column at a time. Measured for the street of 217,000 residents: see
`docs/performance.md`.
"""

import io
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import repeat
from typing import Final

from django.db import connection, transaction

from accounts.sealing_bulk import fingerprint_many, seal_many
from households.loading.rows import People
from households.loading.staging import partitions
from households.models import RegisterLoad, StagedPerson, StagedVerdict

KEPT_AFTER_END: Final = timedelta(days=7)
"""The rows behind the counts of a load that has ended can be looked at for a week."""
_COLUMNS: Final = (
    "load_id",
    "ordinal",
    *("sheet", "line", "member", "home", "place", "household_number", "address", "address_key"),
    *("dwelling", "landlord_name", "landlord_phone", "landlord_phone_fingerprint"),
    *("name", "initials", "document", "document_number", "document_fingerprint", "number_check"),
    *("phone", "phone_fingerprint", "sex", "born_on", "relation", "residence", "moved_in_on", "moved_out_on"),
    *("tags", "note", "problems"),
)
_NULL: Final = "\\N"
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})

type Said = Callable[[int], None]


def stage(load: RegisterLoad, chunks: Iterable[People], *, said: Said = lambda rows: None) -> Counter[int]:
    """Write all rows, in place of what was staged before; returns how many lines name each place.

    Not one transaction: making and dropping a partition locks all of them, and other loads mustn't wait for this one to
    be read. `load.staged_rows` is set last, and only what it counts is taken for whole.
    """
    _say_staged(load, None)
    rows, places = 0, Counter[int]()
    table = partitions.make(StagedPerson, load.pk)
    for people in chunks:
        people.check()
        _copy(table, load.pk, rows, people)
        places.update(people.place)
        rows += len(people)
        said(rows)
    partitions.finish(StagedPerson, load.pk)
    _say_staged(load, rows)
    return places


def is_whole(load: RegisterLoad) -> bool:
    """Whether all rows of the load are there. A crash of the database empties unlogged tables."""
    if load.staged_rows is None or not partitions.is_staged(load.pk):
        return False
    return StagedPerson.objects.filter(load_id=load.pk).count() == load.staged_rows


@transaction.atomic
def drop(load: RegisterLoad) -> None:
    """Throw the staged rows and their verdicts away; fine when there are none."""
    _say_staged(load, None)
    partitions.drop(StagedPerson, load.pk)
    partitions.drop(StagedVerdict, load.pk)


def outlived(at: datetime) -> Iterable[RegisterLoad]:
    """Loads that ended long enough ago for their staged rows to go."""
    return RegisterLoad.objects.filter(ended_at__lt=at - KEPT_AFTER_END, staged_rows__isnull=False)


def _say_staged(load: RegisterLoad, rows: int | None) -> None:
    RegisterLoad.objects.filter(pk=load.pk).update(staged_rows=rows)
    load.staged_rows = rows


def _copy(table: str, load_id: int, first: int, people: People) -> None:
    """One chunk. PostgreSQL's text format, made by columns: csv.writer would look at each of 31 cells a row anew."""
    columns = _columns(load_id, first, people)
    lines = map("\t".join, zip(*columns, strict=False))  # repeat() has no end
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} ({', '.join(_COLUMNS)}) FROM STDIN",
            io.BytesIO(("\n".join(lines) + "\n" if len(people) else "").encode()),
            size=1024 * 1024,
        )


def _columns(load_id: int, first: int, people: People) -> list[Iterable[str]]:
    """The chunk as texts in the order of `_COLUMNS`."""
    return [
        repeat(str(load_id)),
        map(str, range(first, first + len(people))),
        *(map(str, column) for column in (people.sheet, people.line, people.member, people.home, people.place)),
        *(_texts(column) for column in (people.household_number, people.address, people.address_key)),
        *(_texts(column) for column in (people.dwelling, people.landlord_name)),
        *(seal_many(people.landlord_phone), fingerprint_many(people.landlord_phone)),
        *(_texts(column) for column in (people.name, people.initials, people.document)),
        *(seal_many(people.number), fingerprint_many(people.number), people.number_check),
        *(seal_many(people.phone), fingerprint_many(people.phone)),
        *(people.sex, _dates(people.born_on), _texts(people.relation), people.residence),
        *(_dates(people.moved_in_on), _dates(people.moved_out_on)),
        *(_arrays(people.tags), _texts(people.note), _problems(people.problems)),
    ]


def _texts(column: Sequence[str]) -> Iterable[str]:
    """Escaped for COPY; all at once when there is nothing to escape, which is nearly always so."""
    whole = "".join(column)
    if any(sign in whole for sign in "\\\t\n\r\0"):
        return [text.translate(_ESCAPES) for text in column]
    return column


def _dates(column: Sequence[date | None]) -> Iterable[str]:
    return [day.isoformat() if day else _NULL for day in column]


def _arrays(column: Sequence[tuple[str, ...]]) -> Iterable[str]:
    """Codes of tags, which hold letters and digits only."""
    return ["{" + ",".join(codes) + "}" if codes else _NULL for codes in column]


def _problems(column: Sequence[tuple[tuple[str, int], ...]]) -> Iterable[str]:
    """As JSON: [["no_name", 3]]. Codes need no escaping."""
    return [
        "[" + ",".join(f'["{code}",{index}]' for code, index in problems) + "]" if problems else _NULL
        for problems in column
    ]
