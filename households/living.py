"""Who lives here on a day: one rule for every list, number and export."""

from datetime import date

from django.db.models import Q


def living(on: date, *, at: str = "") -> Q:
    """Residents who live in their household on that day. `at` leads to the resident from the model that is filtered.

    The day of moving out is the first day away. Whoever moves in later is not here yet. Doors out of use hold nobody.
    """
    return present(on, at=at) & Q(**{f"{at}household__unit__retired_at": None})


def present(on: date, *, at: str = "") -> Q:
    """The same by the resident's own row, for doors that are known to be in use."""
    out, into = f"{at}moved_out_on", f"{at}moved_in_on"
    here = Q(**{out: None}) | Q(**{f"{out}__gt": on})
    return here & (Q(**{into: None}) | Q(**{f"{into}__lte": on}))


def holding(on: date, *, at: str = "") -> Q:
    """Tags of kinds in use that hold on that day: the day on which a tag ends is the first without it."""
    ends, kind = f"{at}until", f"{at}kind__is_active"
    return (Q(**{ends: None}) | Q(**{f"{ends}__gt": on})) & Q(**{f"{at}since__lte": on, kind: True})
