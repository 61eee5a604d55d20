"""The rules of the tree as tables and pure functions: what stands under what, what a name may hold. No database."""

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from grids.errors import TreeRefused
from grids.models import Form, Kind, Unit, Use
from grids.models.unit import COMMUNITY_FORMS, MICRO_GRID_FORMS

# Which kinds may stand directly under which. The area is an optional tier that may be put in later (practice 2).
CHILD_KINDS: dict[str, tuple[Kind, ...]] = {
    Kind.STREET: (Kind.COMMUNITY, Kind.AREA),
    Kind.AREA: (Kind.COMMUNITY,),
    Kind.COMMUNITY: (Kind.GRID,),
    Kind.GRID: (Kind.MICRO_GRID,),
    Kind.MICRO_GRID: (Kind.HOUSEHOLD,),
    Kind.HOUSEHOLD: (),
}
FORMS: dict[str, tuple[Form, ...]] = {Kind.COMMUNITY: COMMUNITY_FORMS, Kind.MICRO_GRID: MICRO_GRID_FORMS}
# The ancestor column in which a unit stands for itself. Areas have none: they come and go above the communities.
OWN_COLUMN: dict[str, str] = {
    Kind.STREET: "street_id",
    Kind.COMMUNITY: "community_id",
    Kind.GRID: "grid_id",
    Kind.MICRO_GRID: "micro_grid_id",
}
ANCESTOR_COLUMNS = tuple(OWN_COLUMN.values())
# Residential or dedicated is said of grids; everything else is simply what it is.
KINDS_WITH_USE = (Kind.GRID, Kind.MICRO_GRID)

NAME_LENGTH = 100
REASON_LENGTH = 500
# Control and invisible formatting characters, halves of surrogate pairs, line and paragraph separators. The private use
# area stays allowed: some rare characters of place names live there.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def lies_in(unit: Unit, place: Unit) -> bool:
    """True when `unit` is `place` or lies below it; told from the two rows, without a query."""
    if place.kind == Kind.AREA:  # areas have no column of their own: the tree answers
        return place.tree_id == unit.tree_id and place.lft <= unit.lft and unit.rght <= place.rght
    return place.pk in {unit.pk, unit.street_id, unit.community_id, unit.grid_id, unit.micro_grid_id}


def touches(unit: Unit, places: Iterable[Unit] | None) -> bool:
    """True when the unit lies over one of the places or within it; None stands for the whole district."""
    return places is None or any(lies_in(unit, place) or lies_in(place, unit) for place in places)


def check_place(kind: str, parent_kind: str) -> None:
    """Refuse a kind where it may not stand."""
    if kind not in CHILD_KINDS[parent_kind]:
        raise TreeRefused(
            _("%(child)s can't stand directly under %(parent)s.")
            % {"child": Kind(kind).label, "parent": Kind(parent_kind).label},
            code="kind",
            field="kind",
        )


def clean_name(name: str) -> str:
    """The name as it will be kept: trimmed, runs of blanks as one. Refuses an empty, a long and an unprintable one."""
    name = _clean_line(name, "name")
    if not name:
        raise TreeRefused(_("The name is missing."), code="name_missing", field="name")
    return name


def clean_reason(reason: str) -> str:
    """Why the tree is changed; whoever reads the history in three years has nothing else to go by."""
    reason = reason.replace("\r\n", "\n").strip()
    if not reason:
        raise TreeRefused(_("Say why: the reason stays in the history."), code="reason_missing", field="reason")
    if len(reason) > REASON_LENGTH:
        raise _too_long("reason", REASON_LENGTH)
    if any(_is_unprintable(sign) for sign in reason if sign not in "\n\t"):
        raise _unprintable("reason")
    return reason


def clean_facts(kind: str, *, form: str, use: str, responsible_org: str) -> dict[str, str]:
    """The facts of a unit of that kind as they will be kept; refuses what doesn't fit together."""
    responsible_org = _clean_line(responsible_org, "responsible_org")
    if form and form not in FORMS.get(kind, ()):
        raise TreeRefused(_("This form doesn't fit this kind of unit."), code="form", field="form")
    if use not in Use.values or (use == Use.DEDICATED and kind not in KINDS_WITH_USE):
        raise TreeRefused(_("Only a grid or a micro-grid can be dedicated."), code="use", field="use")
    if use == Use.DEDICATED and not responsible_org:
        raise TreeRefused(
            _("A dedicated grid needs the name of the organisation responsible for it."),
            code="responsible_org_missing",
            field="responsible_org",
        )
    return {"form": form, "use": use, "responsible_org": responsible_org}


def taken_name(name: str) -> TreeRefused:
    message = _("There is a unit with this name here already: %(name)s.") % {"name": name}
    return TreeRefused(message, code="name_taken", field="name")


def retired_parent(name: str) -> TreeRefused:
    message = _("%(name)s is retired and takes nothing in.") % {"name": name}
    return TreeRefused(message, code="retired", field="parent")


def _clean_line(text: str, field: str) -> str:
    if any(_is_unprintable(sign) for sign in text.strip()):
        raise _unprintable(field)
    text = " ".join(text.split())
    if len(text) > NAME_LENGTH:
        raise _too_long(field, NAME_LENGTH)
    return text


def _is_unprintable(sign: str) -> bool:
    return unicodedata.category(sign) in _UNPRINTABLE


def _too_long(field: str, limit: int) -> TreeRefused:
    message = _("Too long: at most %(limit)d characters.") % {"limit": limit}
    return TreeRefused(message, code=f"{field}_too_long", field=field)


def _unprintable(field: str) -> TreeRefused:
    message = _("Invisible control characters can't be kept. Type the text again instead of pasting it.")
    return TreeRefused(message, code=f"{field}_unprintable", field=field)
