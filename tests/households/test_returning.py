"""Error workbooks of very many rows: written by the loader, kept sealed, gone when the rows change."""

import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import AccessRecord, Notice
from households.loading import kept_files, runs
from households.loading.runs import enqueueing, returning
from households.models import RegisterLoad
from tests.households import loads
from tests.households.homes import AT
from tests.households.test_loads_api import LOADS, as_
from tests.world import World

pytestmark = pytest.mark.django_db
WRONG = "330206199001011231"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What was handed to the loader. One refused row is very many here."""
    sent: list[tuple[str, int]] = []
    monkeypatch.setattr(enqueueing, "work_soon", lambda task, load_id: sent.append((task, load_id)))
    monkeypatch.setattr(returning, "MOST_AT_ONCE", 1)
    return sent


@pytest.fixture
def load(world: World) -> RegisterLoad:
    lines = [loads.line(number, f"钱{number}", WRONG) for number in range(3, 6)]
    return loads.ready(world, *loads.FAMILY, *lines)


def take(load: RegisterLoad, world: World, **said: object) -> bytes | None:
    load.refresh_from_db()
    out = runs.error_workbook(load, actor=world.register, language="zh-hans", **said)
    return out.read() if out else None


def names_in(workbook: bytes) -> str:
    return str(list(openpyxl.load_workbook(io.BytesIO(workbook)).active.iter_rows(values_only=True)))


def test_the_loader_writes_it_once_and_the_download_is_on_record(
    load: RegisterLoad, world: World, asked: list[tuple[str, int]]
) -> None:
    assert take(load, world) is None
    assert take(load, world) is None
    assert asked == [("write_errors", load.pk)]
    assert not AccessRecord.objects.filter(act=AccessRecord.Act.DOWNLOAD).exists()
    assert runs.keep_error_workbook(load.pk)
    assert not runs.keep_error_workbook(load.pk)
    assert Notice.objects.filter(user=world.register, url=reverse("households:load", args=[load.key])).exists()
    workbook = take(load, world)
    assert workbook is not None
    assert "钱3" in names_in(workbook)
    assert AccessRecord.objects.get(act=AccessRecord.Act.DOWNLOAD).subject_id == load.pk
    assert default_storage.open(load.error_file).read(2) != b"PK"


def test_one_whose_writer_died_is_asked_for_again(
    load: RegisterLoad, world: World, asked: list[tuple[str, int]]
) -> None:
    assert take(load, world, at=AT) is None
    assert take(load, world, at=AT + returning.ASKED_AGAIN_AFTER + timedelta(seconds=1)) is None
    assert len(asked) == 2


@pytest.mark.parametrize("at_the_end", [runs.discard, runs.correct])
def test_it_goes_when_its_rows_do(
    load: RegisterLoad,
    world: World,
    asked: list[tuple[str, int]],
    at_the_end: Callable[..., RegisterLoad],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    take(load, world)
    runs.keep_error_workbook(load.pk)
    load.refresh_from_db()
    kept = load.error_file
    said = {"sheets": {0: {"columns": {8: ""}}}} if at_the_end is runs.correct else {}
    with django_capture_on_commit_callbacks(execute=True):
        at_the_end(load, actor=world.register, **said)
    runs.read(load.pk)
    load.refresh_from_db()
    assert (load.error_file, load.errors_asked_at) == ("", None)
    assert not default_storage.exists(kept)


def test_one_of_rows_that_are_gone_is_thrown_away(
    load: RegisterLoad, world: World, asked: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    take(load, world)
    write = returning._write

    def read_again_meanwhile(load: RegisterLoad, *arguments: object) -> int:
        kept_files.forget_errors(RegisterLoad.objects.get(pk=load.pk))
        return write(load, *arguments)

    monkeypatch.setattr(returning, "_write", read_again_meanwhile)
    assert not runs.keep_error_workbook(load.pk)
    load.refresh_from_db()
    assert load.error_file == ""
    assert not default_storage.exists(f"{kept_files.FOLDER}/{load.key}-errors")


def test_the_page_says_that_it_is_written_and_then_leads_to_it(
    load: RegisterLoad, world: World, asked: list[tuple[str, int]], client: Client
) -> None:
    client.force_login(world.register)
    page, link, errors = (
        reverse(f"households:{name}", args=[load.key]) for name in ("load", "load_errors_link", "load_errors")
    )
    assert f'href="{errors}"' in client.get(page).text
    assert client.get(errors).headers["Location"] == page
    assert link in client.get(page).text
    assert f'href="{errors}"' not in client.get(link).text
    runs.keep_error_workbook(load.pk)
    assert f'href="{errors}"' in client.get(link).text
    assert b"".join(client.get(errors).streaming_content).startswith(b"PK")


def test_the_api_says_that_it_is_written(load: RegisterLoad, world: World, asked: list[tuple[str, int]]) -> None:
    address = f"{LOADS}{load.key}/error-workbook/"
    response = as_(world.register).get(address)
    assert response.status_code == 202
    assert response.json()["detail"]
    runs.keep_error_workbook(load.pk)
    assert as_(world.register).get(address).status_code == 200
