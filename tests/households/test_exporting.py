"""Registers that leave the product: who asks, who decides, what the file says, when it goes."""

import csv
import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AccessRecord, Notice
from households import tasks
from households.exports import KEPT, abandoned, expire_exports, write_export
from households.loading.files.reading import open_book
from households.loading.recognition.recognising import recognise
from households.models import ExportRequest
from households.registers import REGISTERS
from households.registers.columns import Column
from households.registers.files import Sheet, write_csv, write_xlsx
from households.services.exporting import ask_export, decide_export, download_export
from tests.households.homes import card, home, person, refused
from tests.query_counts import query_count

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
State = ExportRequest.State


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    """Commit hooks run here and now; the worker's part is called by hand."""
    monkeypatch.setattr(tasks.make_export, "delay", lambda pk: None)


@pytest.fixture
def people(world):
    household = home(world.micro_1, "新村三组8号")
    person(household, "张三", document_number=card(), phone="13812341234")
    person(household, "李四", note="=1+1")


def ask(world, *, actor=None, area="street_a", **facts) -> ExportRequest:
    area = getattr(world, area)
    given = {"format": "xlsx", "actor": actor or world.register, "at": AT} | facts
    return ask_export("residents", area=area, **given)


def ask_unmasked(world, **facts) -> ExportRequest:
    return ask(world, is_unmasked=True, purpose="人口普查核对", **facts)


def made(export: ExportRequest) -> ExportRequest:
    assert write_export(export.pk, at=AT)
    export.refresh_from_db()
    return export


def sheet_of(export: ExportRequest, actor) -> list[list[str]]:
    with download_export(export, actor=actor, at=AT) as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    return [[str(cell or "") for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]


# -- Asking and deciding -------------------------------------------------------------------------------------------
def test_a_masked_export_is_made_at_once(world, people):
    export = made(ask(world))

    assert (export.state, export.rows, export.expires_at) == (State.READY, 2, AT + KEPT)
    assert list(AccessRecord.objects.values_list("act", flat=True)) == ["export"]
    assert Notice.objects.get(user=world.register).url == reverse("households:exports")
    everything = str(sheet_of(export, world.register))
    assert "张*" in everything
    assert "13812341234" not in everything


def test_who_may_not_export_the_area_is_refused(world):
    for who in (world.worker, world.command, world.outsider):
        with refused("no_right"):
            ask(world, actor=who)
    with refused("no_right"):
        ask(world, area="street_b")
    with refused("no_right"):
        ask_export("residents", area=None, format="csv", actor=world.register, at=AT)


def test_full_numbers_need_a_purpose_and_somebody_else(world, people):
    with refused("purpose_missing", "purpose"):
        ask(world, is_unmasked=True, purpose=" ")
    export = ask_unmasked(world)

    assert export.state == State.ASKED
    assert not write_export(export.pk, at=AT)
    assert set(Notice.objects.values_list("user__username", flat=True)) == {"leader", "district_officer"}
    with refused("no_right"):
        decide_export(export, is_approved=True, actor=world.register, at=AT)
    with refused("no_right"):
        decide_export(export, is_approved=True, actor=world.command, at=AT)
    decide_export(export, is_approved=True, actor=world.leader, at=AT)
    rows = sheet_of(made(export), world.register)
    assert card() in str(rows)
    assert "13812341234" in str(rows)


def test_the_database_refuses_an_approval_of_ones_own(world):
    export = ask_unmasked(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.filter(pk=export.pk).update(decided_by=world.register, state=State.MAKING)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.filter(pk=export.pk).update(state=State.READY)


def test_one_who_could_approve_may_not_approve_their_own(world):
    from tests.world import post

    post("leader", "郑主任", "register_admin", world.street_a)
    world.leader.__dict__.pop("_own_posts", None)
    export = ask_unmasked(world, actor=world.leader)
    with refused("no_right"):
        decide_export(export, is_approved=True, actor=world.leader, at=AT)


def test_a_refusal_says_why_and_is_told(world):
    export = ask_unmasked(world)
    with refused("reason_missing", "reason"):
        decide_export(export, is_approved=False, actor=world.leader, at=AT)
    decide_export(export, is_approved=False, actor=world.leader, reason="范围过大", at=AT)
    decide_export(export, is_approved=False, actor=world.leader, reason="范围过大", at=AT)  # the same again
    with refused("decided"):
        decide_export(export, is_approved=True, actor=world.leader, at=AT)
    assert Notice.objects.filter(user=world.register).count() == 1
    assert AccessRecord.objects.filter(act="export_decided").count() == 1


# -- The file ------------------------------------------------------------------------------------------------------
def test_a_file_with_full_numbers_says_whose_it_is(world, people):
    export = decide_export(ask_unmasked(world), is_approved=True, actor=world.leader, at=AT)
    with download_export(made(export), actor=world.register, at=AT) as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))

    for sheet in book.worksheets:
        for said in (sheet["A1"].value, sheet.oddHeader.left.text, sheet.oddFooter.left.text):
            for fact in ("钱台账", "2026-11-22 10:00", "人口普查核对"):
                assert fact in said
    lines = book.worksheets[0]
    numbers = [row for row in lines.iter_rows() if any(cell.value == card() for cell in row)]
    cell = next(cell for cell in numbers[0] if cell.value == card())
    assert (cell.data_type, cell.number_format) == ("s", "@")
    assert "'=1+1" in [each.value for row in lines.iter_rows() for each in row]


