"""What couldn't be loaded goes back to its sender, in the sender's own layout.

A few thousand lines are written while the reader waits. More of them, up to a whole street refused, take minutes: the
loader writes those, and the workbook lies sealed beside the sender's file until the rows are read or compared again.
"""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final

from django.db.models import Q
from django.utils.translation import gettext as _

import clock
from accounts.access_log import Act, record_access
from accounts.errors import Refused
from accounts.models import Language, User
from households import sealed_files
from households.loading import kept_files
from households.loading.comparison import preview
from households.loading.files.reading import open_book
from households.loading.plan import BookPlan
from households.loading.runs import enqueueing, telling
from households.loading.staging import staged
from households.loading.workbooks.error_workbook import write_errors
from households.models import RegisterLoad

MOST_AT_ONCE: Final = 5_000
"""Rows that are written within a request: about two seconds."""
ASKED_AGAIN_AFTER: Final = timedelta(minutes=15)
"""A workbook that isn't there by then was lost with its writer."""


def error_workbook(
    load: RegisterLoad, *, actor: User | None, language: str, address: str | None = None, at: datetime | None = None
) -> IO[bytes] | None:
    """The refused and doubtful lines as an .xlsx, from its beginning.

    None while the loader writes it, which this asks for. The workbook is then in the language of who sent the file.

    That they were taken out is in the access log. Raises `Refused` when the file or its rows aren't kept any more.
    """
    _check_kept(load)
    if _rows(load) > MOST_AT_ONCE:
        return _written_by_the_loader(load, actor, address, at or clock.now())
    out = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    write_error_workbook(load, out, actor=actor, language=language, address=address)
    out.seek(0)
    return out


def write_error_workbook(
    load: RegisterLoad, out: Path | IO[bytes], *, actor: User | None, language: str, address: str | None = None
) -> int:
    """Write the refused and doubtful lines as an .xlsx to `out`, and that they were taken out to the access log.

    Returns how many lines there are. Raises `Refused` when the file or its rows aren't kept any more.
    """
    _check_kept(load)
    count = _write(load, out, language)
    _record(load, actor, address)
    return count


def is_being_written(load: RegisterLoad) -> bool:
    """Whether somebody asked for the error workbook and the loader isn't through with it."""
    return load.errors_asked_at is not None and not load.error_file


def keep_error_workbook(load_id: int) -> bool:
    """The loader's part: write the workbook that was asked for, and seal it. False when there is nothing to do."""
    load = RegisterLoad.objects.select_related("made_by").get(pk=load_id)
    if not is_being_written(load):
        return False
    try:
        _check_kept(load)
    except Refused:
        return False  # read again meanwhile, or thrown away: the page says where the load stands
    with tempfile.TemporaryFile() as plain:
        _write(load, plain, load.made_by.language if load.made_by else Language.CHINESE)
        plain.seek(0)
        name = sealed_files.keep(f"{kept_files.FOLDER}/{load.key}-errors", plain)
    still_asked = RegisterLoad.objects.filter(pk=load_id, errors_asked_at=load.errors_asked_at, error_file="")
    if not still_asked.update(error_file=name):
        sealed_files.remove(name)
        return False
    telling.tell_errors_written(load)
    return True


def _written_by_the_loader(
    load: RegisterLoad, actor: User | None, address: str | None, at: datetime
) -> IO[bytes] | None:
    if load.error_file:
        out = sealed_files.opened(load.error_file)
        _record(load, actor, address)
        return out
    due = Q(errors_asked_at=None) | Q(errors_asked_at__lt=at - ASKED_AGAIN_AFTER)
    if RegisterLoad.objects.filter(due, pk=load.pk, error_file="").update(errors_asked_at=at):
        enqueueing.work_soon(enqueueing.WRITE_ERRORS, load.pk)
    return None


def _check_kept(load: RegisterLoad) -> None:
    if not kept_files.is_kept(load) or not staged.is_whole(load):
        raise Refused(_("These rows are not kept any more. Load the file again."), code="file_gone")


def _rows(load: RegisterLoad) -> int:
    return load.counts.get("refused", 0) + load.counts.get("doubtful", 0)


def _write(load: RegisterLoad, out: Path | IO[bytes], language: str) -> int:
    with kept_files.opened(load) as path, open_book(path, load.file_name) as book:
        return write_errors(book, BookPlan.from_json(load.plan), preview.marks(load), out, language=language)


def _record(load: RegisterLoad, actor: User | None, address: str | None) -> None:
    record_access(
        actor,
        act=Act.DOWNLOAD,
        subject="load",
        subject_id=load.pk,
        what="errors",
        unit_code=load.scope.code if load.scope else "",
        address=address,
    )
