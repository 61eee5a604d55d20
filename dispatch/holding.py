"""Who holds an incident: the lead party, or the command room or the verifiers of its street; and whom to tell there.

A holding party is never a person. Until there is a lead, and after a return, it is the command room; once the result is
in, it is whoever verifies at the street.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from dispatch.models import DayCloseLine
from grids.absences import holders_at
from grids.models import Ability, Kind, Post
from grids.posts import current, posts_of
from incidents.models import Assignment
from incidents.workflow import Status

_WITHOUT_LEAD = (Status.REPORTED, Status.RETURNED)
_HOLDING = {Ability.HANDLE, Ability.DISPATCH, Ability.VERIFY}


@dataclass(frozen=True, slots=True)
class HoldingParty:
    """A department or a unit, and the ability by which its people hold an incident."""

    ability: Ability
    department_id: int | None = None
    unit_id: int | None = None


def holding_party(status: str, street_id: int, lead: Assignment | None) -> HoldingParty:
    """Who holds an incident that stands at `status` in that street, with that lead party."""
    if status == Status.HANDLED:
        return HoldingParty(Ability.VERIFY, unit_id=street_id)
    if lead is None or status in _WITHOUT_LEAD:
        return HoldingParty(Ability.DISPATCH, unit_id=street_id)
    return HoldingParty(Ability.HANDLE, department_id=lead.department_id, unit_id=lead.unit_id)


def counts_by_person(parties: Mapping[HoldingParty, int], at: datetime) -> dict[User, int]:
    """How many incidents each person holds, over all the parties that they serve: for one notice a person.

    In place of somebody who is away it is the stand-in who is told (`grids.absences`). Four queries. The people come in
    the order of their keys: two who tell people at once then never wait for each other in a circle.
    """
    if not parties:
        return {}
    day = timezone.localdate(at)
    places = reduce(or_, (_posts_at(party) for party in parties))
    posts = list(current(Post.objects.filter(places), day).select_related("user", "role"))
    reached = holders_at(posts, day)
    serving: dict[User, set[HoldingParty]] = defaultdict(set)
    for post in posts:
        if user := reached[post.pk].user:
            serving[user] |= {party for party in parties if _serves(post, party)}
    people = sorted(serving, key=lambda user: user.pk)
    return {user: sum(parties[party] for party in serving[user]) for user in people}


def people_of(party: HoldingParty, at: datetime) -> list[User]:
    """Who is told when one party is, stand-ins included."""
    return list(counts_by_person({party: 1}, at))


def held_lines(user: User, lines: QuerySet[DayCloseLine]) -> QuerySet[DayCloseLine]:
    """Those lines of close-outs that a party of the user held at the line."""
    posts = [post for post in posts_of(user) if _HOLDING & set(post.role.abilities)]
    return lines.filter(_held_then(posts)) if posts else lines.none()


def post_of_holder(user: User, line: DayCloseLine, day: date) -> Post | None:
    """The user's post, on that day, at the party that held the incident at the line; None when there is none."""
    line_at = line.day_close.due_at
    leads = Assignment.objects.filter(incident=line.incident_id, part=Assignment.Part.LEAD, assigned_at__lte=line_at)
    lead = leads.filter(Q(ended_at=None) | Q(ended_at__gt=line_at)).order_by("pk").first()
    party = holding_party(line.status, line.day_close.street_id, lead)
    return next((post for post in posts_of(user, day) if _serves(post, party)), None)


def _held_then(posts: Iterable[Post]) -> Q:
    handling = [post for post in posts if Ability.HANDLE in post.role.abilities]
    lead_then = Assignment.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=OuterRef("day_close__due_at")),
        Q(department__in=[post.department_id for post in handling if post.department_id])
        | Q(unit__in=[post.unit_id for post in handling if post.unit_id]),
        incident=OuterRef("incident"),
        part=Assignment.Part.LEAD,
        assigned_at__lte=OuterRef("day_close__due_at"),
    )
    held = Q(status=Status.HANDLED, day_close__street__in=_streets(posts, Ability.VERIFY))
    held |= Q(status__in=_WITHOUT_LEAD, day_close__street__in=_streets(posts, Ability.DISPATCH))
    if handling:
        held |= ~Q(status__in=(*_WITHOUT_LEAD, Status.HANDLED)) & Q(Exists(lead_then))
    return held


def _streets(posts: Iterable[Post], ability: Ability) -> list[int]:
    """The streets that these posts serve directly with the ability."""
    at_streets = [post.unit for post in posts if post.unit and ability in post.role.abilities]
    return [unit.pk for unit in at_streets if unit.kind == Kind.STREET]


def _posts_at(party: HoldingParty) -> Q:
    place = {"department": party.department_id} if party.department_id else {"unit": party.unit_id}
    return Q(role__abilities__contains=[party.ability], **place)


def _serves(post: Post, party: HoldingParty) -> bool:
    place = (post.department_id, post.unit_id)
    return party.ability in post.role.abilities and place == (party.department_id, party.unit_id)
