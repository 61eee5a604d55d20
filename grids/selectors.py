"""Which units, in which order, for whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

import clock
from accounts.models import User
from grids.absences import absences_on
from grids.models import Ability, Kind, Post, Unit, UnitChange, UnitSuccession
from grids.posts import area_filter, current, places_of, posts_of, posts_with
from grids.rules import CHILD_KINDS, OWN_COLUMN

# What is counted below a unit, from the top down. Areas are a way to group communities, not something to count.
COUNTED = (Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID, Kind.HOUSEHOLD)
MOST_FOUND = 50
_LINE = ("street", "community", "grid", "micro_grid")


@dataclass
class Branch:
    """A unit as one line of the tree: how much there is below it, and who serves it."""

    unit: Unit
    counts: dict[str, int] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)


def visible_to(user: User) -> QuerySet[Unit]:
    """The units that a user may see: the subtrees of today's posts, and the street of a department's post."""
    posts = posts_of(user)
    where = area_filter(posts)
    if where is None:
        return Unit.objects.all()
    streets = {post.department.street_id for post in posts if post.department and post.department.street_id}
    if any(post.department and post.department.street_id is None for post in posts):
        return Unit.objects.all()
    return (
        Unit.objects.filter(where)
        if not streets
        else Unit.objects.filter(where) | Unit.objects.filter(street__in=streets)
    )


def concerning(user: User) -> QuerySet[Unit]:
    """What the user may see and what lies above it: an order for any of these concerns the user."""
    places = places_of(user)
    if places is None:
        return Unit.objects.all()
    wanted = Q(pk__in=visible_to(user).values("pk"))
    for place in places:
        wanted |= Q(pk__in=[pk for column in OWN_COLUMN.values() if (pk := getattr(place, column))])
        wanted |= Q(kind=Kind.AREA, tree_id=place.tree_id, lft__lt=place.lft, rght__gt=place.rght)
    return Unit.objects.filter(wanted)


def home_units(user: User) -> list[Unit]:
    """Where the tree begins for a user: the topmost live units of their posts; all streets for the district."""
    posts = posts_of(user)
    if any(post.district_id or (post.department and post.department.street_id is None) for post in posts):
        return list(Unit.objects.filter(kind=Kind.STREET, retired_at=None).order_by("code"))
    served = {post.unit_id or (post.department.street_id if post.department else None) for post in posts}
    units = with_line(Unit.objects.filter(pk__in=served, retired_at=None)).order_by("code")
    return [unit for unit in units if not any(_lies_below(unit, other) for other in units)]


def with_line(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """The same units with their line of ancestors loaded, as `Unit.path` and `Unit.full_name` need it."""
    return units.select_related(*_LINE, "parent")


def ancestors(unit: Unit) -> list[Unit]:
    """Everything above the unit, the street first; areas, which have no column, too."""
    return list(Unit.objects.filter(tree_id=unit.tree_id, lft__lt=unit.lft, rght__gt=unit.rght).order_by("lft"))


def line_above(unit: Unit, user: User) -> list[tuple[Unit, bool]]:
    """Everything above the unit, the street first, and of each whether the user may see it; one query."""
    above = Unit.objects.filter(tree_id=unit.tree_id, lft__lt=unit.lft, rght__gt=unit.rght).order_by("lft")
    seen = above.annotate(is_own=Exists(visible_to(user).filter(pk=OuterRef("pk"))))
    return [(step, step.is_own) for step in seen]


def children(unit: Unit, *, also_retired: bool = False) -> QuerySet[Unit]:
    """The units directly below, in the order of the tree: those in use, or all that ever were."""
    units = Unit.objects.filter(parent=unit) if also_retired else Unit.objects.filter(parent=unit, retired_at=None)
    return with_line(units).order_by("lft")


def branches(units: Iterable[Unit], on: date | None = None) -> list[Branch]:
    """Each unit with what is in use below it and with its posts of the day (today unless told)."""
    rows = {unit.pk: Branch(unit) for unit in units}
    _count_below(rows)
    posts = current(Post.objects.filter(unit__in=rows), on).select_related("user", "role")
    for post in posts.order_by("role_id", "pk"):
        rows[post.unit_id].posts.append(post)
    return list(rows.values())


def kinds_below(units: Collection[Unit]) -> list[Kind]:
    """The kinds worth a column in a table of these units: all that are counted below the highest of them."""
    tiers = list(Kind)
    highest = min((tiers.index(Kind(unit.kind)) for unit in units), default=len(tiers))
    last = tiers.index(Kind.MICRO_GRID if highest == 0 else Kind.HOUSEHOLD)
    return [kind for kind in COUNTED if highest < tiers.index(kind) <= last]


def posts_at(unit: Unit, on: date | None = None) -> QuerySet[Post]:
    """Who serves exactly this unit on a day (today unless told) or will serve it later, by role."""
    not_over = Q(ends_on=None) | Q(ends_on__gte=on or clock.today())
    posts = Post.objects.filter(not_over, unit=unit).select_related("user", "role")
    return posts.order_by("role_id", "starts_on", "pk")


def with_absence(posts: QuerySet[Post], on: date | None = None) -> QuerySet[Post]:
    """The same posts with the last day of today's absence (`away_until`) and the name of who stands in."""
    now = absences_on(on or clock.today()).filter(post=OuterRef("pk")).order_by("pk")
    return posts.annotate(
        away_until=Subquery(now.values("ends_on")[:1]), stand_in_name=Subquery(now.values("stand_in__name")[:1])
    )


