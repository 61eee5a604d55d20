"""What each open incident needs of a user now: the heart of Today, of Tasks, of Verify and of the badges in the menu.

The same question that `incidents.standing` answers for one incident, asked of all of them in one query.
"""

from datetime import datetime

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from grids.models import Ability, Post
from grids.posts import area_filter, posts_of
from incidents.models import Assignment, Evaluation, Incident, StatusChange, SuspensionRequest
from incidents.selectors import visible_to
from incidents.services.closing import EVALUATION_WINDOW
from incidents.standing import HANDS_ON
from incidents.workflow import OPEN, Act, Status


class Need(models.TextChoices):
    """The one thing that an incident waits for from this user."""

    TRIAGE = "triage", _("Triage and dispatch")
    SIGN = "sign", _("Sign")
    ANSWER = "answer", _("Answer as assisting party")
    DECIDE = "decide", _("Decide on the suspension")
    HANDLE = "handle", _("Handle")
    VERIFY = "verify", _("Verify")


def needing(user: User) -> QuerySet[Incident]:
    """The open incidents that wait for `user`, each with its `need` (a value of `Need`)."""
    need = Case(*(When(when, then=Value(need)) for need, when in _conditions(user)), default=Value(""))
    return visible_to(user).filter(status__in=OPEN).annotate(need=need).exclude(need="")


def count_needs(user: User) -> dict[str, int]:
    """How many incidents wait for the user, by need; one query for every badge of the menu."""
    return dict(needing(user).order_by().values_list("need").annotate(Count("pk")))


def posts_with(user: User, ability: Ability) -> list[Post]:
    """Those of today's posts that give the ability."""
    return [post for post in posts_of(user) if ability in post.role.abilities]


def in_reach(user: User, ability: Ability) -> QuerySet[Incident]:
    """The visible incidents that lie where one of the user's posts gives the ability."""
    area = area_filter(posts_with(user, ability))
    return visible_to(user) if area is None else visible_to(user).filter(area)


def held_by(user: User) -> QuerySet[Assignment]:
    """The running assignments of the parties that the user handles for."""
    return _of_parties(posts_with(user, Ability.HANDLE)).filter(ended_at=None)


def reported_by(user: User) -> QuerySet[Incident]:
    """What the user reported and others still have in hand."""
    return visible_to(user).filter(reporter=user, status__in=OPEN)


def handed_on_by(user: User) -> QuerySet[Incident]:
    """What the user's parties reported as handled and nobody has verified yet."""
    lead = held_by(user).filter(part=Assignment.Part.LEAD).values("incident")
    return visible_to(user).filter(status=Status.HANDLED, pk__in=lead)


def sent_back_by(user: User) -> QuerySet[Incident]:
    """What the user's parties returned and the command room hasn't decided on yet."""
    ended = _of_parties(posts_with(user, Ability.HANDLE)).exclude(ended_at=None).values("incident")
    return visible_to(user).filter(status=Status.RETURNED, pk__in=ended)


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


def _conditions(user: User) -> list[tuple[Need, Q]]:
    """The first condition that holds names the need. Each mirrors one standing of `incidents.standing`."""
    held = held_by(user)
    lead = Q(pk__in=held.filter(part=Assignment.Part.LEAD).values("incident"))
    assist = held.filter(part=Assignment.Part.ASSIST, state__in=(Assignment.State.ASSIGNED, Assignment.State.SIGNED))
    asked = SuspensionRequest.objects.filter(decided_at=None).exclude(asked_by=user)
    return [
        (Need.TRIAGE, Q(status__in=(Status.REPORTED, Status.RETURNED)) & _where(user, Ability.DISPATCH)),
        (Need.SIGN, Q(status=Status.DISPATCHED) & lead),
        (
            Need.ANSWER,
            Q(status__in=(Status.DISPATCHED, Status.IN_PROGRESS)) & Q(pk__in=assist.values("incident")),
        ),
        (
            Need.DECIDE,
            Q(status=Status.IN_PROGRESS) & Q(pk__in=asked.values("incident")) & _where(user, Ability.APPROVE),
        ),
        (Need.HANDLE, Q(status=Status.IN_PROGRESS) & lead),
        (Need.VERIFY, Q(status=Status.HANDLED) & _where(user, Ability.VERIFY) & ~_hand_of(user)),
    ]


def _hand_of(user: User) -> Q:
    """Where the user had a hand in the work (`incidents.standing.had_a_hand`)."""
    own = Assignment.objects.filter(incident=OuterRef("pk"))
    acts = StatusChange.objects.filter(incident=OuterRef("pk"), actor=user, act__in=HANDS_ON)
    serving = Q(pk__in=_of_parties(posts_of(user)).filter(ended_at=None).values("incident"))
    return serving | Q(Exists(own.filter(answered_by=user))) | Q(Exists(acts))


def _where(user: User, ability: Ability) -> Q:
    """The places where the user's posts give the ability, as a filter over incidents; everywhere is an empty one."""
    return area_filter(posts_with(user, ability)) or Q()


def _of_parties(posts: list[Post]) -> QuerySet[Assignment]:
    """The assignments to the departments and units of these posts."""
    departments = [post.department_id for post in posts if post.department_id]
    units = [post.unit_id for post in posts if post.unit_id]
    return Assignment.objects.filter(Q(department__in=departments) | Q(unit__in=units))
