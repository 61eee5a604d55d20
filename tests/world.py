"""The same small cast in every test: two sibling grids under one community, a worker in each, those above, an outsider.

    district 北仑区 330206
    ├─ street_a 大碶街道 330206003
    │  ├─ community_1 高田王村 (village)         ├─ community_2 牌门社区 (residents)
    │  │  ├─ grid_1 (worker)                     │  ├─ grid_3
    │  │  │  ├─ micro_1 ─ household_1            │  │  ├─ micro_5
    │  │  │  └─ micro_2                          │  │  └─ micro_6
    │  │  └─ grid_2 (worker2)                    │  └─ grid_4
    │  │     ├─ micro_3                          │     ├─ micro_7
    │  │     └─ micro_4                          │     └─ micro_8 (dedicated)
    └─ street_b 新碶街道 330206004 (outsider)
       └─ community_b ─ grid_b ─ micro_b

Fixed data; every post began on 2026-01-01. Ask for the fixture `world`.
"""

import io
import pickle
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection

from accounts.models import User
from grids import tree
from grids.catalogue import load_departments, load_roles
from grids.models import Department, District, Form, Kind, Post, Role, Unit, Use
from grids.tree import NewUnit

PASSWORD = "correct-horse-staple"
BEGAN_ON = date(2026, 1, 1)
BEGAN_AT = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)  # midnight in Shanghai


@dataclass
class World:
    district: District
    street_a: Unit
    street_b: Unit
    community_1: Unit
    community_2: Unit
    grid_1: Unit
    grid_2: Unit
    grid_3: Unit
    grid_4: Unit
    micro_1: Unit
    micro_2: Unit
    micro_3: Unit
    micro_4: Unit
    micro_5: Unit
    micro_6: Unit
    micro_7: Unit
    micro_8: Unit
    household_1: Unit
    community_b: Unit
    grid_b: Unit
    micro_b: Unit
    enforcement: Department  # the team of street A
    police: Department  # another one of street A
    worker: User  # grid worker of grid_1
    worker2: User  # grid worker of grid_2
    command: User  # command-room duty officer of street A
    command2: User  # a second one, for what takes two people
    department: User  # officer of the enforcement team
    police_officer: User  # officer of the police station
    verifier: User  # verifier of street A
    leader: User  # leader of street A
    register: User  # register administrator of street A: tree and posts
    district_officer: User  # duty officer of the district centre
    admin: User  # system administrator of the district, may open the configuration pages
    outsider: User  # command-room duty officer of street B


def build() -> World:
    """Make the cast in an empty database."""
    district = District.objects.create(code="330206", name="北仑区", name_en="Beilun")
    rows = _street_a(district) | _street_b(district)
    lines = Unit.objects.select_related("street", "community", "grid", "micro_grid", "parent").in_bulk()
    units: dict[str, Any] = {key: lines[row.pk] for key, row in rows.items()}
    load_roles()
    load_departments(units["street_a"])
    enforcement, police = (Department.objects.get(code=code) for code in ("enforcement", "police"))
    street = units["street_a"]
    people = _people(
        ("worker", "王网格", "grid_worker", units["grid_1"]),
        ("worker2", "李网格", "grid_worker", units["grid_2"]),
        ("command", "陈值班", "command_officer", street),
        ("command2", "赵值班", "command_officer", street),
        ("department", "周经办", "department_member", enforcement),
        ("police_officer", "孙民警", "department_member", police),
        ("verifier", "吴核查", "verifier", street),
        ("leader", "郑主任", "street_leader", street),
        ("register", "钱台账", "register_admin", street),
        ("district_officer", "冯区值班", "district_officer", district),
        ("admin", "管理员", "system_admin", district),
        ("outsider", "沈外街", "command_officer", units["street_b"]),
    )
    return World(district=district, enforcement=enforcement, police=police, **units, **people)


def post(username: str, name: str, role: str, place: Unit | Department | District) -> User:
    """A person with a post at that place since `BEGAN_ON`; the user is made if there is none of that name."""
    user = User.objects.filter(username=username).first() or User.objects.create(**_account(username, name))
    _post(user, Role.objects.get(code=role), place).save()
    return user


def _people(*posts: tuple[str, str, str, Unit | Department | District]) -> dict[str, Any]:
    """The same for many, in three statements."""
    roles = {role.code: role for role in Role.objects.all()}
    users = User.objects.bulk_create(User(**_account(username, name)) for username, name, _role, _place in posts)
    Post.objects.bulk_create(
        _post(user, roles[role], place) for user, (_username, _name, role, place) in zip(users, posts, strict=True)
    )
    return {user.username: user for user in users}


