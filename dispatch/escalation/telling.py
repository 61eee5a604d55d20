"""Climbing one rung: a notice to everybody who is reached, the groups of street and district, and a step of history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.inbox import tell_many
from dispatch.announcing import announce
from dispatch.escalation import wording
from dispatch.escalation.groups import KIND, Groups
from dispatch.escalation.plan import Rung
from dispatch.escalation.reach import Reach, Reached
from dispatch.models import Escalation, EscalationStep
from dispatch.models.escalation import Tier
from grids.models import Unit
from incidents.models import Incident


@dataclass
class Climb:
    """One incident on its ladder at one moment, and how to reach people."""

    escalation: Escalation
    incident: Incident
    due_at: datetime | None
    """When the nearest clock is due, or was."""
    reach: Reach
    groups: Groups

    @property
    def now(self) -> datetime:
        return self.groups.now

    def tell(self, position: int, rung: Rung) -> bool:
        """Tell whoever is reached at the rung; False when nobody is. Either way a step says so."""
        reached = self.reach.at(rung)
        self._keep(position, rung, reached)
        self._notify(rung.tier, reached)
        if rung.tier in {Tier.STREET, Tier.DISTRICT}:
            self._say_in_groups(rung.tier)
        return any(row.told for row in reached)

    def _keep(self, position: int, rung: Rung, reached: Sequence[Reached]) -> None:
        facts = {"escalation": self.escalation, "position": position, "tier": rung.tier, "role_id": rung.role_id}
        facts |= {"place": self._name_of(rung), "at": self.now}
        rows = [
            EscalationStep(post=row.post, told=row.told, stands_in=row.stands_in and row.told is not None, **facts)
            for row in reached
        ]
        EscalationStep.objects.bulk_create(rows or [EscalationStep(post=None, told=None, **facts)])

    def _notify(self, tier: Tier, reached: Sequence[Reached]) -> None:
        """One notice a person, however many posts lead to them; a post of one's own before one stood in for."""
        own = {row.told.pk for row in reached if row.told and not row.stands_in}
        stood_in = {row.told.pk for row in reached if row.told and row.stands_in} - own
        url = reverse("incidents:incident", args=[self.incident.number])
        for people, stands_in in ((own, False), (stood_in, True)):
            if people:
                text = wording.notice(self.escalation.kind, self.incident, self.due_at, tier=tier, stands_in=stands_in)
                tell_many(people, text, url=url, tone="warning", at=self.now)

    def _say_in_groups(self, tier: Tier) -> None:
        """Once a tier, however many of its rungs are climbed. Not sent any more once the incident is over."""
        street = self.incident.street if tier == Tier.STREET else None
        message = wording.group_message(self.escalation.kind, self.incident, self.due_at, self.now)
        listening = self.groups.listening(street)
        is_new = announce(
            message,
            kind=KIND,
            key=f"{KIND}:{self.escalation.pk}:{tier}",
            street=street,
            at=self.now,
            path=wording.path_of(self.incident),
            is_urgent=True,
            incident=self.incident,
            channels=listening,
        )
        if is_new:
            self.groups.told(listening, street)

    def _name_of(self, rung: Rung) -> str:
        """The place in words, as it is called when it is told."""
        if rung.unit is None:
            return self.incident.street.district.name
        places: list[Unit | None] = [self.incident.street, *self.incident.place]
        return next((unit.name for unit in places if unit and unit.pk == rung.unit), rung.place)
