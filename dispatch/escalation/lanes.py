"""What people send up themselves: to the next tier (上报上级), or straight to the district (紧急直报).

Practice 77 of the handbook: what a micro-grid leader can't answer goes one tier up; what is urgent and grave goes to
the district at once, and the street gets a copy. Whoever is told is told in the same transaction; the incident's row is
locked, so nothing goes up that was closed before.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from accounts.errors import Forbidden, Refused
from accounts.models import User
from dispatch.escalation.beginning import clocks_of
from dispatch.escalation.groups import Groups
from dispatch.escalation.ladder import default_rungs, height, ladder_of
from dispatch.escalation.plan import Rung, freeze, tier_of_place
from dispatch.escalation.reach import Reach
from dispatch.escalation.telling import Climb
from dispatch.models import Escalation, LadderRung
from dispatch.models.escalation import Tier
from grids.models import Ability, District, Post
from grids.posts import covers, posts_of
from incidents.models import Incident
from incidents.services.moves import locked
from incidents.standing import standing_of
from incidents.texts import clean_text
from incidents.workflow import Who

Kind = Escalation.Kind
LONGEST_REASON: Final = 500
_WORKING: Final = {Ability.HANDLE, Ability.REPORT}


@transaction.atomic
def report_up(incident: Incident, *, actor: User, reason: str = "", at: datetime | None = None) -> Escalation:
    """Tell the tier above the actor's own; where nobody is reached there, the next one above that.

    What has come as high as that already stays as it is. Somebody from a higher tier takes it further up: the earlier
    report is then over, and stays readable. Raises `Forbidden`, or `Refused` when the incident is over (code `status`)
    or the actor stands at the top (code `top`).
    """
    incident, at = locked(incident), at or clock.now()
    reason = clean_text(reason, limit=LONGEST_REASON, field="reason")
    tier = _check(incident, actor, at)
    rungs = ladder_of(incident.street).above(tier)
    if not rungs:
        raise Refused(_("There is no tier above yours on the ladder."), code="top")
    if before := running(incident, Kind.UP):
        if _highest(before) > height(tier):
            return before
        Escalation.objects.filter(pk=before.pk).update(cancelled_at=at)
    return _send(Kind.UP, incident, [rungs], actor=actor, reason=reason, at=at)


@transaction.atomic
def report_express(incident: Incident, *, actor: User, reason: str, at: datetime | None = None) -> Escalation:
    """Tell the district at once, its headquarters when nobody is reached there, and the street by a copy.

    Done once an incident: a repeated call returns what is there. Raises as `report_up`, and `Refused` without a reason.
    """
    incident, at = locked(incident), at or clock.now()
    reason = clean_text(reason, limit=LONGEST_REASON, field="reason", required=True)
    _check(incident, actor, at)
    if before := running(incident, Kind.EXPRESS):
        return before
    copy = _rungs_of(incident, Tier.STREET)
    district = [*_rungs_of(incident, Tier.DISTRICT), *_rungs_of(incident, Tier.HEADQUARTERS)]
    return _send(Kind.EXPRESS, incident, [district, copy], actor=actor, reason=reason, at=at)


def tier_of(user: User, incident: Incident, *, at: datetime) -> Tier | None:
    """From which tier the user may send the incident up: the highest at which they hold it, reported it or work there.

    None: they may not.
    """
    day = timezone.localdate(at)
    standing = standing_of(user, incident, at=at, among=(Who.LEAD, Who.REPORTER))
    working = [post for post in posts_of(user, day) if _WORKING & set(post.role.abilities)]
    posts = [post for post in working if covers(post, incident.unit)]
    tiers = [_tier_of_post(post) for post in (*posts, *standing.values()) if post]
    return max(tiers, key=height, default=None)


def goes_higher(incident: Incident, tier: Tier) -> bool:
    """True when a report from this tier reaches a tier that none has come to yet."""
    before = running(incident, Kind.UP)
    return bool(ladder_of(incident.street).above(tier)) and (before is None or _highest(before) <= height(tier))


def running(incident: Incident, kind: str) -> Escalation | None:
    """The report of this kind that counts now."""
    return next((row for row in incident.escalations.all() if row.kind == kind and row.cancelled_at is None), None)


def _check(incident: Incident, actor: User, at: datetime) -> Tier:
    """The tier that the actor stands at. Raises unless the incident is open and the actor has to do with it."""
    tier = tier_of(actor, incident, at=at)
    if tier is None:
        raise Forbidden(_("Only those who reported it, hold it or work there send it up."), code="who")
    if not incident.is_open:
        message = _("It can't be sent up any more: the incident is %(status)s.")
        raise Refused(message % {"status": incident.get_status_display()}, code="status")
    return tier


def _send(
    kind: str, incident: Incident, lanes: Sequence[list[LadderRung]], *, actor: User, reason: str, at: datetime
) -> Escalation:
    """Write the report and tell the lowest tier of each lane at which anybody is reached.

    It is over with that: no rung waits (`next_at` is empty), and its plan is what was climbed.
    """
    row = Escalation.objects.create(incident=incident, kind=kind, began_at=at, began_by=actor, reason=reason)
    due_at = next((each.due_at for each in clocks_of(incident)), None)
    step, climbed = Climb(row, incident, due_at, Reach(timezone.localdate(at)), Groups(at)), list[Rung]()
    for lane in lanes:
        climbed += _climb_lane(step, freeze(lane, incident, since=at), begins=len(climbed))
    row.plan, row.position = [replace(rung, at=at).as_json() for rung in climbed], len(climbed)
    row.save(update_fields=["plan", "position"])
    return row


def _climb_lane(step: Climb, lane: Sequence[Rung], *, begins: int) -> list[Rung]:
    """Tell every rung of one tier; where nobody is reached, those of the next. Returns the rungs that were climbed."""
    climbed: list[Rung] = []
    for _tier, rungs in groupby(lane, key=attrgetter("tier")):
        reached = False
        for rung in rungs:
            reached |= step.tell(begins + len(climbed), rung)
            climbed.append(rung)
        if reached:
            break
    return climbed


def _rungs_of(incident: Incident, *tiers: Tier) -> list[LadderRung]:
    """The rungs of these tiers; a tier that the street's ladder leaves out has the one it began with."""
    ladder = ladder_of(incident.street)
    return [rung for tier in tiers for rung in (ladder.of(tier) or default_rungs(tier))]


def _highest(row: Escalation) -> int:
    """The highest tier that this report has come to; -1 when it came nowhere."""
    return max((height(rung["tier"]) for rung in row.plan), default=-1)


def _tier_of_post(post: Post) -> Tier:
    return Tier.DISTRICT if isinstance(post.serves, District) else tier_of_place(post.serves)
