"""Which loads, for whom, and who may load where."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.errors import Forbidden
from accounts.models import User
from grids.models import Ability, Kind, Post, Unit
from grids.posts import area_filter, covers, has_ability, posts_of, posts_with
from households.models import NamedPlaceRow, RegisterLoad

SCOPES = (Kind.STREET, Kind.COMMUNITY, Kind.GRID, Kind.MICRO_GRID)


def visible_to(user: User) -> QuerySet[RegisterLoad]:
    """The loads for places where the user may load today, and those that the user made."""
    where = area_filter(_loading_posts(user))
    if where is None:
        return RegisterLoad.objects.all()
    return RegisterLoad.objects.filter(Q(made_by=user) | Q(scope__in=Unit.objects.filter(where, kind__in=SCOPES)))


def get_visible_or_404(user: User, key: UUID) -> RegisterLoad:
    """One load by its key; a foreign one doesn't exist."""
    load = visible_to(user).select_related("scope", "made_by", "confirmed_by").filter(key=key).first()
    if load is None:
        raise Http404(_("There is no such load here."))
    return load


def open_places(load: RegisterLoad) -> QuerySet[NamedPlaceRow]:
    """The places of a load that nobody has found or said yet, those with the most lines first."""
    Found = NamedPlaceRow.Found
    rows = load.places.filter(found__in=(Found.UNKNOWN, Found.AMBIGUOUS, Found.OUTSIDE))
    return rows.select_related("within__street", "within__community", "within__grid").order_by("-lines", "index")


def check_may_load(actor: User | None, scope: Unit | None) -> None:
    """Refuse who may not load for that place (None: the whole district). No actor is the operator at the machine."""
    if actor is None:
        return
    if scope is None:
        is_allowed = any(post.district_id for post in _loading_posts(actor))
    else:
        is_allowed = has_ability(actor, Ability.LOAD_REGISTER, scope)
    if not is_allowed:
        raise Forbidden(_("Loading registers for this place is for others to do."), code="who", field="scope")


def check_may_add(actor: User | None, scope: Unit | None) -> None:
    """Refuse who may load there, but not add units to the tree."""
    if actor is not None and not any(
        Ability.MANAGE_TREE in post.role.abilities and (post.district_id if scope is None else covers(post, scope))
        for post in posts_of(actor)
    ):
        text = _("You may load registers here, but not add units to the tree.")
        raise Forbidden(text, code="who", field="add_places")


def _loading_posts(user: User) -> list[Post]:
    return posts_with(user, Ability.LOAD_REGISTER)
