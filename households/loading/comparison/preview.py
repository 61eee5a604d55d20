"""The rows behind the counts of a load, for pages and for the error workbook."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.masking import mask_name
from grids.models import Unit
from households.loading.comparison import gone
from households.loading.comparison.differences import Difference, differences
from households.loading.fields import Field, Problem
from households.loading.files.sheet_xml import column_name
from households.loading.plan import BookPlan, SheetPlan
from households.models import NamedPlaceRow, RegisterLoad, Resident, StagedPerson, StagedVerdict

__all__ = ["Difference", "GoneRow", "Page", "PreviewRow", "gone_rows", "marks", "rows"]

_TO_BE_MENDED = (StagedVerdict.Verdict.REFUSED, StagedVerdict.Verdict.DOUBTFUL)
# The cell that a problem found by comparing speaks of, where its sheet has it.
_CELLS: dict[str, Sequence[Field]] = {
    Problem.TWICE_IN_FILE: (Field.NUMBER, Field.NAME),
    Problem.TWO_NAMES: (Field.NUMBER, Field.NAME),
    Problem.SAME_PERSON: (Field.NAME,),
    Problem.NO_PLACE: (Field.MICRO_GRID, Field.GRID, Field.ADDRESS),
    Problem.PLACE_UNKNOWN: (Field.MICRO_GRID, Field.GRID, Field.COMMUNITY, Field.ADDRESS),
    Problem.PLACE_AMBIGUOUS: (Field.MICRO_GRID, Field.GRID, Field.COMMUNITY, Field.ADDRESS),
    Problem.PLACE_OUTSIDE: (Field.COMMUNITY, Field.GRID, Field.MICRO_GRID, Field.ADDRESS),
}


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the file and what it would do. `problems` are sentences."""

    sheet: str
    line: int
    member: int
    name: str
    place: str
    address: str
    verdict: str
    differences: Sequence[Difference]
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class GoneRow:
    """Somebody whom the register knows in a place that the file covers, but the file doesn't name."""

    resident_id: int
    name: str
    place: str
    address: str
    born_on: date | None


@dataclass(frozen=True, slots=True)
class Page[T]:
    """One page, counted from 1. `total` counts all rows of the same kind."""

    rows: Sequence[T]
    number: int
    size: int
    total: int


def rows(
    load: RegisterLoad, *, verdict: str | None = None, problem: str | None = None, page: int = 1, size: int = 50,
    names: bool = False,
) -> Page[PreviewRow]:  # fmt: skip
    """The rows with that verdict or problem, in the order of the file. `names`: the viewer may see names."""
    found = StagedVerdict.objects.filter(load_id=load.pk).order_by("ordinal")
    if verdict:
        found = found.filter(verdict=verdict)
    if problem:
        found = found.filter(problems__contains=[[problem]])
    total = found.count()
    number, start = _nearest(page, size, total)
    judged = {row.ordinal: row for row in found[start : start + size]}
    staged = StagedPerson.objects.filter(load_id=load.pk, ordinal__in=judged).order_by("ordinal")
    return Page(_preview_rows(load, list(staged), judged, names=names), number, size, total)


def gone_rows(load: RegisterLoad, *, page: int = 1, size: int = 50, names: bool = False) -> Page[GoneRow]:
    """Who lives where the file covers, but isn't in it, by place."""
    total = load.counts.get("gone", 0)
    number, start = _nearest(page, size, total)
    keys = gone.page(load, offset=start, limit=size)
    people = Resident.objects.select_related("household__unit__micro_grid__grid").in_bulk(keys)
    return Page([_gone_row(people[key], names=names) for key in keys], number, size, total)


