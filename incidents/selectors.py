"""Which incidents, in which order, for whom."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from grids.models import Ability, Kind, Unit
from grids.posts import area_filter, posts_of
from incidents.models import Assignment, Attachment, Category, Incident
from incidents.workflow import Act

# Holding one of these makes a post's area visible; configuring, auditing and loading registers do not.
_WORKING = {
    Ability.REPORT,
    Ability.DISPATCH,
    Ability.HANDLE,
    Ability.VERIFY,
    Ability.APPROVE,
    Ability.EVALUATE,
    Ability.CLOSE_OUT,
    Ability.SEE_BOARD,
}
PLACE = ("unit", "street", "community", "grid", "micro_grid")


def visible_to(user: User) -> QuerySet[Incident]:
    """The incidents that a user may see: those of the areas served, those assigned to the user's department or unit,
    and those reported by the user. Everything else does not exist for the user."""
    posts = [post for post in posts_of(user) if _WORKING & set(post.role.abilities)]
    area = area_filter(posts, own="unit_id")
    if area is None:
        return Incident.objects.all()
    departments = [post.department_id for post in posts if post.department_id]
    units = [post.unit_id for post in posts if post.unit_id]
    held = Assignment.objects.filter(Q(department__in=departments) | Q(unit__in=units)).values("incident")
    return Incident.objects.filter(area | Q(reporter=user) | Q(pk__in=held))


def with_place(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """With everything that a list row or a page head shows: place, category, and who holds it."""
    holders = Assignment.objects.filter(ended_at=None).select_related("department", "unit")
    return incidents.select_related(*PLACE, "category", "reporter").prefetch_related(
        Prefetch("assignments", queryset=holders)
    )


def get_visible_or_404(user: User, number: str) -> Incident:
    """The incident with this number. A foreign one and a missing one answer alike."""
    incident = visible_to(user).filter(number=number).select_related(*PLACE, "category", "reporter").first()
    if incident is None:
        raise Http404(_("No incident with this number is known here."))
    return incident


def numbered(incidents: QuerySet[Incident], numbers: Iterable[str]) -> QuerySet[Incident]:
    """Those of these numbers, as an address or a form gives them: what can't be asked of the database is no number."""
    return incidents.filter(number__in=[number for number in numbers if "\x00" not in number])


def current_categories() -> QuerySet[Category]:
    """The catalogue as it is valid now, in the order of its codes."""
    return Category.objects.filter(ended_at=None).order_by("code")


def reportable_categories() -> QuerySet[Category]:
    """What can be reported under now."""
    return current_categories().exclude(level=None)


def in_unit(incidents: QuerySet[Incident], unit: Unit) -> QuerySet[Incident]:
    """Those of a unit and everything below it, by the frozen place columns."""
    if unit.kind in {Kind.STREET, Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID}:
        return incidents.filter(**{unit.kind: unit})
    if unit.kind == Kind.AREA:  # areas have no column of their own: their communities have
        return incidents.filter(community__in=Unit.objects.filter(parent=unit))
    return incidents.filter(unit=unit)


def category_reported(incident: Incident) -> str:
    """The code that its reporter chose, whatever the command room has set since."""
    changes = incident.changes.filter(act=Act.TRIAGE, data__has_key="category").order_by("pk")
    first = changes.first()
    return first.data["category"][0] if first else incident.category.code


@dataclass(frozen=True, slots=True)
class Files:
    """What lies with an incident, by what it is for."""

    as_reported: list[Attachment]
    of_handling: list[Attachment]
    papers: list[Attachment]


def files_of(incident: Incident) -> Files:
    """The photos of the report and its supplements, those that came later, and the papers; as loaded, when they are."""
    files = sorted(incident.attachments.all(), key=lambda file: file.pk)
    photos = [file for file in files if file.kind == Attachment.Kind.PHOTO]
    forms = {incident.client_uuid}
    if any(file.draft_key not in forms for file in photos):
        forms |= {note.client_uuid for note in incident.notes.all() if note.client_uuid}
    reported = [file for file in photos if file.draft_key in forms]
    papers = [file for file in files if file.kind == Attachment.Kind.PAPER]
    return Files(reported, [file for file in photos if file not in reported], papers)
