"""Builds the planned grids, doors and people into a street, through the same bulk paths that loads use."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from governance.demo import people
from governance.demo.layout import Community, Layout, MicroGrid
from grids import tree
from grids.models import Kind, Unit
from grids.tree import NewUnit
from households.bulk import NewHousehold, NewResident, add_households

REASON = "演示数据"

Filled = Iterator[tuple[MicroGrid, list[people.Household]]]


def build(layout: Layout, *, seed: int, on: date, at: datetime) -> tuple[int, int]:
    """Add the layout's grids, micro-grids, doors and residents. Returns how many households and residents.

    One street after the other, so that a city needs no more memory than its largest street.
    """
    filled = people.fill(layout, seed=seed, on=on)
    households = residents = 0
    for street_code, communities in groupby(layout.communities, key=lambda community: community.division.street):
        counted = _build_street(Unit.objects.get(code=street_code), list(communities), filled, at)
        households, residents = households + counted[0], residents + counted[1]
    return households, residents


def _build_street(street: Unit, communities: list[Community], filled: Filled, at: datetime) -> tuple[int, int]:
    rows: list[NewUnit] = []
    homes: list[tuple[NewUnit, people.Household]] = []
    for community in communities:
        parent = _community(street, community, rows)
        for grid in community.grids:
            grid_row = _row(rows, parent, Kind.GRID, grid.name, use=grid.use, responsible_org=grid.organisation)
            for micro in grid.micro_grids:
                facts = {"form": micro.form, "use": micro.use, "responsible_org": micro.organisation}
                micro_row = _row(rows, grid_row, Kind.MICRO_GRID, micro.name, **facts)
                _, households = next(filled)
                homes += [(_row(rows, micro_row, Kind.HOUSEHOLD, home.address), home) for home in households]
    tree.add_units_in_bulk(street, rows, actor=None, reason=REASON, at=at)
    return add_households(_households(homes))


def _community(street: Unit, community: Community, rows: list[NewUnit]) -> Unit | NewUnit:
    division = community.division
    known = Unit.objects.filter(code=division.code).first()
    if known is not None:
        return known
    return _row(rows, street, Kind.COMMUNITY, division.name, form=division.form, code=division.code)


def _row(rows: list[NewUnit], parent: Unit | NewUnit, kind: str, name: str, **facts: Any) -> NewUnit:
    row = NewUnit(parent, kind, name, **facts)
    rows.append(row)
    return row


def _households(homes: Iterable[tuple[NewUnit, people.Household]]) -> Iterator[NewHousehold]:
    for row, home in homes:
        yield NewHousehold(row.pk, home.address, home.dwelling, [NewResident(*_facts(m)) for m in home.members])


def _facts(member: people.Person) -> tuple[str, str, date, str, str, str, str]:
    return (
        member.name,
        member.sex,
        member.born_on,
        member.id_number,
        member.phone,
        member.relation,
        member.residence,
    )