def marks(load: RegisterLoad) -> dict[int, dict[int, list[tuple[str, int]]]]:
    """Refused and doubtful lines: {index of the sheet: {line: [(problem, column), …]}}, for the error workbook."""
    judged = StagedVerdict.objects.filter(load_id=load.pk, verdict__in=_TO_BE_MENDED)
    problems = dict(judged.values_list("ordinal", "problems"))
    sheets = {sheet.index: sheet for sheet in BookPlan.from_json(load.plan).sheets}
    found: dict[int, dict[int, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
    staged = StagedPerson.objects.filter(load_id=load.pk, ordinal__in=judged.values("ordinal"))
    for ordinal, sheet, line, member in staged.values_list("ordinal", "sheet", "line", "member").order_by("ordinal"):
        for code, column in problems[ordinal] or []:
            mark = (code, column if column >= 0 else _cell(sheets.get(sheet), code, member))
            if mark not in found[sheet][line]:
                found[sheet][line].append(mark)
    return {sheet: dict(lines) for sheet, lines in found.items()}


def _nearest(page: int, size: int, total: int) -> tuple[int, int]:
    """The page that there is, and where it begins."""
    number = min(max(page, 1), max(-(-total // size), 1))
    return number, (number - 1) * size


def _preview_rows(
    load: RegisterLoad, staged: Sequence[StagedPerson], judged: dict[int, StagedVerdict], *, names: bool
) -> list[PreviewRow]:
    places = _place_names(load, staged, judged.values())
    sheets = {sheet.index: sheet for sheet in BookPlan.from_json(load.plan).sheets}
    differ = differences(load, list(judged), names=names)
    return [
        PreviewRow(
            sheet=sheets[row.sheet].name if row.sheet in sheets else "",
            line=row.line,
            member=row.member,
            name=row.name if names else mask_name(row.name),
            place=places[row.ordinal],
            address=row.address or row.household_number,
            verdict=judged[row.ordinal].verdict,
            differences=differ.get(row.ordinal, []),
            problems=_sentences(judged[row.ordinal].problems or [], sheets.get(row.sheet), row.member),
        )
        for row in staged
    ]


def _place_names(load: RegisterLoad, staged: Iterable[StagedPerson], judged: Iterable[StagedVerdict]) -> dict[int, str]:
    """The micro-grid of each row, or where there is none what the file calls the place."""
    units = _micro_grids({row.micro_grid_id for row in judged})
    of_row = {row.ordinal: units.get(row.micro_grid_id or 0, "") for row in judged}
    named = {place.index: str(place) for place in NamedPlaceRow.objects.filter(load=load)}
    return {row.ordinal: of_row.get(row.ordinal) or named.get(row.place, "") for row in staged}


def _micro_grids(keys: set[int | None]) -> dict[int, str]:
    found = Unit.objects.select_related("street", "community", "grid", "micro_grid").in_bulk(keys - {None})
    return {pk: unit.full_name for pk, unit in found.items()}


def _gone_row(person: Resident, *, names: bool) -> GoneRow:
    place = person.household.unit.micro_grid
    grid = place.grid.name if place and place.grid else ""
    name = person.name if names else mask_name(person.name)
    where = f"{grid} {place.name}".strip() if place else ""
    return GoneRow(person.pk, name, where, person.household.address, person.born_on)


def _sentences(problems: Iterable[tuple[str, int]], sheet: SheetPlan | None, member: int) -> list[str]:
    """Each problem in words, with the letter of its column as the sender's spreadsheet shows it."""
    said = []
    for code, found in problems:
        column = found if found >= 0 else _cell(sheet, code, member)
        label = str(Problem(code).label)
        text = _("Column %(column)s: %(problem)s")
        said.append(text % {"column": column_name(column + 1), "problem": label} if column >= 0 else label)
    return said


def _cell(sheet: SheetPlan | None, problem: str, member: int) -> int:
    """The column that a problem of the whole line is shown in; -1 when the sheet has none for it."""
    for field in _CELLS.get(problem, ()) if sheet else ():
        column = sheet and (sheet.column(field, member) or sheet.column(field))
        if column:
            return column.index
    return -1
