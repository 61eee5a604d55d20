"""What the database itself promises: indexed references, complete migrations, history that nobody rewrites."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from accounts.models import AccessRecord
from dispatch.models import (
    ClockAudit,
    DayClose,
    DayCloseLine,
    DayCloseReason,
    Deadline,
    DeadlineShift,
    Escalation,
    EscalationStep,
    OutboxAttempt,
    OutboxMessage,
    Supervision,
    SupervisionStep,
    SupervisionType,
    Whistle,
    WhistleStep,
)
from grids.models import Role, UnitChange, UnitSuccession
from households.models import RegisterChange
from incidents.models import Evaluation, Incident, Note, Result, StatusChange
from incidents.services import add_note
from public.models import Answer, Consent, PlaceCode, ResidentReport
from tests.incidents import stages
from tests.world import World

OURS = ("accounts", "grids", "households", "incidents", "tagging", "dispatch", "public")
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
    ClockAudit,
    DayCloseReason,
    DeadlineShift,
    EscalationStep,
    OutboxAttempt,
    SupervisionStep,
    WhistleStep,
    Consent,
    Answer,
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
    line = DayCloseLine.objects.create(
        day_close=day, incident=incident, number=incident.number, level=2, holder="综合执法队", minutes_late=5
    )
    DayCloseReason.objects.create(line=line, by=world.command, at=at, text="等待配件。")
    RegisterChange.objects.create(what=RegisterChange.What.ADDED, actor=world.register, at=at)
    AccessRecord.objects.create(actor=world.worker, act=AccessRecord.Act.REVEAL, subject="resident", at=at)
    _steps_of_the_clocks(world, incident, at)
    _answer_to_a_resident(world, incident, at)


def _steps_of_the_clocks(world: World, incident: Incident, at: datetime) -> None:
    actor, street = world.command, world.street_a
    ClockAudit.objects.create(hour=at, ran_at=at, is_well=True, milliseconds=5)
    deadline = Deadline.objects.create(incident=incident, clock="verify", starts_at=at, due_at=at, met_at=at)
    DeadlineShift.objects.create(deadline=deadline, kind="extended", at=at, due_was=at, due_is=at, reason="等待配件。")
    role = Role.objects.get(code="grid_leader")
    escalation = Escalation.objects.create(incident=incident, kind="ladder", began_at=at)
    EscalationStep.objects.create(escalation=escalation, position=0, tier="grid", role=role, place="1网格", at=at)
    message = OutboxMessage.objects.create(
        kind="digest", dedupe_key="one", title="整点提醒", text="", made_at=at, next_try_at=at
    )
    OutboxAttempt.objects.create(message=message, at=at, outcome="sent", reply="0 ok")
    kind = SupervisionType.objects.create(code="gathering-of-test", name="人员聚集")
    item = Supervision.objects.create(
        number="督1",
        street=street,
        source="patrol",
        issue_type=kind,
        unit=world.grid_1,
        demand="劝散。",
        issued_by=actor,
        issued_at=at,
    )
    SupervisionStep.objects.create(supervision=item, act="issue", actor=actor, at=at)
    whistle = Whistle.objects.create(
        number="哨1", street=street, unit=world.grid_1, grade=1, matter="占道。", called_by=actor, called_at=at
    )
    WhistleStep.objects.create(whistle=whistle, act="call", actor=actor, at=at)


def _answer_to_a_resident(world: World, incident: Incident, at: datetime) -> None:
    consent = Consent.objects.create(version=9, text="告知。", text_en="Notice.", made_at=at)
    code = PlaceCode.objects.create(unit=world.micro_1, code="012345678", made_at=at, made_by=world.register)
    report = ResidentReport.objects.create(
        incident=incident, place_code=code, consent=consent, link_digest="0", sent_at=at, answer_due_at=at
    )
    Answer.objects.create(report=report, text="已安排处置。", by=world.command, at=at)


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
