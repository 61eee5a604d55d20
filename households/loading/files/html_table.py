"""Web systems "export to Excel" by naming an HTML page .xls. Its tables are read as sheets."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.utils.translation import gettext as _

from households.loading.errors import FileRefused
from households.loading.files.cells import Book, Cell, Merged, SheetFacts, check_extent
from households.loading.files.delimited import encoding_of

MOST_BYTES = 24 * 1024 * 1024
MOST_SPAN = 1000


class HtmlBook(Book):
    """All tables of the page that hold no other table, one a sheet."""

    def __init__(self, path: Path, name: str) -> None:
        if path.stat().st_size > MOST_BYTES:
            raise save_as_xlsx()
        parser = _Tables()
        with path.open(encoding=encoding_of(path)) as file:
            while piece := file.read(1024 * 1024):
                parser.feed(piece)
        parser.close()
        self._tables = [table for table in parser.tables if table.rows]
        if not self._tables:
            raise save_as_xlsx()
        self.sheets = []
        for index, table in enumerate(self._tables):
            columns = max(map(len, table.rows))
            check_extent(name, len(table.rows), columns)
            called = f"{Path(name).stem} {index + 1}" if len(self._tables) > 1 else Path(name).stem
            self.sheets.append(SheetFacts(index, called, False, len(table.rows), columns))

    def rows(self, index: int) -> Iterator[list[Cell]]:
        columns = self.sheets[index].columns
        for row in self._tables[index].rows:
            yield [*row, *[""] * (columns - len(row))]

    def merged(self, index: int) -> list[Merged]:
        return list(self._tables[index].merged)


class _Table:
    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.merged: list[Merged] = []
        self._taken: set[tuple[int, int]] = set()

    def add(self, text: str, across: int, down: int) -> None:
        """Put a cell into the last row, right of what stands there and of what reaches down into it."""
        at, row = len(self.rows) - 1, self.rows[-1]
        while (at, len(row)) in self._taken:
            self._taken.discard((at, len(row)))
            row.append("")
        first = len(row)
        row += [text, *[""] * (across - 1)]
        if across > 1 or down > 1:
            self.merged.append(Merged(at, first, at + down - 1, first + across - 1))
        self._taken.update((line, column) for line in range(at + 1, at + down) for column in range(first, len(row)))


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._text: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._finish_cell()
            self._open.append(_Table())
        elif self._open and tag == "tr":
            self._finish_cell()
            self._open[-1].rows.append([])
        elif self._open and self._open[-1].rows and tag in ("td", "th"):
            self._finish_cell()
            self._text = []
            given = dict(attributes)
            self._span = (_span(given.get("colspan")), _span(given.get("rowspan")))
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._finish_cell()
        if tag == "table" and self._open:
            self.tables.append(self._open.pop())

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _finish_cell(self) -> None:
        if self._text is not None and self._open:
            self._open[-1].add("".join(self._text).strip(), *self._span)
        self._text = None


def _span(given: str | None) -> int:
    return min(max(int(given), 1), MOST_SPAN) if given and given.isascii() and given.isdigit() else 1


def save_as_xlsx() -> FileRefused:
    return FileRefused(
        _("A file of this kind can't be read. Open it in Excel or WPS, save it as .xlsx and send that."),
        code="other_kind",
    )
