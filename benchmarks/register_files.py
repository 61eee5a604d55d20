"""Workbooks of believable people, and the tree that they belong to.

One line a person, thirteen columns, as a village's own list has them; shared strings, as a desktop spreadsheet saves.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

from governance.demo import layout, people
from governance.demo.district import DISTRICT_CODE, SEED, _lay_out
from governance.demo.people import Household
from governance.demo.scales import SCALES
from grids import tree
from grids.models import Kind, Unit
from grids.tree import NewUnit

HEADER = (
    *("社区", "网格", "微网格", "户号", "住址", "房屋用途", "姓名", "身份证号", "性别", "出生日期", "联系电话"),
    *("与户主关系", "户籍类型"),
)
_SEX = {"male": "男", "female": "女"}
_DWELLING = {"owned": "自住", "rented": "出租", "dormitory": "集体宿舍"}
_RESIDENCE = {"registered": "户籍", "elsewhere": "人户分离", "floating": "流动人口"}
ON = date(2026, 11, 20)


class Home(NamedTuple):
    """One household and where it stands: the names of its community, grid and micro-grid."""

    place: tuple[str, str, str]
    number: str
    household: Household

    def lines(self) -> Iterator[list[str]]:
        home = self.household
        facts = (*self.place, self.number, home.address, _DWELLING[home.dwelling])
        for person in home.members:
            own = (person.name, person.id_number, _SEX[person.sex], person.born_on.isoformat(), person.phone)
            yield [*facts, *own, person.relation, _RESIDENCE[person.residence]]


def build_tree(scale: str, *, at: datetime) -> tuple[list[Unit], Iterator[Home]]:
    """Real streets and communities with invented grids and micro-grids, no doors; and who will live in them."""
    plan = _lay_out(SCALES[scale], at)
    for street_code, communities in groupby(plan.communities, key=lambda community: community.division.street):
        _add_grids(Unit.objects.get(code=street_code), list(communities), at)
    streets = Unit.objects.filter(kind=Kind.STREET, district__code=DISTRICT_CODE).order_by("code")
    return list(streets), _homes(plan)


def _add_grids(street: Unit, communities: Sequence[layout.Community], at: datetime) -> None:
    rows: list[NewUnit] = []
    for community in communities:
        parent = Unit.objects.filter(code=community.division.code).first()
        if parent is None:
            parent = NewUnit(street, Kind.COMMUNITY, community.division.name, form=community.division.form)
            rows.append(parent)
        for grid in community.grids:
            row = NewUnit(parent, Kind.GRID, grid.name, use=grid.use, responsible_org=grid.organisation)
            rows.append(row)
            for micro in grid.micro_grids:
                facts = {"form": micro.form, "use": micro.use, "responsible_org": micro.organisation}
                rows.append(NewUnit(row, Kind.MICRO_GRID, micro.name, **facts))
    tree.add_units_in_bulk(street, rows, actor=None, reason="benchmark", at=at)


def _homes(plan: layout.Layout) -> Iterator[Home]:
    filled = people.fill(plan, seed=SEED, on=ON)
    number = 0
    for community in plan.communities:
        for grid in community.grids:
            for micro, (_micro, households) in zip(
                grid.micro_grids, islice(filled, len(grid.micro_grids)), strict=True
            ):
                for household in households:
                    number += 1
                    yield Home((community.division.name, grid.name, micro.name), f"H{number:07}", household)


def write(path: Path, homes: Iterable[Home]) -> int:
    """The workbook; returns how many lines it has."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False})
    sheet = book.add_worksheet("人口台账")
    for column, name in enumerate(HEADER):
        sheet.write_string(0, column, name)
    row = 0
    for home in homes:
        for line in home.lines():
            row += 1
            for column, text in enumerate(line):
                sheet.write_string(row, column, text)
    book.close()
    return row


def changed(homes: Sequence[Home]) -> Iterator[Home]:
    """The same a month later, one line in a hundred otherwise: mostly phones, some households that have moved.

    A household in 1,000 moves to the next micro-grid; 8 people in 1,000 get another phone.
    """
    seen = 0
    for index, home in enumerate(homes):
        members = list(home.household.members)
        for at, person in enumerate(members):
            seen += 1
            if seen % 125 == 0:
                members[at] = person._replace(phone=f"139{seen:08}")
        place = homes[(index + 60) % len(homes)].place if index % 1000 == 500 else home.place
        yield home._replace(place=place, household=home.household._replace(members=tuple(members)))
