"""The ladder as configuration: its rungs, what is laid down at first, and whether anybody stands on it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from dispatch.models import LadderRung
from dispatch.models.escalation import Tier
from grids.models import Post, Role, Unit
from grids.posts import current

TIERS: Final = tuple(Tier)
"""From the bottom up."""

# Practice 76 of the handbook names the six tiers; who hears at each and how long after the limit is our own proposal.
_DEFAULTS: Final = (
    (Tier.MICRO_GRID, "micro_grid_leader", 0),
    (Tier.GRID, "grid_worker", 15),
    (Tier.GRID, "grid_leader", 15),
    (Tier.COMMUNITY, "community_head", 30),
    (Tier.STREET, "command_officer", 60),
    (Tier.STREET, "street_leader", 90),
    (Tier.DISTRICT, "district_officer", 120),
    (Tier.HEADQUARTERS, "headquarters_officer", 240),
)


class Rungs(NamedTuple):
    """The rungs of one street's ladder, from the bottom up, and how many of each tier lie below."""

    rows: list[LadderRung]

    def above(self, tier: Tier) -> list[LadderRung]:
        """The rungs of every tier above this one."""
        return [row for row in self.rows if height(row.tier) > height(tier)]

    def of(self, *tiers: Tier) -> list[LadderRung]:
        return [row for row in self.rows if row.tier in tiers]


def height(tier: str) -> int:
    """How high a tier stands: 0 is the micro-grid."""
    return TIERS.index(Tier(tier))


def ladder_of(street: Unit) -> Rungs:
    """The rungs in use that count for a street: its own, or the general ones when it has none."""
    return ladders_of([street.pk])[street.pk]


def ladders_of(street_ids: Iterable[int]) -> dict[int, Rungs]:
    """The same for many streets, by their keys; one query."""
    wanted = set(street_ids)
    by_street: dict[int | None, list[LadderRung]] = {}
    rows = LadderRung.objects.filter(Q(street=None) | Q(street__in=wanted), is_active=True).select_related("role")
    for row in rows:
        by_street.setdefault(row.street_id, []).append(row)
    general = in_order(by_street.get(None, []))
    return {pk: Rungs(in_order(by_street[pk]) if pk in by_street else general) for pk in wanted}


def in_order(rows: Iterable[LadderRung]) -> list[LadderRung]:
    """From the bottom up; within a tier by the minutes. A tier never hears before one that stands below it."""
    return sorted(rows, key=lambda row: (height(row.tier), row.after_minutes, row.pk or 0))


def check_held(rows: Sequence[LadderRung], *, on: date | None = None) -> None:
    """Raise `Refused` when nobody holds the role of any rung that is in use: such a ladder would reach nobody."""
    roles = {row.role_id for row in rows if row.is_active}
    if not current(Post.objects.filter(role__in=roles, user__is_active=True), on or clock.today()).exists():
        raise Refused(
            _(
                "Nobody holds the role of any rung of this ladder, so it would reach nobody. Give a post first, or"
                " begin with a role that somebody holds."
            ),
            code="no_posts",
            field="role",
        )


def check_change(rung: LadderRung) -> None:
    """Raise `Refused` when the ladder that this rung is part of would reach nobody once the rung is saved."""
    others = LadderRung.objects.filter(street=rung.street_id, is_active=True).exclude(pk=rung.pk)
    rows = [*others, rung]
    if rung.street_id and not any(row.is_active for row in rows):
        return  # the street has the general ladder again
    check_held(rows)


def check_all_held() -> None:
    """Raise `Refused` when some ladder, the general one or a street's own, would reach nobody."""
    by_street: dict[int | None, list[LadderRung]] = {None: []}
    for row in LadderRung.objects.filter(is_active=True):
        by_street.setdefault(row.street_id, []).append(row)
    for rows in by_street.values():
        check_held(rows)


@transaction.atomic
def load_default_ladder() -> int:
    """Lay down the ladder that every deployment starts with; nothing when there is any rung. Returns how many."""
    if LadderRung.objects.exists():
        return 0
    return len(LadderRung.objects.bulk_create(default_rungs(*TIERS)))


def default_rungs(*tiers: Tier) -> list[LadderRung]:
    """The rungs of these tiers as they are laid down at first, unsaved; those whose role exists."""
    wanted = [(tier, code, after) for tier, code, after in _DEFAULTS if tier in tiers]
    roles = {role.code: role for role in Role.objects.filter(code__in=[code for _tier, code, _after in wanted])}
    return [
        LadderRung(tier=tier, role=roles[code], after_minutes=after) for tier, code, after in wanted if code in roles
    ]
