"""What every Excel and CSV file of the configuration pages has in common, whatever stands in it.

Headers may be Chinese, English or the plain column names, and are written in Chinese. Errors name the line of the file
and the column. A file is taken as a whole or not at all. What is exported can't run in a spreadsheet.
"""

from collections.abc import Container, Mapping, Sequence
from typing import Any, ClassVar, Final

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model, TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX, Format
from import_export.forms import ExportForm
from import_export.resources import Diff, ModelResource
from import_export.results import Result, RowResult
from import_export.tmp_storages import CacheStorage
from import_export.widgets import Widget
from tablib import Dataset

from accounts.errors import Refused
from accounts.models import Language

Headers = Mapping[str, tuple[str, str]]
"""Column to what stands over it, in Chinese and in English."""
MOST_LINES_ABOVE: Final = 20
"""Titles and remarks that may stand above the header of a file."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: str) -> str:
    """The cell as text that no spreadsheet takes for a formula: the apostrophe that Excel itself uses for text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def text_of(cell: object) -> str:
    """What a person sees in a cell: no blanks around it, no `.0` of a number, no apostrophe of ours."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


class CellDiff(Diff):
    """Old and new of each cell of a row, without the style attributes that our pages don't allow."""

    def __init__(self, resource: "SheetResource", instance: Model, new: bool) -> None:
        self.left = [""] * len(resource.HEADERS) if new else self._cells(resource, instance)
        self.right: list[str] = []
        self.new = new

    def compare_with(self, resource: "SheetResource", instance: Model) -> None:
        self.right = self._cells(resource, instance)

    def as_html(self) -> list[str]:
        return [
            format_html("{}", new) if new == old or self.new else format_html("<del>{}</del> <ins>{}</ins>", old, new)
            for old, new in zip(self.left, self.right, strict=True)
        ]

    @staticmethod
    def _cells(resource: "SheetResource", instance: Model) -> list[str]:
        return list(resource.cells(instance).values())


class SheetResource(ModelResource):
    """A sheet of one model. A subclass gives `HEADERS`, in the order of the columns, and fields of the same names."""

    HEADERS: ClassVar[Headers]
    NEEDED: ClassVar[Sequence[str]] = ()
    ASSUMED: ClassVar[Sequence[str]] = ()
    """Columns that a file may leave out: each stands there as if its cells were empty."""
    """Columns that a file must have; any other that it lacks stays as it is."""

    class Meta:
        use_transactions = True
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._lines: list[int] = []
        for name, field in self.fields.items():
            field.column_name = self.HEADERS[name][0]

    # -- out -----------------------------------------------------------------------------------------------------
    def cells(self, instance: Any) -> dict[str, str]:
        """The row of one object: the text of each cell by column."""
        return {name: str(self.fields[name].export(instance) or "") for name in self.HEADERS}

    def export_resource(self, instance: Any, selected_fields: Any = None, **kwargs: Any) -> list[str]:
        return [neutral(cell) for cell in self.cells(instance).values()]

    def get_export_order(self) -> tuple[str, ...]:
        return tuple(self.HEADERS)

    def get_import_order(self) -> tuple[str, ...]:
        return tuple(self.HEADERS)

    @classmethod
    def get_diff_class(cls) -> type[CellDiff]:
        return CellDiff

    # -- in ------------------------------------------------------------------------------------------------------
    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Put the sheet in order: our own headers, cells as text, no empty lines."""
        headers, lines = self._header([dataset.headers or [], *dataset])
        dataset.wipe()  # first: when the headers are refused, no row is tried
        columns = self._columns(headers)
        rows = [(line, self._texts(cells, columns)) for line, cells in lines]
        rows = self.ordered([(line, row) for line, row in rows if any(row.values())])
        assumed = [column for column in self.ASSUMED if column not in columns]
        dataset.headers = [self.HEADERS[column][0] for column in (*columns, *assumed) if column]
        for _line, row in rows:
            dataset.append([*row.values(), *("" for _column in assumed)])
        self._lines = [line for line, _row in rows]

    def _header(self, lines: list[Sequence[object]]) -> tuple[Sequence[object], list[tuple[int, Sequence[object]]]]:
        """The line of headers, and those below it with their numbers.

        A title or remarks may stand above: the header is the first line that names all columns that are needed, or
        most of the known ones. The same line again further down, as on every printed page, is no row.
        """
        names = {spelling.lower(): key for key, pair in self.HEADERS.items() for spelling in (key, *pair)}

        def known(line: Sequence[object]) -> set[str]:
            return {names[text] for cell in line if (text := text_of(cell).lower()) in names}

        top = lines[:MOST_LINES_ABOVE]
        at = next((n for n, line in enumerate(top) if known(line) and known(line) >= set(self.NEEDED)), None)
        if at is None:
            at = max(range(len(top)), key=lambda n: (len(known(top[n])), -n))
        header = list(map(text_of, lines[at]))
        below = enumerate(lines[at + 1 :], start=at + 2)
        return lines[at], [(number, line) for number, line in below if list(map(text_of, line)) != header]

    def ordered(self, rows: list[tuple[int, dict[str, str]]]) -> list[tuple[int, dict[str, str]]]:
        """The rows, each with its line of the file, in the order in which they must be taken."""
        return rows

    @staticmethod
    def _texts(cells: Sequence[object], columns: Sequence[str]) -> dict[str, str]:
        return {column: text_of(cell) for column, cell in zip(columns, cells, strict=True) if column}

    def _columns(self, headers: Sequence[object]) -> list[str]:
        """The column under each header, "" under an empty one. Raises `Refused` for one unknown, missing or twice."""
        names = {spelling.lower(): key for key, pair in self.HEADERS.items() for spelling in (key, *pair)}
        found = [names.get(text_of(header).lower(), "") for header in headers]
        unknown = [text_of(header) for header, name in zip(headers, found, strict=True) if text_of(header) and not name]
        if unknown:
            message = _("Unknown columns: %(unknown)s. Columns are: %(known)s.")
            known = {"unknown": ", ".join(unknown), "known": self._labels(self.HEADERS)}
            raise Refused(message % known, code="columns")
        if twice := {name for name in found if name and found.count(name) > 1}:
            message = _("Columns that stand there twice: %(columns)s.")
            raise Refused(message % {"columns": self._labels(twice)}, code="columns")
        if missing := set(self.NEEDED) - set(found):
            message = _("Columns that are missing: %(columns)s.")
            raise Refused(message % {"columns": self._labels(missing)}, code="columns")
        return found

    def get_instance(self, instance_loader: Any, row: dict[str, str]) -> Any:
        """The object that the row is about; a key that means nothing is an error of its column."""
        for name in self.get_import_id_fields():
            try:
                self.fields[name].clean(row)
            except ValueError as error:
                raise ValidationError({name: str(error)}) from error
        return super().get_instance(instance_loader, row)

    def import_row(self, row: dict[str, str], instance_loader: Any, **kwargs: Any) -> RowResult:
        """As the library does, but an error says where it stands in the file."""
        result = super().import_row(row, instance_loader, **kwargs)
        if error := result.validation_error:
            result.validation_error = ValidationError(self._located(error, self._lines[kwargs["row_number"] - 1]))
        return result

    def save_instance(self, instance: Any, is_create: bool, row: dict[str, str], **kwargs: Any) -> None:
        """A refusal of a service is an error of its column, like any other."""
        try:
            super().save_instance(instance, is_create, row, **kwargs)
        except Refused as refusal:
            raise ValidationError({refusal.field or NON_FIELD_ERRORS: refusal.message}) from refusal

    def _located(self, error: ValidationError, line: int) -> list[str]:
        by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        located = []
        for field, said in by_field.items():
            where = {"row": line, "column": self.label(field), "message": " ".join(said)}
            located.append(
                _("Row %(row)d, %(column)s: %(message)s") % where
                if where["column"]
                else _("Row %(row)d: %(message)s") % where
            )
        return located

    def _labels(self, columns: Container[str]) -> str:
        return ", ".join(self.label(key) for key in self.HEADERS if key in columns)

    def label(self, field: str) -> str:
        """The header of a column in the reader's language; nothing for what is no column."""
        chinese, english = self.HEADERS.get(field, ("", ""))
        return english if (get_language() or "").startswith("en") else chinese


