"""The rows of many small tables in one statement, for a page that tells everything about one thing.

Django asks once for each relation (`prefetch_related`). A page with twenty small ones waits twenty times for an answer
that costs the database less than the way there and back. Here the database makes an array of JSON of each set of rows,
and all of them come back in one row. For a page's worth of rows only: JSON is read more slowly than columns.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import BinaryField, Field, ForeignKey, JSONField, Model, QuerySet
from django.db.models.functions import JSONObject

Columns = Sequence[str]
ALL: Final[Columns] = ()
PERSON: Final[Columns] = ("id", "username", "name")
"""What names an account. Nothing else of it: a password's hash has no place in JSON."""


@dataclass(frozen=True)
class Rows:
    """Rows to fetch, in the order of the queryset; `along`: foreign keys to load with them.

    `columns`, and those of each key, are the columns that are read: `ALL` or some by name. As with `only`, each other
    one that is asked for later costs a query of its own.
    """

    found: QuerySet[Any]
    columns: Columns = ALL
    along: Mapping[str, Columns] = field(default_factory=dict)


def fetch_together(about: Model, wanted: Mapping[str, Rows]) -> dict[str, list[Any]]:
    """The rows of each of `wanted`, by its name, in one statement. `about` is what they belong to: a row that exists.

    Raises `ValueError` for columns that JSON can't carry: bytes, and what is sealed.
    """
    arrays = [ArraySubquery(rows.found.values(row=_as_json(rows))) for rows in wanted.values()]
    fetched = type(about)._base_manager.filter(pk=about.pk).values_list(*arrays).get()
    return {
        name: [_from_json(rows.found.model, row, rows.along) for row in found or ()]
        for (name, rows), found in zip(wanted.items(), fetched, strict=True)
    }


def attach(parents: Iterable[Model], relation: str, rows: Iterable[Model]) -> None:
    """Let `parent.<relation>.all()` be those of `rows` that point at the parent, as after `prefetch_related`."""
    of_parent = defaultdict[Any, list[Any]](list)
    key: ForeignKey | None = None
    for parent in parents:
        manager = getattr(parent, relation)
        if key is None:
            key = manager.field
            for row in rows:
                of_parent[getattr(row, key.attname)].append(row)
        own = of_parent[parent.pk]
        for row in own:
            key.set_cached_value(row, parent)
        kept = manager.get_queryset()
        kept._result_cache, kept._prefetch_done = own, True
        vars(parent).setdefault("_prefetched_objects_cache", {})[relation] = kept


def _as_json(rows: Rows) -> JSONObject:
    model = rows.found.model
    parts: dict[str, Any] = dict(_pairs(model, rows.columns))
    for name, columns in rows.along.items():
        parts[name] = JSONObject(**_pairs(_target(model, name), columns, f"{name}__"))
    return JSONObject(**parts)


def _pairs(model: type[Model], columns: Columns, prefix: str = "") -> dict[str, str]:
    chosen = [column for column in model._meta.concrete_fields if not columns or column.attname in columns]
    if barred := [column.attname for column in chosen if not _is_carried(column)]:
        raise ValueError(f"{model.__name__}: {', '.join(barred)} can't be fetched as JSON.")
    return {column.attname: prefix + column.attname for column in chosen}


def _is_carried(column: Field) -> bool:
    """What Django itself converts on the way out of the database would come back unconverted; JSON alone is JSON."""
    converted = isinstance(column, BinaryField) or hasattr(column, "from_db_value")
    return isinstance(column, JSONField) or not converted


def _target(model: type[Model], name: str) -> type[Model]:
    target: type[Model] = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return target


def _from_json(model: type[Model], row: Mapping[str, Any], along: Mapping[str, Columns] | None = None) -> Any:
    """One row as an instance of its model, each column of the type that the database itself would have given."""
    read = [column for column in model._meta.concrete_fields if column.attname in row]
    values = [column.to_python(row[column.attname]) for column in read]
    found = model.from_db(DEFAULT_DB_ALIAS, [column.attname for column in read], values)
    for name in along or ():
        key: Any = model._meta.get_field(name)
        there = row[key.attname] is not None
        key.set_cached_value(found, _from_json(_target(model, name), row[name]) if there else None)
    return found