def test_the_first_line_of_a_csv_says_whose_it_is(world, people):
    export = ask_unmasked(world, format="csv")
    made(decide_export(export, is_approved=True, actor=world.leader, at=AT))
    export.refresh_from_db()
    with download_export(export, actor=world.register, at=AT) as file:
        lines = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))
    assert "人口普查核对" in lines[0][0]
    assert "'=1+1" in lines[-1] + lines[-2]


def test_the_file_lies_sealed(world, people):
    export = made(decide_export(ask_unmasked(world, format="csv"), is_approved=True, actor=world.leader, at=AT))
    with default_storage.open(export.file) as sealed:
        content = sealed.read()
    assert b"13812341234" not in content
    assert "张三".encode() not in content


def test_both_writers_say_the_same_and_survive_odd_text():
    columns = [Column("a", "甲", "a"), Column("b", "乙", "b")]
    odd = [["=cmd|' /C calc'!A0", 3], ['a<b>&\x07\x1f"c"', "+86"], ["@x", ""], ["二\n行", "-1"]]
    sheet = Sheet("名册[1]/2", columns, "A&B", is_marked_inside=True)
    xlsx, plain = io.BytesIO(), io.BytesIO()

    assert write_xlsx(xlsx, sheet, odd) == write_csv(plain, sheet, odd) == 4
    rows = list(openpyxl.load_workbook(xlsx).worksheets[0].iter_rows(values_only=True))
    assert rows[2] == ("'=cmd|' /C calc'!A0", 3)
    assert rows[3] == ('a<b>&"c"', "'+86")
    assert rows[4] == ("'@x", None)
    assert rows[5] == ("二\n行", "'-1")
    assert list(csv.reader(io.StringIO(plain.getvalue().decode("utf-8-sig"))))[2] == ["'=cmd|' /C calc'!A0", "3"]


def test_a_long_register_goes_on_in_another_sheet(monkeypatch):
    monkeypatch.setattr("households.registers.files.MOST_ROWS_A_SHEET", 2)
    for count, sheets in ((2, 1), (3, 2), (4, 2)):
        target = io.BytesIO()
        sheet = Sheet("x", [Column("a", "甲", "a")], "mark", is_marked_inside=True)
        assert write_xlsx(target, sheet, [[str(n)] for n in range(count)]) == count
        book = openpyxl.load_workbook(target)
        assert len(book.worksheets) == sheets
        assert {page["A1"].value for page in book.worksheets} == {"mark"}


