"""Which limit counts for an incident: rules are rows, by clock, level and category."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from django.db import transaction

from dispatch import rules
from dispatch.models import LimitRule
from dispatch.models.deadline import Clock
from incidents.models import Category, Incident

# Practices 69-73 of the handbook: level 1 at once (an hour when it can't be settled on the spot), level 2 within six
# hours, level 3 and up pushed every hour until closed instead of a limit in minutes, everything by 16:00. An hour to
# sign and a day to verify are the product's own proposal.
_DEFAULTS: Final[tuple[dict[str, Any], ...]] = (
    {"clock": Clock.SIGN, "level_from": 1, "level_to": 4, "amount": 60},
    {"clock": Clock.HANDLE, "level_from": 1, "level_to": 1, "amount": 60},
    {"clock": Clock.HANDLE, "level_from": 2, "level_to": 2, "amount": 360},
    {"clock": Clock.VERIFY, "level_from": 1, "level_to": 4, "amount": 1440},
    {"clock": Clock.CLOSE_OUT, "level_from": 1, "level_to": 4, "at_time": rules.CLOSE_OUT_AT},
)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it stands now: minutes after the start, or the close-out at a time of day; and where it comes from."""

    minutes: int | None = None
    at_time: time | None = None
    source: str = ""

    def due(self, start: datetime) -> datetime:
        """When a clock that starts at `start` runs out."""
        if self.at_time is not None:
            return rules.due_at_line(start, self.at_time)
        return rules.due_after(start, self.minutes or 0)

    def as_json(self) -> dict[str, Any]:
        """The copy that a deadline keeps."""
        limit = {"minutes": self.minutes} if self.at_time is None else {"at_time": f"{self.at_time:%H:%M}"}
        return {**limit, "source": self.source}


def limit_for(clock: Clock, incident: Incident) -> Limit | None:
    """The limit of this clock for the incident's level and category; None when no rule asks for one.

    For handling, the catalogue entry's own limit comes first. Among the rules the longest fitting category code wins,
    and among equals the newest row.
    """
    if clock == Clock.HANDLE and incident.category.limit_minutes:
        return Limit(minutes=incident.category.limit_minutes, source=f"category:{incident.category_id}")
    active = LimitRule.objects.filter(
        clock=clock, is_active=True, level_from__lte=incident.level, level_to__gte=incident.level
    )
    rule = best(active, incident.category)
    return Limit(rule.amount, rule.at_time, f"rule:{rule.pk}") if rule else None


def best(candidates: Iterable[LimitRule], category: Category) -> LimitRule | None:
    """The rule with the longest code that covers the category; of equals the newest."""
    fitting = [rule for rule in candidates if category.code.startswith(rule.category_code)]
    return max(fitting, key=lambda rule: (len(rule.category_code), rule.pk), default=None)


def close_out_time() -> time:
    """When the day closes for the deployment: the general close-out rule, without regard to category."""
    general = LimitRule.objects.filter(clock=Clock.CLOSE_OUT, is_active=True, category_code="").exclude(at_time=None)
    rule = general.order_by("pk").last()
    return (rule.at_time if rule else None) or rules.CLOSE_OUT_AT


@transaction.atomic
def load_default_rules() -> int:
    """Lay down the limits that every deployment starts with; returns how many were added.

    A clock that has any rule already is left as it is, also when somebody changed or switched off what was laid down.
    """
    settled = set(LimitRule.objects.values_list("clock", flat=True))
    added = [LimitRule(**default) for default in _DEFAULTS if default["clock"] not in settled]
    return len(LimitRule.objects.bulk_create(added))
