"""Who held an incident, and for how long: parties, never people. Pure: no clock, no database.

Until there is a lead party, and after a return, it is the command room; once the work is reported as done, it is
whoever verifies. Each hand-over is a row of the history, so the answer is beyond argument (handbook, section 6 b).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from incidents.models import Assignment, Incident
from incidents.workflow import ENDED, Status


class Move(NamedTuple):
    """From `at` on the incident stood at `status`."""

    at: datetime
    status: str


class Lead(NamedTuple):
    """A lead party, from when to when; without an end it is the present one."""

    party: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Spell:
    """One stretch of time in one hand. `part` is what the holder was: `room`, `lead` or `verifiers`."""

    part: str
    holder: str
    since: datetime
    until: datetime
    is_present: bool = False
    stood_still: timedelta = timedelta()
    """How much of it the incident was suspended."""

    @property
    def length(self) -> timedelta:
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class Stretch:
    """A spell as a piece of the strip: where it begins and how wide it is, in hundredths of the whole."""

    spell: Spell
    x: float
    width: float


def spells_of(incident: Incident, *, at: datetime) -> list[Spell]:
    """The spells of an incident whose changes and assignments (with their parties) are loaded."""
    moves = [Move(change.at, change.new) for change in sorted(incident.changes.all(), key=lambda change: change.pk)]
    return spells(moves, leads_of(incident), at=at)


def leads_of(incident: Incident) -> list[Lead]:
    """The lead parties that it ever had (load the assignments with their parties)."""
    return [
        Lead(str(row.party), row.assigned_at, row.ended_at)
        for row in incident.assignments.all()
        if row.part == Assignment.Part.LEAD
    ]


def spells(moves: Sequence[Move], leads: Iterable[Lead], *, at: datetime) -> list[Spell]:
    """Who held it when, in order. What ended within a minute, as before an automatic dispatch, leaves no trace."""
    leads, found = list(leads), list[Spell]()
    ends = [*(move.at for move in moves[1:]), at]
    for index, (move, until) in enumerate(zip(moves, ends, strict=True)):
        is_last = index == len(moves) - 1
        if move.status in ENDED or (until - move.at < timedelta(minutes=1) and not is_last):
            continue
        part, holder = holder_of(move, leads)
        still = until - move.at if move.status == Status.SUSPENDED else timedelta()
        spell = Spell(part, holder, move.at, until, is_present=is_last, stood_still=still)
        if found and _goes_on(found[-1], spell):
            found[-1] = replace(spell, since=found[-1].since, stood_still=found[-1].stood_still + still)
        else:
            found.append(spell)
    return found


def strip(spells: Sequence[Spell]) -> list[Stretch]:
    """The spells side by side; each is wide enough to be seen."""
    whole = sum((spell.length for spell in spells), timedelta())
    if not whole:
        return []
    wide = [max(1.0, 100 * (spell.length / whole)) for spell in spells]
    scale, x, found = 100 / sum(wide), 0.0, []
    for spell, width in zip(spells, wide, strict=True):
        found.append(Stretch(spell, round(x, 2), round(width * scale, 2)))
        x += width * scale
    return found


def holder_of(move: Move, leads: Iterable[Lead]) -> tuple[str, str]:
    """In whose hand an open incident was after a move: what the holder was, and its name."""
    if move.status == Status.HANDLED:
        return "verifiers", _("Verifiers")
    held = (lead for lead in leads if lead.since <= move.at and (lead.until is None or lead.until > move.at))
    lead = next(held, None)
    if lead is None or move.status in {Status.REPORTED, Status.RETURNED}:
        return "room", _("Command room")
    return "lead", lead.party


def _goes_on(before: Spell, spell: Spell) -> bool:
    """True when it stayed in the same hand, but for less than a minute between."""
    same = (before.part, before.holder) == (spell.part, spell.holder)
    return same and spell.since - before.until < timedelta(minutes=1)
