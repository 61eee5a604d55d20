"""Where somebody holds an ability, as choices of a form: streets, their units, their departments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from grids.models import Ability, Department, Kind, Unit
from grids.posts import area_filter, has_ability, posts_of
from grids.selectors import with_line
from incidents.forms.fields import Choices


def streets_with(user: User, ability: Ability) -> list[Unit]:
    """The streets in which the user has the ability somewhere."""
    posts = [post for post in posts_of(user) if ability in post.role.abilities]
    streets = Unit.objects.filter(kind=Kind.STREET, retired_at=None).order_by("code")
    if any(post.district_id for post in posts):
        return list(streets)
    return list(streets.filter(pk__in=[post.unit.street_id for post in posts if post.unit]))


def street_chosen(streets: Sequence[Unit], code: str | None) -> Unit | None:
    """The street that the address names, or the only one there is."""
    return next((street for street in streets if street.code == code), streets[0] if len(streets) == 1 else None)


def units_with(user: User, ability: Ability, street: Unit, *kinds: Kind, also: str = "") -> QuerySet[Unit]:
    """The street's units of these kinds over which the user has the ability.

    `also`: the code of a micro-grid that was chosen on another page; there are too many to offer them all.
    """
    where = area_filter(post for post in posts_of(user) if ability in post.role.abilities)
    wanted = Q(kind__in=kinds) | Q(code=also, kind=Kind.MICRO_GRID)
    units = Unit.objects.filter(wanted, where or Q(), street=street, retired_at=None)
    return with_line(units).order_by("lft")


def departments_of(street: Unit) -> QuerySet[Department]:
    """The departments in use that serve the street or the whole district."""
    return Department.objects.filter(Q(street=None) | Q(street=street), is_active=True).order_by("street", "code")


def grouped(units: Iterable[Unit]) -> Choices:
    """Units by their code, under the name of the community, or of the street, that they belong to."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for unit in units:
        above = unit.community or unit.street or unit
        groups[str(above.name)].append((unit.code, unit.full_name))
    return list(groups.items())


def departments_for(user: User, ability: Ability, street: Unit) -> Choices:
    """The street's departments as one group, for who has the ability over the whole street."""
    if not has_ability(user, ability, street):
        return []
    return [(_("Departments"), [(row.code, str(row)) for row in departments_of(street)])]
