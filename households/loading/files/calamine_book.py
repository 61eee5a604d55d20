"""Books that calamine parses. Its sheets are dense ranges, so whoever opens one has looked at the extents before."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from households.loading.files.archive import cut_short, locked
from households.loading.files.cells import Book, Cell, CellError, Merged, SheetFacts, check_extent

_KNOWN_SUFFIXES = frozenset({".xls", ".xla", ".xlsx", ".xlsm", ".xlam", ".xlsb", ".ods"})


class CalamineBook(Book):
    """The sheets of these indexes, each parsed once: reading the facts and then the rows costs one pass."""

    def __init__(self, workbook: CalamineWorkbook, indexes: Collection[int]) -> None:
        self._workbook = workbook
        self._parsed: dict[int, CalamineSheet] = {}
        self.sheets = []
        for index in sorted(indexes):
            name, visible = workbook.sheets_metadata[index].name, workbook.sheets_metadata[index].visible
            with trouble_is_damage():
                sheet = workbook.get_sheet_by_index(index)
            lines, columns = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
            check_extent(name, lines, columns)
            self._parsed[index] = sheet
            self.sheets.append(SheetFacts(index, name, visible != SheetVisibleEnum.Visible, lines, columns))

    def rows(self, index: int) -> Iterator[list[Cell]]:
        sheet = self._parsed[index]
        rows = sheet.iter_rows()  # from the first line on, but only from the first used column
        margin = [""] * sheet.start[1] if sheet.start else []
        return (margin + row for row in rows) if margin else iter(rows)

    def merged(self, index: int) -> list[Merged]:
        ranges = self._parsed[index].merged_cell_ranges or []
        return [Merged(*first, *last) for first, last in ranges]

    def close(self) -> None:
        self._parsed.clear()


def open_workbook(path: Path, *, suffixes: Collection[str]) -> CalamineWorkbook:
    """Have the parser open the file. It goes by a suffix that it knows and looks inside only otherwise.

    So a file whose suffix isn't one of those right for it is handed over open, which takes its size in memory.
    """
    with trouble_is_damage():
        if path.suffix.lower() in _KNOWN_SUFFIXES.difference(suffixes):
            with path.open("rb") as file:
                return CalamineWorkbook.from_filelike(file)
        return CalamineWorkbook.from_path(path)


def with_errors(rows: Iterator[list[Cell]], errors: Mapping[int, Mapping[int, CellError]]) -> Iterator[list[Cell]]:
    """The same rows with the errors of formulas put in: the parser leaves those cells empty."""
    for line, row in enumerate(rows, start=1):
        if line in errors:
            for column, error in errors[line].items():
                if column < len(row):
                    row[column] = error
        yield row


@contextmanager
def trouble_is_damage() -> Iterator[None]:
    """Say whatever the parser stumbles over, its panics too, as the damage of the file that it is."""
    try:
        yield
    except PasswordError as error:
        raise locked() from error
    except (CalamineError, OSError, ValueError) as error:
        raise cut_short() from error
    except BaseException as error:
        # A panic of the Rust library comes as a BaseException, so that a bad file would end the worker.
        if type(error).__name__ != "PanicException":
            raise
        raise cut_short() from error
