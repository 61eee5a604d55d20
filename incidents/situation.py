"""What one user may do with one incident now, and why something expected is not offered."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

import clock
from accounts.models import User
from grids.models import Ability
from grids.posts import has_ability, post_at_party
from incidents.models import Assignment, Incident, SuspensionRequest
from incidents.services.closing import EVALUATION_WINDOW, REOPEN_WINDOW
from incidents.standing import Standing, current_assignments, standing_of
from incidents.workflow import MOST_RETURNS, TABLE, Act, Status, Who, may_follow

_OWING = (Assignment.State.ASSIGNED, Assignment.State.SIGNED)


@dataclass(frozen=True)
class Situation:
    """One incident as one user meets it. Each fact is asked of the database once, when it is first needed, and not at
    all where the incident comes loaded (`incidents.kept`)."""

    incident: Incident
    user: User
    at: datetime

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.user, self.incident, at=self.at)

    @cached_property
    def parties(self) -> list[Assignment]:
        """The present parties, the lead first."""
        return current_assignments(self.incident)

    @property
    def assisting(self) -> list[Assignment]:
        return [row for row in self.parties if row.part == Assignment.Part.ASSIST]

    @property
    def owing(self) -> list[Assignment]:
        """The assisting parties that have neither answered nor been released."""
        return [row for row in self.assisting if row.state in _OWING]

    @cached_property
    def own_assists(self) -> list[Assignment]:
        """Of these, the ones that the user answers for."""
        return [row for row in self.owing if post_at_party(self.user, row.party)]

    @cached_property
    def request(self) -> SuspensionRequest | None:
        """The request for suspension that waits for a decision."""
        return next((row for row in self.incident.suspensions.all() if row.decided_at is None), None)

    @cached_property
    def returns_left(self) -> int:
        return MOST_RETURNS - sum(change.act == Act.RETURN for change in self.incident.changes.all())

    @cached_property
    def is_evaluated(self) -> bool:
        since = self.incident.closed_at
        return since is not None and any(row.at >= since for row in self.incident.evaluations.all())

    @property
    def is_lead(self) -> bool:
        return Who.LEAD in self.standing

    @property
    def reopens_until(self) -> datetime | None:
        return self.incident.closed_at + REOPEN_WINDOW if self.incident.closed_at else None

    @property
    def archived_from(self) -> datetime | None:
        """When the incident may be archived without an evaluation."""
        return self.incident.closed_at + EVALUATION_WINDOW if self.incident.closed_at else None

    def follows(self, act: Act) -> bool:
        """True when the table allows the act from the present status, for whoever."""
        return act in may_follow(self.incident.status)

    def stands(self, act: Act) -> bool:
        """True when the user has the standing for the act, whatever the status."""
        return bool(TABLE[act].who & self.standing.keys())

    def explanations(self) -> list[str]:
        """Why acts that this user may look for are not offered, in words."""
        return [text for text in (_why_not(self) if self.incident.is_open else _why_not_archived(self)) if text]


def situation_of(user: User, incident: Incident, *, at: datetime | None = None) -> Situation:
    """Begin with the parties loaded, since nearly every question needs them."""
    parties = Assignment.objects.select_related("department", "unit", "signed_by", "answered_by")
    prefetch_related_objects([incident], Prefetch("assignments", queryset=parties))
    return Situation(incident, user, at or clock.now())


def _why_not(now: Situation) -> list[str]:
    status = now.incident.status
    if status == Status.HANDLED and Who.VERIFIER not in now.standing:
        looks_for_it = now.is_lead or has_ability(now.user, Ability.VERIFY, now.incident.unit)
        return [_("You had a hand in the handling, so somebody else verifies it.")] if looks_for_it else []
    if status in {Status.RETURNED, Status.DISPATCHED} and now.returns_left <= 0:
        return [_why_not_returned(now)]
    if status == Status.IN_PROGRESS and now.is_lead:
        return [_why_not_handled(now), _why_not_suspended(now)]
    return []


def _why_not_returned(now: Situation) -> str:
    if now.is_lead:
        return _("It was returned twice already: the command room's decision stands.")
    if Who.DISPATCHER not in now.standing:
        return ""
    return _("It was returned twice: whoever it is dispatched to now can't return it. No rule dispatches it by itself.")


def _why_not_handled(now: Situation) -> str:
    names = pgettext("between names", ", ").join(str(row.party) for row in now.owing)
    if not names:
        return ""
    return _("It can be reported as handled once every assisting party has answered or been released: %(parties)s.") % {
        "parties": names
    }


def _why_not_suspended(now: Situation) -> str:
    if now.request is None or now.request.asked_by_id != now.user.pk:
        return ""
    return _("Your request for suspension waits for the decision of somebody else.")


def _why_not_archived(now: Situation) -> list[str]:
    due = now.archived_from
    if now.incident.status != Status.CLOSED or due is None or not now.stands(Act.ARCHIVE):
        return []
    if now.is_evaluated or now.at >= due:
        return []
    moment = f"{timezone.localtime(due):%Y-%m-%d %H:%M}"
    return [_("It is archived once it is evaluated, or by itself after %(moment)s.") % {"moment": moment}]
