"""The people who serve the demonstration district: one account of each role to log in with, and everybody else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from governance.demo.names import NameSource
from grids.models import Department, District, Kind, Post, Role, Unit

BEGAN_ON = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Account:
    """An account that visitors log in with, and where its posts are: `street`, `district`, `grid`, or a department."""

    username: str
    name: str
    role: str
    place: str
    shows: object  # what to look at first, in both languages


ACCOUNTS = (
    Account("worker", "陈芳", "grid_worker", "grid", _("grid worker: today, report, verify")),
    Account("command", "李建国", "command_officer", "street", _("command room: queue, triage, dispatch, close-out")),
    Account("department", "周立", "department_head", "enforcement", _("enforcement team: sign and handle")),
    Account("verifier", "吴敏", "verifier", "street", _("verifier: confirm or reject results")),
    Account("leader", "郑卫东", "street_leader", "street", _("street leader: board, suspensions")),
    Account("register", "钱慧", "register_admin", "street", _("register administrator: loads registers, units, posts")),
    Account("district", "冯岩", "district_officer", "district", _("district centre: all streets")),
    Account("admin", "系统管理员", "system_admin", "district", _("system administrator: configuration")),
    Account("auditor", "何审", "auditor", "district", _("auditor: reads the access log, sees no incidents")),
)


def hire(street: Unit, *, password: str, seed: int) -> dict[str, User]:
    """Make the accounts and the staff of the street and of every unit below it. Returns the accounts by username.

    Only the named accounts can log in; the others hold posts so that every unit has somebody who serves it.
    """
    accounts = _accounts(password)
    _posts((accounts[account.username], account.role, _place(account.place, street)) for account in ACCOUNTS)
    _serve([*_crew(street), ("headquarters_officer", street.district)], NameSource(Random(seed)))
    return accounts


def serve_grids(street: Unit, *, seed: int) -> None:
    """Heads, leaders and workers for a further street, which nobody logs in for."""
    _serve(_crew(street), NameSource(Random(seed)))


def _accounts(password: str) -> dict[str, User]:
    hashed = make_password(password)  # one slow hash for all of them: they share the printed password
    users = User.objects.bulk_create(
        User(
            username=account.username,
            name=account.name,
            password=hashed,
            must_change_password=False,
        )
        for account in ACCOUNTS
    )
    return {user.username: user for user in users}


def _place(place: str, street: Unit) -> Unit | Department | District:
    if place == "street":
        return street
    if place == "district":
        return street.district
    if place == "grid":
        return home_grid(street)
    return Department.objects.get(code=place)


def home_grid(street: Unit) -> Unit:
    """Where the demo's worker serves: the grid of 新村三组, or the street's first residential one."""
    named = Unit.objects.filter(street=street, kind=Kind.MICRO_GRID, name="新村三组微网格").select_related("grid")
    if (micro_grid := named.first()) and micro_grid.grid:
        return micro_grid.grid
    return Unit.objects.filter(street=street, kind=Kind.GRID, use="residential").order_by("lft")[0]


def _crew(street: Unit) -> Iterator[tuple[str, Unit | Department]]:
    """Role and place of everybody: heads of communities, leaders of grids and micro-grids, workers, departments."""
    roles = {Kind.COMMUNITY: ("community_head",), Kind.GRID: ("grid_leader", "grid_worker")}
    roles |= {Kind.MICRO_GRID: ("micro_grid_leader",)}
    for unit in Unit.objects.filter(street=street, kind__in=roles, retired_at=None).order_by("lft"):
        yield from ((role, unit) for role in roles[Kind(unit.kind)])
    yield from (("command_officer", street) for _turn in range(3))
    for department in Department.objects.filter(street=street) | Department.objects.filter(street=None):
        if not department.posts.filter(user__username__startswith="staff").exists():
            yield from (("department_member", department) for _turn in range(2))


def _serve(crew: Iterable[tuple[str, Unit | Department | District]], names: NameSource) -> None:
    places, taken = list(crew), User.objects.filter(username__startswith="staff").count()
    year = BEGAN_ON.year - 42
    sexes = ("female", "male")
    users = User.objects.bulk_create(
        User(
            username=f"staff{taken + index:05d}",
            name=names.family(local=True) + names.given(sexes[index % 2], year + index % 20),
            password=make_password(None),
        )
        for index, _place in enumerate(places, start=1)
    )
    _posts((user, role, place) for user, (role, place) in zip(users, places, strict=True))


def _posts(people: Iterable[tuple[User, str, Unit | Department | District]]) -> None:
    roles = {role.code: role for role in Role.objects.all()}
    kinds = {Unit: "unit", Department: "department", District: "district"}
    Post.objects.bulk_create(
        Post(user=user, role=roles[role], starts_on=BEGAN_ON, **{kinds[type(place)]: place})
        for user, role, place in people
    )
