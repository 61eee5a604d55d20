"""What stands on the one-page brief: the five numbers, the five places, what burns, in the words of an office.

Numbers, kinds, places, parties and times; no description, no person, no door.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from clock import said
from dispatch.day_report.content import Table, day_in_words, moment_in_words
from dispatch.overview.leader import LastClose, Overview
from dispatch.templatetags.work import holder
from incidents.models import Incident


@dataclass(frozen=True, slots=True)
class Brief:
    """One sheet: title, moment, a sentence or two, and three tables; `more` cases burn besides those listed."""

    title: str
    cut_off: str
    sentences: Sequence[str]
    numbers: Table
    places: Table
    burning: Table
    more: int = 0


def brief_of(place: str, found: Overview) -> Brief:
    """The brief of a place; pure but for the names that its rows have loaded."""
    return Brief(
        title=_("Brief of %(place)s, %(day)s") % {"place": place, "day": day_in_words(timezone.localdate(found.at))},
        cut_off=_("As of %(time)s") % {"time": moment_in_words(found.at)},
        sentences=[*_said(found), *([close_in_words(found.close)] if found.close else [])],
        numbers=_numbers(found),
        places=_places(found),
        burning=_burning(found),
        more=max(0, found.burning_in_all - len(found.burning)),
    )


def _said(found: Overview) -> list[str]:
    now = {number.name: number.now for number in found.numbers}
    if not now["open"]:
        return [_("Nothing is open.")]
    open_ = ngettext("%(open)d case is open", "%(open)d cases are open", now["open"])
    rest = _("%(overdue)d overdue, %(serious)d of level 3 and up; %(due)d are due before the close-out.")
    return [pgettext("between clauses", ", ").join((open_, rest)) % now]


def close_in_words(close: LastClose) -> str:
    """How many were closed in time at the latest close-out, and at that of a week before."""
    facts = {"day": day_in_words(close.day), "due": close.due, "closed": close.due_closed, "share": close.share}
    if not close.due:
        return _("At the close-out of %(day)s nothing was due.") % facts
    if not close.share_before:
        return _("At the close-out of %(day)s %(closed)d of %(due)d due were closed in time (%(share)s).") % facts
    return _(
        "At the close-out of %(day)s %(closed)d of %(due)d due were closed in time "
        "(%(share)s; a week before %(before)s)."
    ) % {**facts, "before": close.share_before}


def _numbers(found: Overview) -> Table:
    headers = [
        pgettext("column", "Figure"),
        pgettext("of a figure", "Now"),
        _("A week ago"),
        pgettext("of a figure", "Change"),
    ]
    rows = [[each.label, str(each.now), str(each.before), each.change_in_words] for each in found.numbers]
    then = _("Compared with %(time)s") % {"time": moment_in_words(found.then)}
    return Table(then, headers, rows)


def _places(found: Overview) -> Table:
    rows = [
        [str(index), place.name, pgettext("between items", ", ").join(place.need.reasons)]
        for index, place in enumerate(found.places, start=1)
    ]
    return Table(_("Places that need help"), [pgettext("column", "No."), _("Place"), _("Why")], rows)


def _burning(found: Overview) -> Table:
    headers = [
        _("Number"),
        _("Kind"),
        _("Level"),
        _("Place"),
        _("Held by"),
        pgettext("column", "Reported"),
        _("Late by"),
    ]
    return Table(_("Most urgent"), headers, [_case(each, found) for each in found.burning])


def _case(incident: Incident, found: Overview) -> list[str]:
    due_at = incident.due_at  # type: ignore[attr-defined]
    late = said.duration(found.at - due_at) if due_at and due_at < found.at else ""
    reported = timezone.localtime(incident.reported_at)
    return [
        incident.number,
        str(incident.category),
        str(incident.level),
        incident.place_name,
        str(holder(incident)),
        f"{reported:%m-%d %H:%M}",
        late,
    ]
