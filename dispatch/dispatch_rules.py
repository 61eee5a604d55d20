"""Who is to handle it: rules of category × place × level × mode. They suggest; where switched on they dispatch.

The first rule that fits counts, by its order; it explains itself. A rule dispatches by itself only what nobody has had
yet, and a level 3 or 4 incident only if it is a rule for those levels alone. Beat asks each minute what is owed, so a
rule at fault never keeps a report from being filed.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

import clock
from accounts.errors import Refused
from dispatch.faults import log_failure
from dispatch.models import DispatchRule
from dispatch.selectors import SERIOUS
from grids.models import Department, Mode, Unit
from grids.modes import mode_at, modes_of
from grids.rules import lies_in
from incidents import services
from incidents.models import Category, Incident, StatusChange
from incidents.proposals import Proposal
from incidents.workflow import Act, Status

logger = logging.getLogger(__name__)

_HAD_BEFORE: Final = (Act.DISPATCH, Act.RETURN, Act.REOPEN, Act.REOPEN_TO_TRIAGE)
"""Whatever went through one of these was somebody's already: people decide who has it next."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a rule says about one incident."""

    rule: DispatchRule
    lead: Department
    assisting: Sequence[Department]
    is_automatic: bool
    """It may be dispatched without anybody's hand."""

    @property
    def explanation(self) -> str:
        """规则“占道经营”：类别 02、大碶街道、应急模式. In the reader's language."""
        parts = [_("category %(code)s") % {"code": self.rule.category_code} if self.rule.category_code else ""]
        parts.append(self.rule.unit.name if self.rule.unit else "")
        if self.rule.mode:
            parts.append(_("mode %(mode)s") % {"mode": self.rule.get_mode_display()})
        if (self.rule.level_from, self.rule.level_to) != (1, 4):
            levels = {"from": self.rule.level_from, "to": self.rule.level_to}
            same = self.rule.level_from == self.rule.level_to
            parts.append((_("level %(from)s") if same else _("levels %(from)s to %(to)s")) % levels)
        said = pgettext("between the items of a list", ", ").join(part for part in parts if part)
        return _("Rule “%(rule)s”: %(fits)s") % {"rule": self.rule.name, "fits": said or _("everything")}


def suggest(incident: Incident, at: datetime) -> Suggestion | None:
    """What the first rule that fits says; None when none does."""
    rules = rules_in_order()
    return first_match(rules, incident, mode_at(incident.unit, at)) if rules else None


def propose(incidents: Sequence[Incident], at: datetime) -> list[Proposal | None]:
    """The same as the dispatch form and the tagger take it (`incidents.proposals`); as many queries as for one."""
    rules = rules_in_order()
    if not rules:
        return [None] * len(incidents)
    modes = modes_of({incident.unit for incident in incidents}, at)
    found = (first_match(rules, incident, modes[incident.unit_id]) for incident in incidents)
    return [Proposal(one.lead, one.assisting, one.explanation) if one else None for one in found]


def rules_in_order() -> list[DispatchRule]:
    """The rules in use, with all that a match asks for; two queries, one when there is no rule."""
    rules = DispatchRule.objects.filter(is_active=True).select_related("unit", "lead")
    return list(rules.prefetch_related("assisting").order_by("position", "pk"))


def first_match(rules: Iterable[DispatchRule], incident: Incident, mode: Mode) -> Suggestion | None:
    """Without a query, given the category and unit of the incident.

    A rule whose lead is out of use or doesn't serve the street is passed over: the next one may help.
    """
    for rule in rules:
        if _fits(rule, incident, mode) and serves(rule.lead, incident.street_id):
            assisting = [one for one in rule.assisting.all() if serves(one, incident.street_id)]
            return Suggestion(rule, rule.lead, assisting, _dispatches_by_itself(rule, incident))
    return None


def serves(department: Department, street_id: int) -> bool:
    """True when a department in use serves the street or the whole district."""
    return department.is_active and department.street_id in {None, street_id}


def check_rule(
    *, category_code: str, unit: Unit | None, lead: Department | None, assisting: Iterable[Department]
) -> None:
    """Raise `Refused`, beside its field, for a rule that could never do what it says."""
    assisting = list(assisting)
    if category_code and not Category.objects.filter(code=category_code, ended_at=None).exists():
        raise Refused(
            _("The catalogue has no entry %(code)s.") % {"code": category_code}, code="category", field="category_code"
        )
    if lead in assisting:
        raise Refused(
            _("“%(party)s” is the lead: it can't assist itself.") % {"party": lead}, code="twice", field="assisting"
        )
    for field, department in (("lead", lead), *(("assisting", one) for one in assisting)):
        _check_serves(department, unit, field)


def _check_serves(department: Department | None, unit: Unit | None, field: str) -> None:
    if department is None or department.street_id is None:
        return
    if unit is None:
        message = _("“%(party)s” serves one sub-district only: choose a place in it.")
        raise Refused(message % {"party": department}, code="everywhere", field=field)
    if department.street_id != unit.street_id:
        message = _("“%(party)s” serves another sub-district than %(place)s.")
        raise Refused(message % {"party": department, "place": unit.name}, code="street", field=field)


def dispatch_owed(now: datetime | None = None) -> int:
    """Dispatch what waits for triage and has an automatic rule; returns how many. One that fails stops no other."""
    now = now or clock.now()
    rules = rules_in_order()
    if not any(rule.is_automatic for rule in rules):
        return 0
    waiting = list(untouched())
    modes = modes_of({incident.unit for incident in waiting}, now)
    found = [(incident, first_match(rules, incident, modes[incident.unit_id])) for incident in waiting]
    return sum(_dispatch(incident, suggestion, now) for incident, suggestion in found if suggestion)


def untouched() -> QuerySet[Incident]:
    """What waits for triage and was nobody's yet, the oldest first."""
    had = StatusChange.objects.filter(incident=OuterRef("pk"), act__in=_HAD_BEFORE)
    rows = Incident.objects.filter(~Exists(had), status=Status.REPORTED).defer("description")
    return rows.select_related("unit", "category").order_by("reported_at", "pk")


def _fits(rule: DispatchRule, incident: Incident, mode: Mode) -> bool:
    return (
        incident.category.code.startswith(rule.category_code)
        and rule.level_from <= incident.level <= rule.level_to
        and rule.mode in {"", mode}
        and (rule.unit is None or lies_in(incident.unit, rule.unit))
    )


def _dispatches_by_itself(rule: DispatchRule, incident: Incident) -> bool:
    """What is serious is looked at by people first, unless the rule is for serious levels and says so."""
    return rule.is_automatic and (incident.level < SERIOUS or rule.level_from >= SERIOUS)


def _dispatch(incident: Incident, found: Suggestion, now: datetime) -> int:
    if not found.is_automatic:
        return 0
    try:
        services.dispatch(
            incident, actor=None, lead=found.lead, assisting=found.assisting, rule=found.rule.name, at=now
        )
    except Exception as error:
        # Perhaps the room was quicker. Otherwise it waits in triage, where people see it.
        log_failure(logger, f"Dispatching incident {incident.number} by rule {found.rule.pk}", error)
        return 0
    return 1
