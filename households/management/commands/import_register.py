"""manage.py import_register FILE [--street CODE] [--apply] [--json] [--add-places] [--gone keep|move_out]

Loads a register in the foreground, through the same services as the page. Without --apply nothing is written: the
preview is shown and thrown away. Exit codes: 0 done; 1 the file wasn't taken; 2 wrong arguments; 3 read, not applied.
"""

import json
import threading
import time
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.errors import Refused
from grids.models import Unit
from households.loading import runs, telling
from households.loading.fields import Field
from households.loading.plan import BookPlan
from households.loading.progress import progress_of
from households.loading.runs.selectors import SCOPES
from households.loading.workbooks.error_workbook import name_of_errors
from households.models import RegisterLoad, StagedVerdict

State = RegisterLoad.State
COUNTED: Final = ("new", "changed", "unchanged", "moved", "gone", "refused", "doubtful")
NOT_TAKEN, WRONG, NOT_APPLIED = 1, 2, 3
_PAUSE: Final = 1.0
_UNDER_WAY = (State.WAITING, State.APPLYING)


class Command(BaseCommand):
    help = "Load a register from a workbook: preview, or with --apply write it. See the top of the command's module."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=".xlsx, .xls or .csv")
        parser.add_argument("--street", metavar="CODE", help="what the file is for: a sub-district or community")
        parser.add_argument("--apply", action="store_true", help="write it; without this nothing is changed")
        parser.add_argument("--add-places", action="store_true", help="add grids and micro-grids that are missing")
        parser.add_argument("--gone", choices=("keep", "move_out"), default="keep", help="who isn't in the file")
        parser.add_argument("--errors", type=Path, metavar="PATH", help="where the error workbook goes")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout; progress goes to stderr")

    def handle(self, *args: Any, **options: Any) -> None:
        began, file = time.monotonic(), options["file"]
        if not file.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": file}, returncode=WRONG)
        load = self._read(file, _scope(options["street"]), add_places=options["add_places"])
        workbook = None
        if load.state == State.READY:
            workbook = _error_workbook(load, options["errors"] or file.with_name(name_of_errors(file.name)))
            load = self._apply(load, options["gone"]) if options["apply"] else load
        self._show(load, workbook, time.monotonic() - began, as_json=options["json"])
        if not options["apply"] and load.state == State.READY:
            runs.discard(load, actor=None)
        if load.state == State.REFUSED:
            raise SystemExit(NOT_TAKEN)
        if options["apply"] and load.state != State.APPLIED:
            raise SystemExit(NOT_APPLIED)

    def _read(self, file: Path, scope: Unit | None, *, add_places: bool) -> RegisterLoad:
        try:
            with file.open("rb") as content:
                load = runs.receive(
                    content, name=file.name, actor=None, scope=scope, add_places=add_places, by_worker=False
                )
        except Refused as refused:
            self.stderr.write(refused.message)
            raise SystemExit(NOT_TAKEN) from refused
        if same := runs.same_file(load, viewer=None):
            facts = {"number": same.pk, "day": f"{same.made_at:%Y-%m-%d}"}
            self.stderr.write(_("This very file was applied already: load %(number)s of %(day)s.") % facts)
        with _Progress(load.pk, self.stderr.write):
            runs.read(load.pk)
        return _fresh(load)

    def _apply(self, load: RegisterLoad, gone: str) -> RegisterLoad:
        """Applied, or back where somebody must look at it. Waits for its turn like any other load."""
        if not telling.writes_anything(runs.decide(load, actor=None, gone=gone)):
            self.stderr.write(_("The register says what the file says: nothing needs to be written."))
        try:
            load = runs.confirm(load, actor=None, by_worker=False)
        except Refused as refused:
            self.stderr.write(refused.message)
            return _fresh(load)
        said = ""
        with _Progress(load.pk, self.stderr.write):
            while load.state in _UNDER_WAY:
                if runs.apply(load.pk) is None:
                    if (why := runs.waits_for(load)) and why != said:
                        self.stderr.write(said := why)
                    time.sleep(_PAUSE)
                    runs.resume()
                load = _fresh(load)
        return load

    def _show(self, load: RegisterLoad, workbook: Path | None, seconds: float, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(_report(load, workbook, seconds), ensure_ascii=False, indent=1))
            return
        for sheet in BookPlan.from_json(load.plan).registers:
            for column in sheet.columns:
                meaning = Field(column.field).label if column.field else _("left out")
                self.stdout.write(f"  {sheet.name}  {column.header} → {meaning}")
        if load.refusal:
            self.stdout.write(load.refusal)
        for verdict in COUNTED:
            label = StagedVerdict.Verdict(verdict).label if verdict != "gone" else _("Not in the file")
            self.stdout.write(f"{load.counts.get(verdict, 0):>9,}  {label}")
        if workbook:
            self.stdout.write(_("Refused and doubtful rows, to be mended: %(path)s") % {"path": workbook})
        facts = {"state": load.get_state_display(), "seconds": f"{seconds:.1f}"}
        self.stdout.write(_("%(state)s, %(seconds)s s") % facts)


class _Progress:
    """Says each second how far the work is, as the page does: from the notes that the work itself leaves."""

    def __init__(self, load_id: int, write: Any) -> None:
        self._load_id, self._write, self._is_over = load_id, write, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *exc: object) -> None:
        self._is_over.set()
        self._thread.join(timeout=5)

    def _watch(self) -> None:
        while not self._is_over.wait(_PAUSE):
            if found := progress_of(self._load_id):
                left = "" if found.seconds_left is None else _("about %(count)s s left") % {"count": found.seconds_left}
                self._write(f"{found.percent:>3} %  {found.label}  {found.rows:,} / {found.total_rows:,}  {left}")


def _scope(code: str | None) -> Unit | None:
    if code is None:
        return None
    unit = Unit.objects.filter(code=code, kind__in=SCOPES, retired_at=None).first()
    if unit is None:
        text = _("There is no sub-district or community in use with the code %(code)s.")
        raise CommandError(text % {"code": code}, returncode=WRONG)
    return unit


def _fresh(load: RegisterLoad) -> RegisterLoad:
    return RegisterLoad.objects.select_related("scope").get(pk=load.pk)


def _error_workbook(load: RegisterLoad, path: Path) -> Path | None:
    """Written for the eyes of who runs the command alone: it holds residents' data."""
    if not load.counts.get("refused") and not load.counts.get("doubtful"):
        return None
    path.touch(mode=0o600)
    with path.open("wb") as out:
        runs.write_error_workbook(load, out, actor=None, language=get_language() or "")
    return path.resolve()


def _report(load: RegisterLoad, workbook: Path | None, seconds: float) -> dict[str, Any]:
    """The contract with programs: see `docs/operations.md`."""
    return {
        "load": load.pk,
        "state": load.state,
        "refusal": load.refusal,
        **{verdict: load.counts.get(verdict, 0) for verdict in COUNTED},
        "rows": load.counts.get("rows", 0),
        "households": load.counts.get("households", 0),
        "new_households": load.counts.get("new_households", 0),
        "problems": load.counts.get("problems", {}),
        "open_places": runs.open_places(load).count(),
        "mapping": [
            {
                "sheet": sheet.name,
                "column": column.index,
                "header": column.header,
                "field": column.field,
                "member": column.member,
                "confidence": round(column.confidence, 2),
            }
            for sheet in BookPlan.from_json(load.plan).registers
            for column in sheet.columns
        ],
        "seconds": round(seconds, 2),
        "stages": load.seconds,
        "error_workbook": str(workbook) if workbook else None,
    }
