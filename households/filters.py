"""What a list of households can be narrowed to."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from households.models import Household, Resident, TagKind
from households.rules import years_before
from households.selectors import here

_ADULT = 18


class AgeGroup(TextChoices):
    OVER_60 = "60", _("60 and over")
    OVER_65 = "65", _("65 and over")
    OVER_80 = "80", _("80 and over")
    MINORS = "minors", _("Minors")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list. Those about people find the households where somebody is all of it at once."""

    tag: TagKind | None = None
    residence: str = ""
    age: str = ""
    dwelling: str = ""
    also_closed: bool = False

    @property
    def is_about_people(self) -> bool:
        return bool(self.tag or self.residence or self.age)

    @property
    def is_refined(self) -> bool:
        """By more than the tag, which stands in sight."""
        return bool(self.residence or self.age or self.dwelling or self.also_closed)

    @property
    def is_narrowed(self) -> bool:
        return self.tag is not None or self.is_refined

    def households(self, among: QuerySet[Household], on: date) -> QuerySet[Household]:
        if not self.also_closed:
            among = among.filter(unit__retired_at=None)
        if self.dwelling:
            among = among.filter(dwelling=self.dwelling)
        if self.is_about_people:
            among = among.filter(pk__in=self.people(Resident.objects.all(), on).values("household"))
        return among

    def people(self, among: QuerySet[Resident], on: date) -> QuerySet[Resident]:
        """Those of the people who live here and fit."""
        among = among.filter(here(on))
        if self.residence:
            among = among.filter(residence=self.residence)
        if self.age:
            among = among.filter(of_age(self.age, on))
        if self.tag:
            among = among.filter(Q(tags__until=None) | Q(tags__until__gt=on), tags__kind=self.tag, tags__since__lte=on)
        return among

    def fits(self, resident: Resident, on: date) -> bool:
        """Whether this person, loaded with their current tags, is among those looked for: the list marks them."""
        if self.residence and resident.residence != self.residence:
            return False
        if self.tag and all(tag.kind_id != self.tag.pk for tag in resident.current_tags):  # type: ignore[attr-defined]
            return False
        return not self.age or (resident.born_on is not None and _fits_age(resident.born_on, self.age, on))


def of_age(group: str, on: date) -> Q:
    """Residents of an age group on that day. Of whom no birth date is known is in none."""
    if group == AgeGroup.MINORS:
        return Q(born_on__gt=years_before(on, _ADULT))
    return Q(born_on__lte=years_before(on, int(group)))


def _fits_age(born_on: date, group: str, on: date) -> bool:
    if group == AgeGroup.MINORS:
        return born_on > years_before(on, _ADULT)
    return born_on <= years_before(on, int(group))