def test_an_exported_register_can_be_loaded_again_as_it_is(world, people, tmp_path):
    export = decide_export(ask_unmasked(world), is_approved=True, actor=world.leader, at=AT)
    path = tmp_path / "again.xlsx"
    with download_export(made(export), actor=world.register, at=AT) as file:
        path.write_bytes(file.read())
    with open_book(path, path.name) as book:
        [sheet] = recognise(book, path.name).registers
    columns = [column.key for column in REGISTERS["residents"].columns if column.key != "street"]
    assert [column.field for column in sheet.columns[1:]] == columns


# -- The life of a file --------------------------------------------------------------------------------------------
def test_a_file_goes_after_a_week_and_its_row_stays(world, people):
    export = made(ask(world))
    name = export.file
    assert expire_exports(at=AT + KEPT - timedelta(seconds=1)) == 0
    assert expire_exports(at=AT + KEPT) == 1

    export.refresh_from_db()
    assert (export.state, export.file) == (State.EXPIRED, "")
    assert not default_storage.exists(name)
    with refused("expired"):
        download_export(export, actor=world.register, at=AT + KEPT)


def test_each_download_is_logged_and_only_for_who_asked(world, people):
    export = made(ask(world))
    for _time in range(2):
        download_export(export, actor=world.register, at=AT).close()
    with refused("no_right"):
        download_export(export, actor=world.leader, at=AT)
    assert AccessRecord.objects.filter(act="download", subject_id=export.pk).count() == 2


def test_what_a_dead_worker_left_is_taken_up(world, people):
    export = ask(world)
    ExportRequest.objects.filter(pk=export.pk).update(alive_at=AT)
    assert not write_export(export.pk, at=AT + timedelta(minutes=1))  # somebody is at it
    assert abandoned(at=AT + timedelta(minutes=1)) == []
    assert abandoned(at=AT + timedelta(minutes=3)) == [export.pk]
    assert write_export(export.pk, at=AT + timedelta(minutes=3))
    assert not write_export(export.pk, at=AT + timedelta(minutes=9))  # done


def test_what_can_not_be_written_is_given_up_after_a_day(world):
    export = ask(world)
    assert expire_exports(at=AT + timedelta(days=1)) == 1
    export.refresh_from_db()
    assert export.state == State.EXPIRED


# -- Pages ---------------------------------------------------------------------------------------------------------
def test_from_asking_to_the_file_on_the_pages(world, client, people):
    client.force_login(world.register)
    url = reverse("households:ask_export")
    typed = {"register": "residents", "format": "csv", "is_unmasked": "on"}
    assert client.get(url).status_code == 200
    assert client.post(url, typed).status_code == 422
    assert client.post(url, typed | {"purpose": "核对"}).status_code == 302
    export = ExportRequest.objects.get()
    page = reverse("households:export", args=[export.key])

    client.force_login(world.leader)
    assert page in client.get(reverse("households:exports")).content.decode()
    assert client.post(page, {"is_approved": "yes"}).status_code == 302
    made(export)
    client.force_login(world.register)
    file = reverse("households:export_file", args=[export.key])
    assert file in client.get(reverse("households:exports")).content.decode()
    answer = client.get(file)
    assert "张三" in b"".join(answer.streaming_content).decode()
    assert "attachment" in answer["Content-Disposition"]


def test_a_strangers_export_does_not_exist(world, client, people):
    export = made(ask(world))
    for who in (world.outsider, world.worker):
        client.force_login(who)
        assert client.get(reverse("households:exports")).status_code == 403
    client.force_login(world.leader)
    assert client.get(reverse("households:export_file", args=[export.key])).status_code == 403  # exports nothing


def test_the_list_asks_the_database_a_fixed_number_of_times(world, client):
    ask(world)
    ask_unmasked(world)
    client.force_login(world.register)
    with query_count("households:exports"):
        client.get(reverse("households:exports"))
