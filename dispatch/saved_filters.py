"""Filters of the queue that one person keeps under a name of their own. Nobody else sees them."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.models import User
from dispatch.models import SavedFilter

MOST: Final = 12
"""More tabs than that are a list to search, not a row to choose from."""
FIELDS: Final = ("tab", "place", "level", "group", "number")
"""What of the queue's address belongs to a filter, in this order."""
_LONGEST_NAME: Final = 20
_LONGEST_QUERY: Final = 300


def in_order(query: Mapping[str, str]) -> str:
    """The part of an address that is a filter, the same for the same filter."""
    return urlencode([(name, query[name]) for name in FIELDS if query.get(name)])


@transaction.atomic
def keep_filter(name: str, *, query: Mapping[str, str], actor: User) -> SavedFilter:
    """Keep the filter under that name; the same again is the one that is there.

    Raises `Refused` without a name, for a name that another filter has, for a filter that narrows nothing, and beyond
    `MOST`.
    """
    name, wanted = _name(name), in_order(query)
    if len(wanted) > _LONGEST_QUERY or not set(FIELDS[1:]) & {field for field in FIELDS if query.get(field)}:
        raise Refused(_("Filter the queue first: there is nothing to save."), code="empty", field="name")
    # Two at once: one waits for the other here, and then counts what it kept.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    own = SavedFilter.objects.filter(user=actor)
    if same := own.filter(name=name, query=wanted).first():
        return same
    if own.count() >= MOST:
        message = _("You keep %(limit)d filters already: delete one first.")
        raise Refused(message % {"limit": MOST}, code="many", field="name")
    return _written(SavedFilter(user=actor, name=name, query=wanted))


@transaction.atomic
def rename_filter(row: SavedFilter, *, name: str, actor: User) -> SavedFilter:
    """Give an own filter another name. Raises `Refused` without one, or for one that another filter has."""
    row = SavedFilter.objects.select_for_update(no_key=True).get(pk=row.pk, user=actor)
    row.name = _name(name)
    return _written(row)


def delete_filter(row: SavedFilter, *, actor: User) -> None:
    """Delete an own filter; one that is gone already stays gone."""
    SavedFilter.objects.filter(pk=row.pk, user=actor).delete()


def _name(text: str) -> str:
    name = " ".join(text.replace("\x00", "").split())
    if not name:
        raise Refused(_("Give the filter a name."), code="required", field="name")
    if len(name) > _LONGEST_NAME:
        message = _("Too long: at most %(limit)d characters.") % {"limit": _LONGEST_NAME}
        raise Refused(message, code="long", field="name")
    return name


def _written(row: SavedFilter) -> SavedFilter:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as taken:
        message = _("You have a filter of that name already.")
        raise Refused(message, code="taken", field="name") from taken
    return row
