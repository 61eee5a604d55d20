"""The access log: for the auditor alone, searchable, never rewritten."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.access_log import Act, record_access
from accounts.models import AccessRecord, User
from households import auditing
from tests import world as cast
from tests.world import World

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)


def reveal(actor: User, count: int = 1, *, at: datetime = AT, own: bool = True, place: str = "330206004") -> None:
    for number in range(count):
        record_access(
            actor,
            act=Act.REVEAL,
            subject="resident",
            subject_id=number,
            what="phone",
            unit_code=place,
            is_own_area=own,
            at=at,
        )


@pytest.fixture
def auditor(world: World) -> User:
    return cast.post("auditor", "审计员", "auditor", world.district)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_accessrecord SET reason = 'x'", "DELETE FROM accounts_accessrecord"]
)
def test_nobody_rewrites_the_log(world: World, statement: str) -> None:
    reveal(world.worker)
    with pytest.raises(DatabaseError, match="appended, never edited"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db
def test_only_the_auditor_reads_it(client: Client, world: World, auditor: User) -> None:
    client.force_login(world.worker)
    assert client.get("/access-log/").status_code == 403
    assert client.get("/access-log/file/").status_code == 403
    client.force_login(auditor)
    assert client.get("/access-log/").status_code == 200


@pytest.mark.django_db
def test_reading_is_an_entry_too(client: Client, auditor: User) -> None:
    client.force_login(auditor)
    client.get("/access-log/?act=reveal")
    entry = AccessRecord.objects.get(act=Act.AUDIT)
    assert (entry.actor, entry.reason) == (auditor, "act=reveal")


@pytest.mark.django_db
def test_search_narrows_by_person_day_and_place(world: World) -> None:
    reveal(world.worker)
    reveal(world.worker, at=AT + timedelta(days=3))
    reveal(world.command, place="330206005")
    found = auditing.records(
        auditing.Search(who=world.worker.username, since=date(2026, 11, 20), until=date(2026, 11, 20))
    )
    assert [entry.at for entry in found] == [AT]
    assert auditing.records(auditing.Search(place="330206005")).get().actor == world.command


@pytest.mark.django_db
def test_days_end_at_midnight_in_shanghai(world: World) -> None:
    reveal(world.worker, at=datetime(2026, 11, 20, 15, 59, tzinfo=UTC))
    reveal(world.worker, at=datetime(2026, 11, 20, 16, 0, tzinfo=UTC))
    assert auditing.records(auditing.Search(until=date(2026, 11, 20))).count() == 1


@pytest.mark.django_db
def test_more_than_fifty_reveals_a_day_are_put_before_the_auditor(client: Client, world: World, auditor: User) -> None:
    reveal(world.worker, 50)
    reveal(world.command, 49)
    reveal(world.command, 2, own=False)
    busy = auditing.busy_days(date(2026, 11, 22))
    assert [(day.user, day.reveals, day.elsewhere, day.on) for day in busy] == [
        (world.command, 51, 2, date(2026, 11, 20))
    ]


@pytest.mark.django_db
def test_the_file_neutralises_formulas(client: Client, world: World, auditor: User) -> None:
    record_access(world.worker, act=Act.REVEAL, subject="resident", subject_id=1, reason="=cmd()", at=AT)
    client.force_login(auditor)
    body = b"".join(client.get("/access-log/file/").streaming_content).decode("utf-8-sig")
    assert "'=cmd()" in body


@pytest.mark.django_db
def test_a_wrong_day_is_explained_and_narrows_nothing(client: Client, world: World, auditor: User) -> None:
    reveal(world.worker)
    client.force_login(auditor)
    for wrong in ("since=2026-99-99", "since=0001-01-01", "until=9999-12-31"):
        page = client.get(f"/access-log/?{wrong}")
        assert page.status_code == 200
        assert page.context["form"].errors
        assert "resident" in page.content.decode()
