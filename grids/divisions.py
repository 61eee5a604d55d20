"""Streets and communities from the statistical list of administrative divisions.

The list (one row a community) is read and checked as a whole first; then everything is added, or nothing. What is there
already stays as it is, whatever name it has been given since, so the same file may come twice.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from grids import tree
from grids.models import District, Form, Kind, Unit
from grids.tree import NewUnit

COLUMNS = ("area_code", "area", "street_code", "street", "village_code", "village")
_DIGITS = {"area_code": 6, "street_code": 9, "village_code": 12}
# The third digit from the end says what sort of committee it is: 0, 1 residents; 2, 3 villagers; 4, 5 bodies like them.
_VILLAGE_DIGITS = "235"
_MOST_ERRORS = 20


class BadDivisions(Exception):
    """The file can't be used; `errors` say where and why, row by row."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = list(errors)


@dataclass(frozen=True)
class Division:
    """One community of the list, with the row of the file that it stands in."""

    row: int
    area: str
    street_code: str
    street: str
    code: str
    name: str

    @property
    def form(self) -> Form:
        return Form.VILLAGE if self.code[9] in _VILLAGE_DIGITS else Form.RESIDENTS


@dataclass(frozen=True)
class Summary:
    """What an import added and what was there."""

    streets_added: int
    streets_there: int
    communities_added: int
    communities_there: int


def everyday_name(name: str) -> str:
    """The place's name instead of its committee's: 高田王村委会 is 高田王村, 富春社区居委会 is 富春社区."""
    name = "".join(name.split())
    if residents := re.fullmatch(r"(.+?)(?:社区)?居(?:民)?委(?:员)?会?", name):
        return residents[1] + "社区"
    if villagers := re.fullmatch(r"(.+?)村?村(?:民)?委(?:员)?会", name):
        place = villagers[1]
        return place if place.endswith(("社区", "嘎查")) else place + "村"
    return name


def read_divisions(path: Path, district: str) -> list[Division]:
    """The communities of one district in the file. Raises `BadDivisions`."""
    return parse_divisions(_decode(path.read_bytes()), district)


def parse_divisions(text: str, district: str) -> list[Division]:
    """The same from the text of the file."""
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BadDivisions([_("Row 1: the column %(column)s is missing.") % {"column": name} for name in missing])
    errors: list[str] = []
    found: dict[str, Division] = {}
    for number, row in enumerate(reader, start=2):
        if (row["area_code"] or "").strip() == district:
            _read_row(number, row, found, errors)
    if errors:
        raise BadDivisions(errors[:_MOST_ERRORS])
    if not found:
        raise BadDivisions([_("The file has no row with the area_code %(code)s.") % {"code": district}])
    return list(found.values())


@transaction.atomic
def import_divisions(
    divisions: Sequence[Division], district_code: str, *, actor: User | None, at: datetime | None = None
) -> Summary:
    """Add the district, its streets and their communities, all or nothing. Raises `BadDivisions`."""
    district, _made = District.objects.get_or_create(code=district_code, defaults={"name": divisions[0].area})
    reason = _("Imported from the statistical list of divisions")
    by_street: dict[str, list[Division]] = {}
    for division in divisions:
        by_street.setdefault(division.street_code, []).append(division)
    streets_added = communities_added = 0
    for code, communities in by_street.items():
        street = Unit.objects.filter(code=code).first()
        if street is None:
            street = tree.add_street(district, name=communities[0].street, code=code, actor=actor, reason=reason, at=at)
            streets_added += 1
        rows = _new_communities(street, communities)
        tree.add_units_in_bulk(street, rows, actor=actor, reason=reason, at=at)
        communities_added += len(rows)
    return Summary(streets_added, len(by_street) - streets_added, communities_added, len(divisions) - communities_added)


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise BadDivisions(
            [_("Row %(row)d: not UTF-8. Save the file as “CSV UTF-8” and try again.") % {"row": row}]
        ) from error


def _read_row(number: int, row: dict[str, str | None], found: dict[str, Division], errors: list[str]) -> None:
    """Add one row to `found`, or what is wrong with it to `errors`."""
    values = {column: (row[column] or "").strip() for column in COLUMNS}
    problems = list(_problems(values))
    code = values["village_code"]
    division = Division(
        row=number,
        area=values["area"],
        street_code=values["street_code"],
        street=values["street"],
        code=code,
        name=values["village"],
    )
    twin = found.get(code)
    if twin and (twin.name, twin.street_code) != (division.name, division.street_code):
        problems.append(("village_code", _("stands in row %(row)d with another name already") % {"row": twin.row}))
    for column, problem in problems:
        errors.append(
            _("Row %(row)d, %(column)s: %(problem)s.") % {"row": number, "column": column, "problem": problem}
        )
    if not problems and not twin:
        found[code] = division


def _problems(values: dict[str, str]) -> Iterable[tuple[str, str]]:
    """What is wrong with a row: column and problem."""
    for column in ("area", "street", "village"):
        if not values[column]:
            yield column, _("is empty")
    for column, digits in _DIGITS.items():
        if not re.fullmatch(rf"[0-9]{{{digits}}}", values[column]):
            yield (
                column,
                _("%(value)s isn't a code of %(digits)d digits") % {"value": values[column] or "—", "digits": digits},
            )
    for above, column in (("area_code", "street_code"), ("street_code", "village_code")):
        if not values[column].startswith(values[above]):
            yield column, _("doesn't begin with the %(column)s %(code)s") % {"column": above, "code": values[above]}


def _new_communities(street: Unit, communities: Iterable[Division]) -> list[NewUnit]:
    """Rows for the communities that aren't there. Two committees of one place keep their full names."""
    known = dict(Unit.objects.filter(tree_id=street.tree_id, kind=Kind.COMMUNITY).values_list("code", "name"))
    names = set(known.values())
    rows = []
    for division in communities:
        if division.code in known:
            continue
        name = everyday_name(division.name)
        name = division.name if name in names else name
        names.add(name)
        rows.append(NewUnit(street, Kind.COMMUNITY, name, form=division.form, code=division.code))
    return rows