def successions_of(unit: Unit) -> QuerySet[UnitSuccession]:
    """What the unit followed and what followed it."""
    line = UnitSuccession.objects.filter(Q(predecessor=unit) | Q(successor=unit))
    return line.select_related("predecessor", "successor").order_by("pk")


def changes_of(unit: Unit) -> QuerySet[UnitChange]:
    return UnitChange.objects.filter(unit=unit).select_related("actor").order_by("-at", "-pk")


def search(user: User, text: str) -> QuerySet[Unit]:
    """Units in use within the user's area whose name contains `text` or whose code begins with it, the higher first.

    A household is found by its code only: what is searched for stands in the address of the page, and where somebody
    lives has no place in the logs of web servers.
    """
    named = Q(name__icontains=text) & ~Q(kind=Kind.HOUSEHOLD)
    found = with_line(visible_to(user)).filter(named | Q(code__startswith=text), retired_at=None)
    return found.order_by("level", "code")[:MOST_FOUND]


def destinations(unit: Unit, user: User) -> QuerySet[Unit]:
    """Where the user may move the unit: to units in use of its street that may hold it, where they manage the tree."""
    holders = [kind for kind, held in CHILD_KINDS.items() if unit.kind in held]
    units = Unit.objects.filter(tree_id=unit.tree_id, kind__in=holders, retired_at=None).exclude(pk=unit.parent_id)
    where = area_filter(posts_with(user, Ability.MANAGE_TREE))
    return with_line(units if where is None else units.filter(where)).order_by("lft")


def siblings(unit: Unit) -> QuerySet[Unit]:
    """Units in use beside this one, of the same kind: those that may follow it."""
    return (
        Unit.objects.filter(tree_id=unit.tree_id, parent=unit.parent_id, kind=unit.kind, retired_at=None)
        .exclude(pk=unit.pk)
        .order_by("lft")
    )


def _lies_below(unit: Unit, other: Unit) -> bool:
    return unit.tree_id == other.tree_id and other.lft < unit.lft and unit.rght < other.rght


def _count_below(rows: dict[int, Branch]) -> None:
    """Counts by the ancestor columns, one query a tier: numbers of the tree keep room and count nothing."""
    by_column: dict[str, list[int]] = defaultdict(list)
    for branch in rows.values():
        column = OWN_COLUMN.get(branch.unit.kind)
        if column:
            by_column[column].append(branch.unit.pk)
        elif branch.unit.kind == Kind.AREA:
            area = branch.unit
            below = Unit.objects.filter(tree_id=area.tree_id, lft__gt=area.lft, rght__lt=area.rght, retired_at=None)
            branch.counts = dict(below.order_by().values_list("kind").annotate(Count("pk")))
    for column, pks in by_column.items():
        live = Unit.objects.filter(**{f"{column}__in": pks}, retired_at=None).order_by()
        if column == OWN_COLUMN[Kind.STREET]:  # counting a district's households alone took longer than the whole page
            live = live.exclude(kind=Kind.HOUSEHOLD)
        for pk, kind, count in live.values_list(column, "kind").annotate(Count("pk")):
            rows[pk].counts[kind] = count
