"""What the database itself promises: indexed references, complete migrations, history that nobody rewrites."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from accounts.models import AccessRecord
from dispatch.models import DayClose, DayCloseLine
from grids.models import UnitChange, UnitSuccession
from households.models import RegisterChange
from incidents.models import Evaluation, Note, Result, StatusChange
from incidents.services import add_note
from tests.incidents import stages
from tests.world import World

OURS = ("accounts", "grids", "households", "incidents", "dispatch")
NOT_INDEXED: dict[str, str] = {}
"""References without an index of their own, each with the reason: table.column -> why nobody looks that way."""
HISTORY: tuple[type[models.Model], ...] = (
    StatusChange,
    Result,
    Note,
    Evaluation,
    UnitChange,
    UnitSuccession,
    DayClose,
    DayCloseLine,
    RegisterChange,
    AccessRecord,
)


def references() -> set[str]:
    """Every foreign key of our apps, also of the tables behind many-to-many fields, as table.column."""
    return {
        f"{model._meta.db_table}.{field.column}"
        for app in OURS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.ForeignKey)
    }


def leading_columns() -> set[str]:
    """The first column of every index that covers all rows, as table.column."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT class.relname || '.' || attribute.attname
            FROM pg_index AS index
            JOIN pg_class AS class ON class.oid = index.indrelid
            JOIN pg_attribute AS attribute ON attribute.attrelid = index.indrelid AND attribute.attnum = index.indkey[0]
            WHERE index.indpred IS NULL
        """)
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_every_reference_is_indexed_or_says_why_not() -> None:
    """Without one, deleting or joining from the other side reads the whole table."""
    assert references() - leading_columns() == NOT_INDEXED.keys()


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)  # exits when there is one to be made


def test_migrations_are_named_by_what_they_do() -> None:
    folders = [Path(apps.get_app_config(app).path) / "migrations" for app in OURS]
    assert [path.name for folder in folders for path in folder.glob("*_auto_*.py")] == []


@pytest.fixture
def history(world: World) -> None:
    """A row in every table of history."""
    incident = stages.archived(world)
    add_note(incident, actor=world.worker, text="已电话告知。")
    UnitSuccession.objects.create(predecessor=world.micro_1, successor=world.micro_2)
    at = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    figures = dict.fromkeys(("reported", "closed", "due", "due_closed", "open", "late"), 0)
    day = DayClose.objects.create(street=world.street_a, day=date(2026, 11, 20), due_at=at, frozen_at=at, **figures)
    DayCloseLine.objects.create(
        day_close=day, incident=incident, number=incident.number, level=2, holder="综合执法队", minutes_late=5
    )
    RegisterChange.objects.create(what=RegisterChange.What.ADDED, actor=world.register, at=at)
    AccessRecord.objects.create(actor=world.worker, act=AccessRecord.Act.REVEAL, subject="resident", at=at)


@pytest.mark.parametrize("how", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_history_is_appended_never_edited(history: None, how: str) -> None:
    for model in HISTORY:
        assert model._default_manager.exists(), model
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(how.format(table=model._meta.db_table))


@pytest.mark.django_db
def test_no_table_of_history_was_forgotten() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%append_only'")
        guarded = {row[0] for row in cursor.fetchall()}
    assert guarded == {model._meta.db_table for model in HISTORY}
