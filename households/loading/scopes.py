"""Which part of the district a file may be loaded for, and by whom."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from grids.models import Ability, Kind, Post, Unit
from grids.posts import area_filter, posts_with
from grids.selectors import with_line


@dataclass(frozen=True, slots=True)
class Scopes:
    """The places that a user may load for, in the order of the tree; `has_district`: all of them."""

    units: list[Unit]
    has_district: bool

    @property
    def first(self) -> Unit | None:
        """What is most likely meant: the only street, or the first place of the user's own."""
        return None if self.has_district else next(iter(self.units), None)

    @property
    def streets(self) -> list[Unit]:
        return [unit for unit in self.units if unit.kind == Kind.STREET]


def scopes_of(user: User) -> Scopes:
    """Where the user's posts of today let them load; grids and micro-grids only where such a post is all there is."""
    posts = loading_posts(user)
    where = area_filter(posts)
    served = [post.unit_id for post in posts]
    wanted = Q(kind__in=(Kind.STREET, Kind.COMMUNITY)) | Q(kind__in=(Kind.GRID, Kind.MICRO_GRID), pk__in=served)
    units = with_line(Unit.objects.filter(wanted, retired_at=None))
    chosen = units if where is None else units.filter(where)
    return Scopes(list(chosen.order_by("street__code", "lft")), has_district=where is None)


def micro_grids_of(scope: Unit | None, user: User) -> QuerySet[Unit]:
    """The micro-grids in use that rows of a load for `scope` may go to, within the user's area."""
    units = with_line(Unit.objects.filter(kind=Kind.MICRO_GRID, retired_at=None)).order_by("street__code", "lft")
    if scope is not None:
        units = units.filter(**{f"{scope.kind}_id": scope.pk})
    where = area_filter(loading_posts(user))
    return units if where is None else units.filter(where)


def loading_posts(user: User) -> list[Post]:
    return posts_with(user, Ability.LOAD_REGISTER)


def named_micro_grids(scope: Unit | None, user: User) -> dict[str, Unit]:
    """The same by a name that tells them apart: with the street for a whole district, with the code for a namesake."""
    named: dict[str, Unit] = {}
    for unit in micro_grids_of(scope, user):
        name = " ".join(each.name for each in unit.path) if scope is None else unit.full_name
        named[f"{name} {unit.code}" if name in named else name] = unit
    return named
