"""The places of a load as its page shows them: what is asked, and what was understood without asking.

What waits to be said is `runs.open_places`: the lines of these places are refused.
"""

from typing import Final

from django.db.models import Case, IntegerField, QuerySet, Value, When

from households.models import NamedPlaceRow, RegisterLoad

Found = NamedPlaceRow.Found
_OPEN: Final = (Found.UNKNOWN, Found.AMBIGUOUS, Found.OUTSIDE)
_SAID: Final = (Found.BY_USER, Found.NEW)


def askable_places(load: RegisterLoad) -> QuerySet[NamedPlaceRow]:
    """Those that wait, then those that were said and may be said otherwise; the ones with the most lines first."""
    last = Case(When(found__in=_SAID, then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = load.places.filter(found__in=(*_OPEN, *_SAID)).order_by(last, "-lines", "index")
    return rows.select_related("unit", "within__street", "within__community", "within__grid")


def found_places(load: RegisterLoad) -> QuerySet[NamedPlaceRow]:
    """Those that were understood by themselves, to be looked over."""
    rows = load.places.exclude(unit=None).exclude(found__in=_SAID)
    return rows.select_related("unit__street", "unit__community", "unit__grid").order_by("-lines", "index")
