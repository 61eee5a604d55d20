"""Whom an incident is best dispatched to: what the catalogue says, unless an app above this one knows better."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from incidents.models import Incident
from incidents.services.triage import Party


@dataclass(frozen=True, slots=True)
class Proposal:
    """A lead, assisting parties, and why. `because` empty: it is the catalogue's."""

    lead: Party | None
    assisting: Sequence[Party]
    because: str = ""


Proposer = Callable[[Incident, datetime], Proposal | None]
_proposers: Final[list[Proposer]] = []


def add_proposer(proposer: Proposer) -> None:
    """Ask this one before the catalogue; called once, while the apps are made ready."""
    if proposer not in _proposers:
        _proposers.append(proposer)


def proposal_for(incident: Incident, *, at: datetime) -> Proposal:
    """The first answer of those who may know better; otherwise what the catalogue says for the category."""
    answers = (proposer(incident, at) for proposer in _proposers)
    first = next((answer for answer in answers if answer is not None), None)
    return first or Proposal(incident.category.lead, list(incident.category.assisting.all()))
