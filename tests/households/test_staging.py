"""Clean rows on their way into the staging table, and back out."""

from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from django.db import connection

import clock
from accounts.sealing import fingerprint, unseal
from households.loading.rows import NO_PLACE, People
from households.loading.staging import staged
from households.models import RegisterLoad, StagedPerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def load() -> RegisterLoad:
    return RegisterLoad.objects.create(made_at=clock.now(), file_name="x.xlsx", size=1, digest="d")


def people(*rows: dict[str, Any]) -> People:
    """Rows as columns; what isn't named is empty."""
    chunk = People()
    empty: dict[str, Any] = dict.fromkeys(("sheet", "member", "home"), 0)
    empty |= {"line": 2, "place": 0, "tags": (), "problems": (), "born_on": None}
    empty |= {"moved_in_on": None, "moved_out_on": None}
    for row in rows:
        for column in fields(People):
            getattr(chunk, column.name).append({**empty, **row}.get(column.name, ""))
    return chunk


def test_a_row_comes_back_as_it_was_with_its_numbers_sealed(load: RegisterLoad) -> None:
    odd = "a\tb\\c\n“d” \\N {e},'f'"
    row = {
        "line": 7,
        "place": 3,
        "home": 5,
        "name": "张三",
        "address": odd,
        "note": "\\.",
        "tags": ("disabled", "alone"),
        "number": "330206199001011232",
        "phone": "13800001234",
        "landlord_phone": "1",
        "born_on": date(1990, 1, 1),
        "relation": "子",
        "problems": (("number_old", 4), ("phone_unknown", -1)),
    }
    staged.stage(load, [people(row)])
    [kept] = StagedPerson.objects.filter(load_id=load.pk)
    assert (kept.ordinal, kept.line, kept.place, kept.home) == (0, 7, 3, 5)
    assert (kept.name, kept.address, kept.note, kept.relation) == ("张三", odd, "\\.", "子")
    assert (unseal(kept.document_number), unseal(kept.phone)) == (row["number"], row["phone"])
    assert str(row["number"]) not in kept.document_number
    assert kept.document_fingerprint == fingerprint(row["number"])
    assert (kept.born_on, kept.moved_in_on) == (date(1990, 1, 1), None)
    assert kept.tags == ["disabled", "alone"]
    assert kept.problems == [["number_old", 4], ["phone_unknown", -1]]


def test_what_is_empty_stays_empty(load: RegisterLoad) -> None:
    staged.stage(load, [people({"name": "张三"})])
    [kept] = StagedPerson.objects.filter(load_id=load.pk)
    assert (kept.document_number, kept.document_fingerprint, kept.phone, kept.note) == ("", "", "", "")
    assert (kept.tags, kept.problems, kept.born_on) == (None, None, None)


def test_chunks_are_counted_through_and_lines_by_place(load: RegisterLoad) -> None:
    chunks = [people({"place": 0}, {"place": 1}), people({"place": 1}, {"place": NO_PLACE})]
    said: list[int] = []
    assert staged.stage(load, chunks, said=said.append) == {0: 1, 1: 2, NO_PLACE: 1}
    assert said == [2, 4]
    ordinals = StagedPerson.objects.filter(load_id=load.pk).values_list("ordinal", flat=True)
    assert list(ordinals) == [0, 1, 2, 3]
    assert load.staged_rows == 4
    assert staged.is_whole(load)


def test_staging_again_replaces_what_was_there(load: RegisterLoad) -> None:
    staged.stage(load, [people({}, {}, {})])
    staged.stage(load, [people({"name": "李四"})])
    assert [row.name for row in StagedPerson.objects.filter(load_id=load.pk)] == ["李四"]


def test_columns_of_unequal_length_are_never_written(load: RegisterLoad) -> None:
    chunk = people({}, {})
    chunk.phone.append("13800001234")
    with pytest.raises(ValueError, match="unequal"):
        staged.stage(load, [chunk])
    assert not staged.is_whole(load)


def test_rows_that_a_crash_has_taken_are_not_taken_for_whole(load: RegisterLoad) -> None:
    staged.stage(load, [people({}, {})])
    with connection.cursor() as cursor:  # what PostgreSQL does to unlogged tables after a crash
        cursor.execute(f"TRUNCATE households_stagedperson_{load.pk}")
    assert not staged.is_whole(load)


def test_a_table_that_came_to_half_its_rows_is_not_whole(load: RegisterLoad) -> None:
    def dying() -> Any:
        yield people({}, {})
        raise RuntimeError("the end")

    staged.stage(load, [people({}, {})])
    with pytest.raises(RuntimeError, match="the end"):
        staged.stage(load, dying())
    load.refresh_from_db()
    assert not staged.is_whole(load)


def test_dropping_leaves_nothing_and_may_be_repeated(load: RegisterLoad) -> None:
    staged.stage(load, [people({})])
    staged.drop(load)
    staged.drop(load)
    assert load.staged_rows is None
    assert not StagedPerson.objects.filter(load_id=load.pk).exists()