def label_zh(choices: type[TextChoices], value: str) -> str:
    """The Chinese name of a coded value."""
    with translation.override(Language.CHINESE):
        return str(choices(value).label) if value else ""


def coded(choices: type[TextChoices], text: str, field: str) -> str:
    """The code behind a Chinese or English name, or the code itself; nothing stays nothing."""
    if not text:
        return ""
    for language in (Language.CHINESE, Language.ENGLISH):
        with translation.override(language):
            for value, label in choices.choices:
                if text in (value, str(label)):
                    return str(value)
    with translation.override(Language.CHINESE):
        known = "、".join(str(label) for label in choices.labels)
    raise ValidationError(
        {field: _("“%(text)s” isn't known. Write one of: %(known)s.") % {"text": text, "known": known}}
    )


class YesNoWidget(Widget):
    """是 or 否; an empty cell is yes, for what stands in a list is in use."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        text = str(value or "是").strip().lower()
        if text not in {"是", "否", "1", "0", "yes", "no", "true", "false"}:
            raise ValueError(_("Write yes or no."))
        return text in {"是", "1", "yes", "true"}

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "是" if value else "否"


class CsvForExcel(CSV):
    """CSV as Excel writes and reads it in China: UTF-8 with its mark, or GB18030."""

    def is_binary(self) -> bool:
        return True  # the bytes come here as they are, because only here two encodings are tried

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Dataset:
        try:
            text = in_stream.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = in_stream.decode("gb18030")
        return super().create_dataset(text, **kwargs)

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        return super().export_data(dataset, **kwargs).encode("utf-8-sig")


class FileGone(Exception):
    """The file was previewed too long ago, or the cache was emptied since."""


class WaitingFile(CacheStorage):
    """Between preview and confirmation a file waits where every web process can read it."""

    def read(self) -> bytes:
        data = super().read()
        if data is None:
            raise FileGone
        return data


class SheetAdmin(ImportExportMixin, ModelAdmin):
    """A configuration page whose rows also travel as Excel or CSV: preview first, then all or nothing."""

    formats = (XLSX, CsvForExcel)
    import_formats: tuple[type[Format], ...] = formats
    export_formats = formats
    export_form_class = ExportForm
    tmp_storage_class = WaitingFile

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return super().process_import(request, **kwargs)
        except FileGone:
            messages.error(request, _("The file is no longer at hand. Load it again."))
            return self._back_to_import()

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """Between preview and confirmation somebody else may have changed what the file builds on."""
        problems = [str(error.error) for error in result.base_errors]
        problems += [str(error.error) for row in result.error_rows for error in row.errors]
        problems += [message for row in result.invalid_rows for message in row.error.messages]
        if not problems:
            return super().process_result(result, request)
        for problem in problems[:20]:
            messages.error(request, problem)
        messages.error(request, _("Nothing was imported. Mend the file and load it again."))
        return self._back_to_import()

    def _back_to_import(self) -> HttpResponse:
        return redirect(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_import")
