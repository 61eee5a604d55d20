"""A street's registers as files, and its figures: `python -m benchmarks.register_export`.

Prints what `docs/performance.md` quotes. The street has 217,000 residents. Each file is written by a process of its
own, so that its memory is its own. The baselines write the first rows of the same register in the same run: as vanilla
django-import-export does (a resource of the model, openpyxl), and with xlsxwriter in its constant-memory mode.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from datetime import date
from itertools import islice
from pathlib import Path

from benchmarks.rig import bare_database, measure, say

STREET = "330206004"
ON = date(2026, 11, 22)
VANILLA_ROWS = 2_000
XLSXWRITER_ROWS = 10_000


def main() -> None:
    with bare_database():
        from django.db import connection

        from governance.demo import district
        from governance.demo.scales import SCALES

        district.build(SCALES["street"], password="benchmark-only-1234", say=lambda text: None)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as a load does
        rates = {name: _alone(name) for name in ("xlsx", "csv", "vanilla", "xlsxwriter")}
        for name in ("vanilla", "xlsxwriter"):
            say(f".xlsx: rows a second, times those of {name}", rates["xlsx"] / rates[name], "×")
        _figures()


def _alone(name: str) -> float:
    """Write one file in a fresh process; returns its rows a second."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=_write, args=(name, answers))
    process.start()
    rows, seconds, megabytes = answers.get()
    process.join()
    say(f"{name}: {rows:,} rows", seconds, "s")
    say(f"{name}: rows a second", rows / seconds, "")
    say(f"{name}: memory of the process", megabytes, "MB")
    return rows / seconds


def _write(name: str, answers: "multiprocessing.Queue[tuple[int, float, float]]") -> None:
    import django

    django.setup()
    ways: dict[str, Callable[[], int]] = {
        "xlsx": lambda: _ours("write_xlsx"),
        "csv": lambda: _ours("write_csv"),
        "vanilla": _vanilla,
        "xlsxwriter": _xlsxwriter,
    }
    began = time.perf_counter()
    rows = ways[name]()
    seconds = time.perf_counter() - began
    answers.put((rows, seconds, _most_memory()))


def _most_memory() -> float:
    """Megabytes. Not `ru_maxrss`: that begins with the memory of the process that this one was started from."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _scope() -> object:
    from grids.models import Unit
    from households.registers.columns import Scope

    return Scope(area=Unit.objects.get(code=STREET), on=ON, is_unmasked=True)


def _ours(writer: str) -> int:
    from households.registers import REGISTERS, files
    from households.registers.columns import cells

    register, scope = REGISTERS["residents"], _scope()
    sheet = files.Sheet(str(register.title), register.columns, "benchmark", is_marked_inside=True)
    rows = register.values(scope).iterator(chunk_size=2_000)
    with tempfile.TemporaryFile() as target:
        return getattr(files, writer)(target, sheet, cells(register.columns, scope, rows))


def _vanilla() -> int:
    """What the documentation of django-import-export shows, with the same columns and the joins that they need."""
    from import_export.fields import Field
    from import_export.formats.base_formats import XLSX
    from import_export.resources import ModelResource

    from households.models import Resident
    from households.registers import REGISTERS

    register = REGISTERS["residents"]
    fields = {column.key: Field(attribute=column.source, column_name=column.key) for column in register.columns}
    meta = type("Meta", (), {"model": Resident, "fields": tuple(fields)})
    sheet = type("VanillaResource", (ModelResource,), {**fields, "Meta": meta})
    related = ("household__unit__street", "household__unit__community")
    rows = register.rows(_scope()).select_related(*related, "household__unit__grid", "household__unit__micro_grid")
    XLSX().export_data(sheet().export(rows[:VANILLA_ROWS]))
    return VANILLA_ROWS


def _xlsxwriter() -> int:
    import xlsxwriter

    from households.registers import REGISTERS
    from households.registers.columns import cells

    register, scope = REGISTERS["residents"], _scope()
    rows = cells(register.columns, scope, register.values(scope).iterator(chunk_size=2_000))
    with tempfile.TemporaryFile() as target:
        book = xlsxwriter.Workbook(target, {"constant_memory": True})
        page = book.add_worksheet()
        for line, row in enumerate(islice(rows, XLSXWRITER_ROWS)):
            for index, cell in enumerate(row):
                page.write_string(line, index, str(cell))
        book.close()
    return XLSXWRITER_ROWS


def _figures() -> None:
    from django.core.cache import cache

    from grids.models import Unit
    from households.figures import figures_of, figures_of_all

    street = Unit.objects.get(code=STREET)
    below = list(Unit.objects.filter(parent=street))

    def anew() -> None:
        cache.clear()
        figures_of(street, on=ON)

    measure("figures of the street, counted anew", anew, times=5)
    measure("figures of the street, the register unchanged", lambda: figures_of(street, on=ON))
    measure(f"figures of its {len(below)} communities at once", lambda: figures_of_all(below, on=ON))


if __name__ == "__main__":
    main()
