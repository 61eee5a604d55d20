"""Writing the files of exports, and taking them away again: what the worker does.

The database says what is owed (`ExportRequest.state` and its last sign of life), so a worker that is killed loses
nothing: the next round takes the export up again from its beginning.
"""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import IO, Final

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import clock
from accounts.inbox import tell
from accounts.models import Language
from grids.models import Ability
from households import sealed_files
from households.models import ExportRequest
from households.registers import REGISTERS
from households.registers.areas import may
from households.registers.columns import Cell, Scope, cells
from households.registers.files import Sheet, write_csv, write_xlsx

State = ExportRequest.State
KEPT: Final = timedelta(days=7)
SILENT: Final = timedelta(minutes=2)
"""Without a sign of life for this long, whoever was writing is dead."""
GIVEN_UP: Final = timedelta(days=1)
_ROWS_A_SIGN: Final = 10_000
_CHUNK: Final = 2_000


def write_export(pk: int, *, at: datetime | None = None) -> bool:
    """Write the file of an export that waits for it. False when there is nothing to do or somebody else is at it."""
    at = at or clock.now()
    export = _claim(pk, at)
    if export is None:
        return False
    with tempfile.TemporaryFile() as plain, translation.override(Language.CHINESE):
        rows = _write(export, plain, at)
        plain.seek(0)
        name = sealed_files.keep(f"exports/{export.key}", plain)
    with transaction.atomic():
        ExportRequest.objects.filter(pk=pk).update(state=State.READY, file=name, rows=rows, expires_at=at + KEPT)
        _tell(export, gettext_lazy("Ready to download:"), "success", at)
    return True


def abandoned(*, at: datetime | None = None) -> list[int]:
    """The exports that should be being written, but nobody has given a sign of life for a while."""
    at = at or clock.now()
    silent = Coalesce("alive_at", "decided_at", "asked_at")
    owed = ExportRequest.objects.filter(state=State.MAKING).annotate(seen=silent).filter(seen__lt=at - SILENT)
    return list(owed.order_by("pk").values_list("pk", flat=True))


def expire_exports(*, at: datetime | None = None) -> int:
    """Take away the files whose time is over, and give up on exports that couldn't be written for a day."""
    at = at or clock.now()
    count = 0
    for export in ExportRequest.objects.filter(state=State.READY, expires_at__lte=at).order_by("pk"):
        sealed_files.remove(export.file)  # first: a row that says READY without a file is mended by the next round
        count += ExportRequest.objects.filter(pk=export.pk).update(state=State.EXPIRED, file="")
    began = Coalesce("decided_at", "asked_at")
    stuck = ExportRequest.objects.filter(state=State.MAKING).annotate(began=began).filter(began__lte=at - GIVEN_UP)
    for export in stuck.select_related("asked_by").order_by("pk"):
        with transaction.atomic():
            count += ExportRequest.objects.filter(pk=export.pk).update(state=State.EXPIRED, expires_at=at)
            _tell(export, gettext_lazy("It couldn't be written. Tell the system administrator:"), "error", at)
    return count


def _claim(pk: int, at: datetime) -> ExportRequest | None:
    free = Q(alive_at=None) | Q(alive_at__lt=at - SILENT)
    if not ExportRequest.objects.filter(free, pk=pk, state=State.MAKING).update(alive_at=at):
        return None
    return ExportRequest.objects.select_related("unit", "asked_by", "decided_by").get(pk=pk)


def _write(export: ExportRequest, target: IO[bytes], at: datetime) -> int:
    register = REGISTERS[export.register]
    scope = Scope(
        area=export.unit,
        on=timezone.localdate(at),
        sees_sensitive=may(export.asked_by, Ability.SEE_SENSITIVE, export.unit),
        is_unmasked=export.is_unmasked,
    )
    sheet = Sheet(str(register.title), register.columns, mark_of(export, at), is_marked_inside=export.is_unmasked)
    rows = cells(register.columns, scope, _alive(export, register.values(scope).iterator(chunk_size=_CHUNK)))
    write = write_xlsx if export.format == ExportRequest.Format.XLSX else write_csv
    return write(target, sheet, rows)


def mark_of(export: ExportRequest, at: datetime) -> str:
    """One line that says whose copy this is. It stands in the file and on each printed sheet of it."""
    facts = {
        "person": f"{export.asked_by.name} ({export.asked_by.username})",
        "at": timezone.localtime(at).strftime("%Y-%m-%d %H:%M"),
        "purpose": export.purpose,
        "approver": export.decided_by.name if export.decided_by else "",
    }
    if export.is_unmasked:
        return (
            _(
                "Internal, with full numbers. Taken out by %(person)s on %(at)s for: %(purpose)s."
                " Approved by %(approver)s."
            )
            % facts
        )
    return _("Masked. Taken out by %(person)s on %(at)s.") % facts


def _alive(export: ExportRequest, rows: Iterator[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    """The same rows, with a sign of life every few thousand of them."""
    for number, row in enumerate(rows):
        if number and number % _ROWS_A_SIGN == 0:
            ExportRequest.objects.filter(pk=export.pk).update(alive_at=clock.now())
        yield row


def _tell(export: ExportRequest, said: object, tone: str, at: datetime) -> None:
    text = format_lazy("{said} {register}", said=said, register=ExportRequest.Register(export.register).label)
    tell(export.asked_by, text, url=reverse("households:exports"), tone=tone, at=at)
