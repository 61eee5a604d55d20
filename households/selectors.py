"""Which households and residents, in which order, for whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from accounts.masking import mask_name
from accounts.models import User
from grids.models import Ability, Unit
from grids.posts import area_filter, has_ability, posts_of
from households.loading.cleaning.relations import HEAD
from households.models import Household, RegisterChange, Resident, ResidentTag, TagKind
from households.registers.areas import within

LINE = ("street", "community", "grid", "micro_grid")


def area_of(user: User, *, unit: str, ability: Ability = Ability.SEE_REGISTER) -> Q:
    """What the user's posts of today open, as a filter. `unit` leads to the unit from the model that is filtered."""
    area = Q(pk__in=[])
    for post in posts_of(user):
        if ability not in post.role.abilities:
            continue
        if post.district_id:
            return Q()
        if post.unit is not None:
            area |= within(post.unit, unit)
    return area


def units_open_to(user: User, ability: Ability) -> Q:
    """Units over which one of today's posts gives the ability."""
    where = area_filter(post for post in posts_of(user) if ability in post.role.abilities)
    return Q() if where is None else where


def households_visible_to(user: User) -> QuerySet[Household]:
    """The households of the areas whose register the user may see, in use or closed."""
    return Household.objects.filter(area_of(user, unit="unit__"))


def residents_visible_to(user: User) -> QuerySet[Resident]:
    """The people of those households, living there or moved out."""
    return Resident.objects.filter(area_of(user, unit="household__unit__"))


def household_or_404(user: User, code: str) -> Household:
    """A household by the code of its door. A foreign one and a missing one answer alike."""
    found = households_visible_to(user).filter(unit__code=code)
    household = found.select_related("unit__parent", "made_in", *_line("unit")).first()
    if household is None:
        raise Http404
    return household


def resident_or_404(user: User, pk: int) -> Resident:
    found = residents_visible_to(user).filter(pk=pk)
    resident = found.select_related("household__unit__parent", "made_in", *_line("household__unit")).first()
    if resident is None:
        raise Http404
    return resident


@dataclass(frozen=True, slots=True)
class Rights:
    """What one reader may see at a place."""

    user: User

    def names(self, unit: Unit) -> bool:
        """Names stand in full for who keeps the register or rings the people up. Others see 张**."""
        return has_ability(self.user, Ability.EDIT_REGISTER, unit) or self.reveals(unit)

    def name(self, name: str, unit: Unit) -> str:
        return name if self.names(unit) else mask_name(name)

    def reveals(self, unit: Unit) -> bool:
        """One tap shows a number; elsewhere a reason is asked for."""
        return has_ability(self.user, Ability.REVEAL_NUMBERS, unit)

    def edits(self, unit: Unit) -> bool:
        return has_ability(self.user, Ability.EDIT_REGISTER, unit)

    def sees(self, unit: Unit) -> bool:
        """Whether the register of the place is open to the reader at all."""
        return has_ability(self.user, Ability.SEE_REGISTER, unit)

    def kinds(self, kinds: Iterable[TagKind], unit: Unit) -> list[TagKind]:
        """Those of the kinds whose bearers the reader may know."""
        may_see_all = has_ability(self.user, Ability.SEE_SENSITIVE, unit)
        return [kind for kind in kinds if may_see_all or not kind.is_sensitive]

    def tags(self, tags: Sequence[ResidentTag], unit: Unit) -> list[ResidentTag]:
        """Those of the tags that the reader may know of."""
        seen = set(self.kinds((tag.kind for tag in tags), unit))
        return [tag for tag in tags if tag.kind in seen]


def with_people(households: Sequence[Household], on: date) -> dict[int, list[Resident]]:
    """Who lives behind each of these doors, the head first, with the living tags loaded. Two queries for a page."""
    people: dict[int, list[Resident]] = defaultdict(list)
    living = Resident.objects.filter(here(on), household__in=[home.pk for home in households])
    for resident in heads_first(living.prefetch_related(living_tags(on))):
        people[resident.household_id].append(resident)
    return people


def here(on: date, *, at: str = "") -> Q:
    """Residents who haven't moved out by that day. `at` leads to the resident from the model that is filtered."""
    return Q(**{f"{at}moved_out_on": None}) | Q(**{f"{at}moved_out_on__gt": on})


def heads_first(residents: QuerySet[Resident]) -> list[Resident]:
    """Heads before members, then as they came into the register."""
    return sorted(residents.order_by("pk"), key=lambda resident: resident.relation != HEAD)


def living_tags(on: date) -> Prefetch:
    """The tags that count on that day, with their kinds, as `resident.current_tags`."""
    tags = ResidentTag.objects.filter(Q(until=None) | Q(until__gt=on), since__lte=on)
    return Prefetch("tags", tags.select_related("kind").order_by("kind__order", "pk"), to_attr="current_tags")


def tag_kinds() -> QuerySet[TagKind]:
    """The kinds in use."""
    return TagKind.objects.filter(is_active=True)


def changes_of_household(household: Household) -> QuerySet[RegisterChange]:
    """What happened behind the door, the latest first: to the household and to everybody while they were of it."""
    return _told(RegisterChange.objects.filter(household=household))


def changes_of_resident(resident: Resident) -> QuerySet[RegisterChange]:
    """What happened to the person, the latest first. A move stands there twice, once for each of the households."""
    return _told(RegisterChange.objects.filter(resident=resident))


def _told(changes: QuerySet[RegisterChange]) -> QuerySet[RegisterChange]:
    return changes.select_related("actor", "load", "resident").order_by("-at", "-pk")


def _line(unit: str) -> Collection[str]:
    return [f"{unit}__{name}" for name in LINE]
