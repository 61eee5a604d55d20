"""Supervision items on a screen: whose, with which clock, and the rate of rectified (整改率)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, TypedDict

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from dispatch.calls import within
from dispatch.models import Deadline, Supervision
from grids.models import Ability
from grids.models.unit import localized
from grids.posts import posts_of, posts_with
from incidents.models import Incident

State = Supervision.State
OPEN: Final = (State.ISSUED, State.RECTIFIED)
_WATCHING: Final = {Ability.SUPERVISE, Ability.DISPATCH, Ability.CLOSE_OUT}


class Clocked(TypedDict):
    """What `with_clock` adds: the item's present or last clock."""

    due_at: datetime | None
    met_at: datetime | None


def visible_to(user: User) -> QuerySet[Supervision]:
    """The items of the areas that the user supervises or dispatches in, those issued to the user's own departments and
    units, and those that the user issued. Everything else does not exist for the user."""
    posts = posts_of(user)
    area = within(post for post in posts if _WATCHING & set(post.role.abilities))
    if area is None:
        return Supervision.objects.all()
    return Supervision.objects.filter(area | owed_at(user) | Q(issued_by=user))


def owed_at(user: User) -> Q:
    """The items of the departments and units that the user signs and handles for."""
    posts = posts_with(user, Ability.HANDLE)
    departments = [post.department_id for post in posts if post.department_id]
    return Q(department__in=departments) | Q(unit__in=[post.unit_id for post in posts if post.unit_id])


def get_visible_or_404(user: User, number: str) -> Supervision:
    """The item with this number. A foreign one and a missing one answer alike."""
    item = with_clock(visible_to(user)).filter(number=number).select_related("issued_by").first()
    if item is None:
        raise Http404(_("No supervision item with this number is known here."))
    return item


def with_clock(items: QuerySet[Supervision]) -> QuerySet[Any]:
    """With everything that a row shows: type, target, and the moments of the clock that counts last."""
    last = Deadline.objects.filter(supervision=OuterRef("pk")).order_by("-pk")
    places = ("street", "unit__street", "unit__community", "unit__grid", "unit__micro_grid", "incident__unit")
    return items.select_related("issue_type", "department", *places).annotate(
        due_at=Subquery(last.values("due_at")[:1]), met_at=Subquery(last.values("met_at")[:1])
    )


def of_incident(user: User, incident: Incident) -> list[Any]:
    """What was demanded about an incident, the newest first."""
    return list(with_clock(visible_to(user).filter(incident=incident)))


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of the items issued are done: 856 of 856 is 100.00 %. Without any there is no rate, not 0 %."""

    name: str
    issued: int
    done: int

    @property
    def percent(self) -> str:
        if not self.issued:
            return "—"
        share = Decimal(100 * self.done) / self.issued
        return f"{share.quantize(Decimal('0.01'), ROUND_HALF_UP)} %"


def rates_by_type(items: QuerySet[Supervision]) -> list[Rate]:
    name, name_en = "issue_type__name", "issue_type__name_en"
    rows = _counted(items, name, name_en)
    return [Rate(localized(row[name], row[name_en]), row["issued"], row["done"]) for row in rows]


def rates_by_street(items: QuerySet[Supervision]) -> list[Rate]:
    return [Rate(row["street__name"], row["issued"], row["done"]) for row in _counted(items, "street__name")]


def total(name: str, rates: Iterable[Rate]) -> Rate:
    rows = list(rates)
    return Rate(name, sum(row.issued for row in rows), sum(row.done for row in rows))


def _counted(items: QuerySet[Supervision], *by: str) -> Iterable[dict[str, Any]]:
    """Issued and done by the columns of `by`, the largest first. What was withdrawn counts in neither."""
    counted = items.exclude(state=State.WITHDRAWN).order_by().values(*by)
    done = Count("pk", filter=Q(state=State.DONE))
    return counted.annotate(issued=Count("pk"), done=done).order_by("-issued", *by)
