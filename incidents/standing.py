"""In what standing a user meets one incident, and by which post."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from django.utils import timezone

import clock
from accounts.models import User
from grids.models import Ability, Post
from grids.posts import post_at_party, post_for, serves_party
from incidents.actors import Actor, Resident
from incidents.models import Assignment, Incident, Source
from incidents.workflow import Act, Who

Standing = dict[Who, Post | None]
"""Each standing that the user has, with the post that gives it (None: no post is needed for it)."""

HANDS_ON = (Act.SIGN, Act.HANDLE, Act.SETTLE)
"""The acts that make somebody a party to the work; whoever did one of them never verifies it."""


def current_assignments(incident: Incident) -> list[Assignment]:
    """The parties that hold the incident now, the lead first; a prefetch of `assignments` is used when there is one."""
    rows = [row for row in incident.assignments.all() if row.ended_at is None]
    return sorted(rows, key=lambda row: (row.part != Assignment.Part.LEAD, row.pk))


def lead_of(incident: Incident) -> Assignment | None:
    """The lead party of the present dispatch, if there is one."""
    return next((row for row in current_assignments(incident) if row.part == Assignment.Part.LEAD), None)


def standing_of(
    user: Actor, incident: Incident, *, at: datetime | None = None, among: Collection[Who] = tuple(Who)
) -> Standing:
    """What `user` is to `incident`, of the standings in `among`. No user is the system itself.

    A resident without an account stands only in what residents reported; that it was this one, the caller has checked.
    """
    if isinstance(user, Resident):
        is_theirs = incident.reporter_id is None and incident.source == Source.RESIDENT
        return {Who.RESIDENT: None} if is_theirs and Who.RESIDENT in among else {}
    if user is None:
        return {Who.SYSTEM: None} if Who.SYSTEM in among else {}
    on = timezone.localdate(at) if at else clock.today()
    standing: Standing = {}
    if Who.REPORTER in among and incident.reporter_id == user.pk:
        standing[Who.REPORTER] = post_for(user, Ability.REPORT, incident.unit, on=on)
    for who, ability, is_barred in _BY_ABILITY:
        post = post_for(user, ability, incident.unit, on=on) if who in among else None
        if post and not is_barred(user, incident, on):
            standing[who] = post
    if Who.LEAD in among and (lead := lead_of(incident)) and (post := post_at_party(user, lead.party, on=on)):
        standing[Who.LEAD] = post
    return standing


def had_a_hand(user: User, incident: Incident, *, on: date | None = None) -> bool:
    """True when the user signed or handled the incident, answered for a party, or serves one of the parties now.

    Who had a hand in the work never verifies it, whatever other post they hold. What is loaded of the incident counts;
    a locked one comes fresh.
    """
    if any(serves_party(user, row.party, on=on) for row in current_assignments(incident)):
        return True
    if any(row.answered_by_id == user.pk for row in incident.assignments.all()):
        return True
    return any(row.actor_id == user.pk and row.act in HANDS_ON for row in incident.changes.all())


def _asked_to_suspend(user: User, incident: Incident, on: date | None) -> bool:
    return any(row.asked_by_id == user.pk and row.decided_at is None for row in incident.suspensions.all())


def _never(user: User, incident: Incident, on: date | None) -> bool:
    return False


_BY_ABILITY: Final = (
    (Who.DISPATCHER, Ability.DISPATCH, _never),
    (Who.EVALUATOR, Ability.EVALUATE, _never),
    (Who.VERIFIER, Ability.VERIFY, lambda user, incident, on: had_a_hand(user, incident, on=on)),
    (Who.APPROVER, Ability.APPROVE, _asked_to_suspend),
)
"""The standings that an ability over the place gives, and what bars from each."""
