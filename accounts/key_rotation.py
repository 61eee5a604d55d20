"""Changing the keys of sealed fields while the product runs.

1. Put the new key in front: `FIELD_KEYS="new:…,old:…"`, and restart. New values are sealed with the new key.
2. `reseal` seals everything else with it, some thousand rows at a time. What somebody writes meanwhile is left alone.
3. `remake_fingerprints`, with the product stopped: fingerprints move from the oldest key to the new one, all at once,
   because a search that knows one key must find every row.
4. Take the old key out and start again.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from psycopg2.extras import execute_values
from psycopg2.sql import SQL, Composed, Identifier

from accounts.sealing import SealedTextField, fingerprint, first_key_id, seal, unseal

BATCH = 5_000
_SEALED = "^[A-Za-z0-9_.-]+:[A-Za-z0-9+/]{38,}=*$"
"""What a sealed text looks like: the key's id, then at least a nonce and a tag in base64."""
Say = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One column that holds sealed text, or JSON with sealed texts as values."""

    model: type[models.Model]
    name: str
    fingerprint: str = ""
    is_json: bool = False

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def key(self) -> str:
        return str(self.model._meta.pk.column)

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


def sealed_columns() -> list[SealedColumn]:
    """Every sealed column of the product, the history's included."""
    columns = []
    for model in apps.get_models():
        if not model._meta.managed:  # staging tables live for days and go with the load
            continue
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedTextField):
                columns.append(SealedColumn(model, field.name, field.fingerprint_column))
        columns += [SealedColumn(model, name, is_json=True) for name in getattr(model, "SEALED_INSIDE", ())]
    return columns


def count_by_key() -> Counter[str]:
    """How many sealed values each key still holds: a key with none may go."""
    counted: Counter[str] = Counter()
    for column in sealed_columns():
        query = SQL(
            "SELECT split_part(item.value, ':', 1), count(*) FROM {table}, LATERAL {values} AS item (value)"
            " WHERE item.value ~ %(sealed)s GROUP BY 1"
        ).format(table=Identifier(column.table), values=_values(column))
        with connection.cursor() as cursor:
            cursor.execute(query, {"sealed": _SEALED})
            counted.update(dict(cursor.fetchall()))
    return counted


def reseal(say: Say | None = None) -> int:
    """Seal with the first key whatever another one sealed. Returns how many rows. Safe to repeat and to interrupt."""
    total = 0
    for column in sealed_columns():
        for done in _reseal_column(column):
            total += done
            if say:
                say(str(column), done)
    return total


def _reseal_column(column: SealedColumn) -> Iterator[int]:
    last: Any = None
    while True:
        with transaction.atomic():
            rows = _rows_of_other_keys(column, last)
            if not rows:
                return
            last = rows[-1][0]
            anew = _inside if column.is_json else _anew
            _replace(column, [(key, old, anew(old)) for key, old in rows])
        yield len(rows)


def _rows_of_other_keys(column: SealedColumn, last: Any) -> list[tuple[Any, str]]:
    query = SQL(
        "SELECT {key}, {name}::text FROM {table} WHERE EXISTS (SELECT 1 FROM {values} AS item (value)"
        " WHERE item.value ~ %(sealed)s AND NOT starts_with(item.value, %(mark)s))"
        " AND (%(last)s IS NULL OR {key} > %(last)s) ORDER BY {key} LIMIT %(batch)s"
    ).format(
        key=Identifier(column.key),
        name=Identifier(column.name),
        table=Identifier(column.table),
        values=_values(column),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {"sealed": _SEALED, "mark": f"{first_key_id()}:", "last": last, "batch": BATCH})
        return list(cursor.fetchall())


def _values(column: SealedColumn) -> Composed:
    """The sealed texts of one row, as a subquery of one column."""
    whole = SQL("(SELECT value FROM jsonb_each_text({name}))") if column.is_json else SQL("(SELECT {name})")
    return whole.format(name=Identifier(column.name))


def _anew(sealed: str) -> str:
    return seal(unseal(sealed))


def _inside(text: str) -> str:
    """The JSON with each text that one of our keys sealed sealed anew; everything else as it was."""
    values: dict[str, Any] = json.loads(text)
    return json.dumps({name: _anew(value) if is_sealed(value) else value for name, value in values.items()})


def is_sealed(value: Any) -> bool:
    """Whether the value is a text that one of today's keys opens."""
    if not isinstance(value, str) or ":" not in value:
        return False
    try:
        unseal(value)
    except ValueError:
        return False
    return True


def _replace(column: SealedColumn, rows: list[tuple[Any, str, str]]) -> None:
    """Write the new texts where the old ones still stand.

    The history's trigger is set aside for the transaction: what the rows say stays the same, only the key changes.
    """
    names = {
        "table": Identifier(column.table),
        "name": Identifier(column.name),
        "key": Identifier(column.key),
        "kind": SQL("jsonb" if column.is_json else "text"),
    }
    update = SQL(
        "UPDATE {table} SET {name} = new.anew::{kind} FROM (VALUES %s) AS new (key, old, anew)"
        " WHERE {table}.{key} = new.key AND {table}.{name} = new.old::{kind}"
    ).format(**names)
    with connection.cursor() as cursor:
        if column.is_json:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come can't be altered
            cursor.execute(SQL("ALTER TABLE {table} DISABLE TRIGGER USER").format(**names))
        execute_values(cursor.cursor, update.as_string(cursor.connection), rows, page_size=BATCH)
        if column.is_json:
            cursor.execute(SQL("ALTER TABLE {table} ENABLE TRIGGER USER").format(**names))


def remake_fingerprints(say: Say | None = None) -> int:
    """Make every fingerprint with the first key, all or none. Returns how many. Stop the product before."""
    total = 0
    with transaction.atomic():
        for column in sealed_columns():
            if column.fingerprint:
                for done in _remake_column(column):
                    total += done
                    if say:
                        say(str(column), done)
    return total


def _remake_column(column: SealedColumn) -> Iterator[int]:
    names = {
        "table": Identifier(column.table),
        "name": Identifier(column.name),
        "key": Identifier(column.key),
        "fingerprint": Identifier(column.fingerprint),
    }
    select = SQL(
        "SELECT {key}, {name} FROM {table} WHERE {name} <> '' AND (%(last)s IS NULL OR {key} > %(last)s)"
        " ORDER BY {key} LIMIT %(batch)s"
    ).format(**names)
    update = SQL(
        "UPDATE {table} SET {fingerprint} = new.fingerprint FROM (VALUES %s) AS new (key, fingerprint)"
        " WHERE {table}.{key} = new.key"
    ).format(**names)
    key_id, last = first_key_id(), None
    with connection.cursor() as cursor:
        cursor.execute(SQL("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE").format(**names))
        while True:
            cursor.execute(select, {"last": last, "batch": BATCH})
            rows = [(key, fingerprint(unseal(sealed), key_id=key_id)) for key, sealed in cursor.fetchall()]
            if not rows:
                return
            last = rows[-1][0]
            execute_values(cursor.cursor, update.as_string(cursor.connection), rows, page_size=BATCH)
            yield len(rows)
