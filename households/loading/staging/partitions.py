"""The staging tables' partitions: one of each a load, written once, thrown away whole.

Long statements name the partition itself (`name_of`): whoever reads through the parent table holds a lock on it that
`drop` of any other load would wait for, and everybody else behind that.
"""

from django.db import connection, transaction
from django.db.models import Model

from households.models import StagedPerson, StagedVerdict


def name_of(model: type[Model], load_id: int) -> str:
    """The table that holds the load's rows of `StagedPerson` or `StagedVerdict`."""
    return f"{model._meta.db_table}_{int(load_id)}"


@transaction.atomic
def make(model: type[Model], load_id: int) -> str:
    """An empty partition for the load, whatever was in it before; returns its name.

    Unlogged: what it holds is read again from the file if the database crashes. It has no index until `finish`.
    """
    table, name = model._meta.db_table, name_of(model, load_id)
    with connection.cursor() as cursor:
        if _exists(name):
            cursor.execute(f"TRUNCATE {name}")
            cursor.execute(f"DROP INDEX IF EXISTS {name}_ordinal, {name}_verdict")
        else:
            cursor.execute(f"CREATE UNLOGGED TABLE {name} (LIKE {table} INCLUDING DEFAULTS)")
            cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES IN ({int(load_id)})")
    return name


def finish(model: type[Model], load_id: int) -> None:
    """After the rows are written: what pages look them up by, and figures for the planner."""
    name = name_of(model, load_id)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE UNIQUE INDEX IF NOT EXISTS {name}_ordinal ON {name} (ordinal)")
        if model is StagedVerdict:
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {name}_verdict ON {name} (verdict, ordinal)")
        cursor.execute(f"ANALYZE {name}")


def drop(model: type[Model], load_id: int) -> None:
    """Throw the partition away; fine when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name_of(model, load_id)}")


def is_staged(load_id: int) -> bool:
    """Whether the load's rows are there. A crash of the database empties them, an old load has thrown them away."""
    name = name_of(StagedPerson, load_id)
    if not _exists(name):
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {name})")  # noqa: S608 -- a number names the table
        return bool(cursor.fetchone()[0])


def _exists(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        return bool(cursor.fetchone()[0])
