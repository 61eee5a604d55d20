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


Proposer = Callable[[Sequence[Incident], datetime], Sequence[Proposal | None]]
"""One answer for each incident, in their order; None where it knows no better."""
_proposers: Final[list[Proposer]] = []


def add_proposer(proposer: Proposer) -> None:
    """Ask this one before the catalogue; called once, while the apps are made ready."""
    if proposer not in _proposers:
        _proposers.append(proposer)


def proposal_for(incident: Incident, *, at: datetime) -> Proposal:
    """The first answer of those who may know better; otherwise what the catalogue says for the category."""
    return proposals_for([incident], at=at)[0]


def proposals_for(incidents: Sequence[Incident], *, at: datetime) -> list[Proposal]:
    """The same of many at once; no more queries than for one when the categories come with their departments."""
    answers: list[Proposal | None] = [None] * len(incidents)
    for proposer in _proposers:
        answers = [known or new for known, new in zip(answers, proposer(incidents, at), strict=True)]
    return [answer or _of_catalogue(incident) for incident, answer in zip(incidents, answers, strict=True)]


def _of_catalogue(incident: Incident) -> Proposal:
    return Proposal(incident.category.lead, list(incident.category.assisting.all()))
