"""What each open incident needs of a user now: the heart of Today, of Tasks, of Verify and of the badges in the menu.

The same question that `incidents.standing` answers for one incident, asked of all of them in one query.
"""

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Final, NamedTuple

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.requests import UserRequest
from dispatch.close_out_reasons import to_explain
from dispatch.models import ExtensionRequest
from dispatch.overview.calls import WAITING, CallNeed, Owed, owed_by
from dispatch.overview.needs_cache import kept_counts
from grids.models import Ability, Post
from grids.posts import area_filter, posts_of, posts_with
from incidents.models import Assignment, Evaluation, Incident, StatusChange, SuspensionRequest
from incidents.services.closing import EVALUATION_WINDOW
from incidents.standing import HANDS_ON
from incidents.workflow import OPEN, Act, Status

_COUNTED: Final = "_needs_counted"
_added: Final[dict[str, Callable[[User], QuerySet]]] = {}


class Need(models.TextChoices):
    """The one thing that an incident waits for from this user."""

    TRIAGE = "triage", _("Triage and dispatch")
    SIGN = "sign", _("Sign")
    ANSWER = "answer", _("Answer as assisting party")
    DECIDE = "decide", _("Decide on the suspension")
    EXTEND = "extend", _("Decide on the extension")
    HANDLE = "handle", _("Handle")
    VERIFY = "verify", _("Verify")
    EXPLAIN = "explain", _("Explain")
    """Not of an incident but of a line of a close-out: `needing` has none, `count_needs` counts them."""


def needing(user: User) -> QuerySet[Incident]:
    """The open incidents that wait for `user`, each with its `need` (a value of `Need`).

    All of them are visible to the user: they lie where a post gives the ability, or are assigned to a party served.
    """
    conditions = _conditions(user)
    if not conditions:
        return Incident.objects.annotate(need=Value("")).none()
    need = Case(*(When(when, then=Value(need)) for need, when in conditions), default=Value(""))
    waiting = reduce(or_, (when for _need, when in conditions))
    return Incident.objects.filter(waiting, status__in=OPEN).annotate(need=need)


def add_need(need: str, rows: Callable[[User], QuerySet]) -> None:
    """Count these rows of an app above this one, too; called once, while the apps are made ready."""
    _added[need] = rows


def count_needs(user: User, waiting: QuerySet[Incident] | None = None) -> dict[str, int]:
    """How many incidents wait for the user, by need, how many lines to explain, calls, and what was added; one query.

    `waiting`: what `needing` gave, when it was asked already.
    """
    incidents = (needing(user) if waiting is None else waiting).order_by().values_list("need").annotate(Count("pk"))
    lines = to_explain(user).order_by().annotate(need=Value(Need.EXPLAIN)).values_list("need").annotate(Count("pk"))
    others = [
        rows(user).order_by().annotate(need=Value(str(need))).values_list("need").annotate(Count("pk"))
        for need, rows in [*WAITING.items(), *_added.items()]
    ]
    # Without an order: a union takes on that of its first part's model.
    return {need: count for need, count in incidents.union(lines, *others, all=True).order_by() if count}


def count_needs_once(request: UserRequest, waiting: QuerySet[Incident] | None = None) -> dict[str, int]:
    """The same, asked once a request and kept while nothing changes: a page and its badges show the same numbers."""
    known = vars(request)
    if _COUNTED not in known:
        known[_COUNTED] = kept_counts(request.user, lambda: count_needs(request.user, waiting))
    return dict(known[_COUNTED])


def owed_now(request: UserRequest, *needs: CallNeed) -> list[Owed]:
    """The supervision items and whistles that wait for the user; asked only when the badges say that there are any."""
    waiting = count_needs_once(request)
    return owed_by(request.user, *(need for need in needs if waiting.get(need)))


def in_reach(user: User, ability: Ability) -> QuerySet[Incident]:
    """The incidents that lie where one of the user's posts gives the ability (one that makes an area visible)."""
    return Incident.objects.filter(_where(posts_with(user, ability)))


def reported_by(user: User) -> QuerySet[Incident]:
    """What the user reported and others still have in hand."""
    return Incident.objects.filter(reporter=user, status__in=OPEN)


def handed_on_by(user: User) -> QuerySet[Incident]:
    """What the user's parties reported as handled and nobody has verified yet."""
    return Incident.objects.filter(status=Status.HANDLED, pk__in=_held_by(user).lead)


def sent_back_by(user: User) -> QuerySet[Incident]:
    """What the user's parties returned and the command room hasn't decided on yet."""
    ended = _of_parties(posts_with(user, Ability.HANDLE)).exclude(ended_at=None)
    return Incident.objects.filter(Exists(ended.filter(incident=OuterRef("pk"))), status=Status.RETURNED)