def _account(username: str, name: str) -> dict[str, Any]:
    password = make_password(PASSWORD, hasher="md5")
    return {"username": username, "name": name, "password": password, "must_change_password": False}


def _post(user: User, role: Role, place: Unit | Department | District) -> Post:
    serves = {Unit: "unit", Department: "department", District: "district"}[type(place)]
    return Post(user=user, role=role, starts_on=BEGAN_ON, **{serves: place})


def _street_a(district: District) -> dict[str, Unit | NewUnit]:
    street = tree.add_street(
        district, name="大碶街道", code="330206003", actor=None, reason="cast of the tests", at=BEGAN_AT
    )
    rows: dict[str, NewUnit] = {
        "community_1": NewUnit(street, Kind.COMMUNITY, "高田王村", form=Form.VILLAGE, code="330206003201"),
        "community_2": NewUnit(street, Kind.COMMUNITY, "牌门社区", form=Form.RESIDENTS, code="330206003001"),
    }
    for number, community in ((1, "1"), (2, "1"), (3, "2"), (4, "2")):
        rows[f"grid_{number}"] = NewUnit(rows[f"community_{community}"], Kind.GRID, f"{number}网格")
    for number in range(1, 8):
        grid = rows[f"grid_{(number + 1) // 2}"]
        form = Form.VILLAGER_GROUP if number <= 4 else Form.STAIRWELL
        rows[f"micro_{number}"] = NewUnit(grid, Kind.MICRO_GRID, f"{number}微网格", form=form)
    rows["micro_8"] = NewUnit(
        rows["grid_4"], Kind.MICRO_GRID, "牌门小学", form=Form.CAMPUS, use=Use.DEDICATED, responsible_org="牌门小学"
    )
    rows["household_1"] = NewUnit(rows["micro_1"], Kind.HOUSEHOLD, "新村三组12号")
    tree.add_units_in_bulk(street, rows.values(), actor=None, reason="cast of the tests", at=BEGAN_AT)
    return {"street_a": street, **rows}


def _street_b(district: District) -> dict[str, Unit | NewUnit]:
    street = tree.add_street(
        district, name="新碶街道", code="330206004", actor=None, reason="cast of the tests", at=BEGAN_AT
    )
    community = NewUnit(street, Kind.COMMUNITY, "星阳社区", form=Form.RESIDENTS, code="330206004001")
    grid = NewUnit(community, Kind.GRID, "1网格")
    micro = NewUnit(grid, Kind.MICRO_GRID, "1微网格", form=Form.BUILDING)
    rows = {"community_b": community, "grid_b": grid, "micro_b": micro}
    tree.add_units_in_bulk(street, rows.values(), actor=None, reason="cast of the tests", at=BEGAN_AT)
    return {"street_b": street, **rows}


# What `build` writes, parents first or not: references are checked at the end of the transaction.
_TABLES = (
    "accounts_user",
    "grids_district",
    "grids_codesequence",
    "grids_unit",
    "grids_unitchange",
    "grids_role",
    "grids_department",
    "grids_post",
)


_COUNT_ON = "SELECT " + ", ".join(
    f"setval({sequence}, greatest(nextval({sequence}), (SELECT max(id) FROM {table})))"
    for table in _TABLES
    for sequence in [f"pg_get_serial_sequence('{table}', 'id')"]
)


class Snapshot:
    """The cast as it was first built, to be put back with one COPY a table: every test begins with the same rows."""

    def __init__(self) -> None:
        self._world = pickle.dumps(build())
        self._rows = {table: self._read(table) for table in _TABLES}

    def put_back(self) -> World:
        """Write the rows into an empty database; returns people and places that no test has touched."""
        with connection.cursor() as cursor:
            for table, rows in self._rows.items():
                cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(rows))
            cursor.execute(_COUNT_ON)  # a test before may have emptied the tables and begun to count anew
        return self.as_built()

    def as_built(self) -> World:
        people_and_places: World = pickle.loads(self._world)
        return people_and_places

    def _read(self, table: str) -> str:
        rows = io.StringIO()
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} TO STDOUT", rows)
        return rows.getvalue()


_snapshots: list[Snapshot] = []


@pytest.fixture
def world(db: None) -> World:
    if _snapshots:
        return _snapshots[0].put_back()
    _snapshots.append(Snapshot())
    return _snapshots[0].as_built()
