"""The area that a page of the registers is about (`?unit=CODE`), and the way to narrower and wider ones."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.requests import UserRequest
from grids.models import Ability, Kind, Unit
from grids.selectors import ancestors, children, with_line
from households.registers.areas import Area, home_area, may

Trail = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Place:
    """The area, the line down to it, and the units that one can go on to."""

    area: Area
    trail: Trail
    below: list[Unit]

    @property
    def code(self) -> str:
        return self.area.code if self.area else ""

    @property
    def name(self) -> str:
        return self.area.name if self.area else _("The whole district")


def place_of(request: UserRequest, ability: Ability = Ability.SEE_REGISTER) -> Place:
    """The place that the address names, or the first that the user's posts open.

    403 for who has the ability nowhere; a foreign unit and a missing one are both 404.
    """
    return place_at(request.user, area_asked(request, ability), ability)


def area_asked(request: UserRequest, ability: Ability) -> Area:
    is_anywhere, home = home_area(request.user, ability)
    if not is_anywhere:
        raise PermissionDenied(_("No post of yours opens the registers."))
    code = request.GET.get("unit", "").strip()[:24]
    return area_with(request.user, code, ability) if code else home


def area_with(user: User, code: str, ability: Ability) -> Unit:
    """A unit over which the user has the ability; 404 otherwise."""
    unit = with_line(Unit.objects.filter(code=code.replace("\x00", ""))).first()
    if unit is None or not may(user, ability, unit):
        raise Http404
    return unit


def place_at(user: User, area: Area, ability: Ability) -> Place:
    if area is None:
        streets = Unit.objects.filter(kind=Kind.STREET, retired_at=None).order_by("code")
        return Place(None, [(_("The whole district"), "")], list(streets))
    line = [*ancestors(area), area]
    trail = [(step.name, f"?unit={step.code}" if may(user, ability, step) else "") for step in line]
    if may(user, ability, None):
        trail.insert(0, (_("The whole district"), "?"))
    below = [] if area.kind == Kind.MICRO_GRID else list(children(area).exclude(kind=Kind.HOUSEHOLD))
    return Place(area, trail, below)