def to_evaluate(user: User, *, at: datetime) -> QuerySet[Incident]:
    """Closed incidents whose evaluation window is open and that nobody has asked the person concerned about."""
    asked = Evaluation.objects.filter(incident=OuterRef("pk"), at__gte=OuterRef("closed_at"))
    closed = in_reach(user, Ability.EVALUATE).filter(status=Status.CLOSED, closed_at__gt=at - EVALUATION_WINDOW)
    return closed.exclude(Exists(asked))


def done_since(user: User, start: datetime) -> int:
    """How many incidents the user brought a step further since `start`: their own progress, shown to nobody else."""
    acts = (Act.HANDLE, Act.SETTLE, Act.VERIFY, Act.REJECT)
    moved = StatusChange.objects.filter(actor=user, act__in=acts, at__gte=start)
    return moved.aggregate(done=Count("incident", distinct=True))["done"]


def with_rework(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Marks (`is_rework`) what came back from a failed verification or was opened again, and has not moved since."""
    back = StatusChange.objects.filter(
        incident=OuterRef("pk"), act__in=(Act.REJECT, Act.REOPEN), at=OuterRef("state_entered_at")
    )
    return incidents.annotate(is_rework=Exists(back))


class _Held(NamedTuple):
    """Ids of open incidents: those that the user's parties lead, and those that they owe an answer on."""

    lead: list[int]
    owing: list[int]


def _held_by(user: User) -> _Held:
    """Asked for by itself: a department's assignments are many, its open incidents few, and the database can't tell."""
    posts = posts_with(user, Ability.HANDLE)
    if not posts:
        return _Held([], [])
    held = _of_parties(posts).filter(ended_at=None, incident__status__in=OPEN)
    rows = list(held.values_list("incident_id", "part", "state"))
    owing = (Assignment.State.ASSIGNED, Assignment.State.SIGNED)
    return _Held(
        lead=[pk for pk, part, _state in rows if part == Assignment.Part.LEAD],
        owing=[pk for pk, part, state in rows if part == Assignment.Part.ASSIST and state in owing],
    )


def _conditions(user: User) -> list[tuple[Need, Q]]:
    """The first condition that holds names the need. Each mirrors one standing of `incidents.standing`.

    What the user has no post for isn't asked: every page asks this, and Django takes longer to write a condition down
    than the database takes to answer it.
    """
    held = _held_by(user)
    found: list[tuple[Need, Q]] = []
    if dispatching := posts_with(user, Ability.DISPATCH):
        found.append((Need.TRIAGE, Q(status__in=(Status.REPORTED, Status.RETURNED)) & _where(dispatching)))
    if held.lead:
        found.append((Need.SIGN, Q(status=Status.DISPATCHED, pk__in=held.lead)))
    if held.owing:
        found.append((Need.ANSWER, Q(status__in=(Status.DISPATCHED, Status.IN_PROGRESS), pk__in=held.owing)))
    if approving := posts_with(user, Ability.APPROVE):
        here = Q(status=Status.IN_PROGRESS) & _where(approving)
        for need, requests in ((Need.DECIDE, SuspensionRequest.objects), (Need.EXTEND, ExtensionRequest.objects)):
            asked = requests.filter(decided_at=None).exclude(asked_by=user).values("incident")
            found.append((need, here & Q(pk__in=asked)))
    if held.lead:
        found.append((Need.HANDLE, Q(status=Status.IN_PROGRESS, pk__in=held.lead)))
    if verifying := posts_with(user, Ability.VERIFY):
        found.append((Need.VERIFY, Q(status=Status.HANDLED) & _where(verifying) & ~_hand_of(user)))
    return found


def _hand_of(user: User) -> Q:
    """Where the user had a hand in the work (`incidents.standing.had_a_hand`)."""
    of_incident = {"incident": OuterRef("pk")}
    serving = _of_parties(posts_of(user)).filter(ended_at=None, **of_incident)
    answered = Assignment.objects.filter(answered_by=user, **of_incident)
    acts = StatusChange.objects.filter(actor=user, act__in=HANDS_ON, **of_incident)
    return Q(Exists(serving)) | Q(Exists(answered)) | Q(Exists(acts))


def _where(posts: list[Post]) -> Q:
    """The places of the posts as a filter over incidents; everywhere is an empty one."""
    return area_filter(posts, own="unit_id") or Q()


def _of_parties(posts: list[Post]) -> QuerySet[Assignment]:
    """The assignments to the departments and units of these posts."""
    departments = [post.department_id for post in posts if post.department_id]
    units = [post.unit_id for post in posts if post.unit_id]
    return Assignment.objects.filter(Q(department__in=departments) | Q(unit__in=units))
