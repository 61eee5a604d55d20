"""What every district starts with: roles, departments, rules, kinds of tags, catalogue. All may be changed later."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

import clock
from dispatch.calendar import fill_known_years, load_standard_hours
from dispatch.escalation.ladder import load_default_ladder
from dispatch.limits import load_default_rules
from dispatch.supervision_types import load_supervision_types
from grids.catalogue import load_departments, load_roles, load_sizing_rules
from grids.models import Unit
from households.catalogue import load_tag_kinds
from incidents.services.catalogue import load_categories
from tagging.words import load_words


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows of each were added."""

    roles: int
    departments: int
    sizing_rules: int
    tag_kinds: int
    categories: int
    words: int
    limits: int
    ladder_rungs: int
    supervision_types: int
    working_hours: int
    calendar_days: int


@transaction.atomic
def load_starting_content(*, departments_of: Unit | None = None, at: datetime | None = None) -> Loaded:
    """Add what is missing; what is there stays as the administrators have made it. Safe to run again.

    `departments_of`: the street that the departments of the street's tier belong to; None for the whole district.
    """
    return Loaded(
        roles=load_roles(),
        departments=load_departments(departments_of),
        sizing_rules=load_sizing_rules(),
        tag_kinds=load_tag_kinds(),
        categories=load_categories(at=at),
        words=load_words(at=at),
        limits=load_default_rules(),
        ladder_rungs=load_default_ladder(),
        supervision_types=load_supervision_types(),
        working_hours=load_standard_hours(),
        calendar_days=fill_known_years(at or clock.now()),
    )
