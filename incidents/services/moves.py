"""The one way in which an incident moves: lock, check against the table, write, append, tell.

Every act of `incidents.services` opens a `Step`, does its own part inside it and finishes it. Nothing else writes
`Incident.status`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

import clock
from grids.models import Post
from grids.posts import label
from incidents import workflow
from incidents.actors import Actor, Resident, account_of
from incidents.models import Assignment, Incident, StatusChange
from incidents.signals import incident_moved
from incidents.standing import Standing, standing_of
from incidents.workflow import Act, Status


def locked(incident: Incident) -> Incident:
    """The incident as it stands now, with its parties, locked until the transaction ends."""
    rows = Incident.objects.select_for_update(of=("self",), no_key=True).select_related("unit", "category")
    parties = Assignment.objects.select_related("department", "unit")
    return rows.prefetch_related(Prefetch("assignments", queryset=parties)).get(pk=incident.pk)


@dataclass(slots=True)
class Step:
    """One act in progress on a locked incident."""

    incident: Incident
    act: Act
    actor: Actor
    at: datetime
    standing: Standing
    last: StatusChange | None

    def repeats(self, *, note: str = "", data: Mapping[str, Any] | None = None) -> bool:
        """True when the same person has just done the same act with the same content: a double click, a form sent
        again. Such a call changes nothing and adds no history.
        """
        last = self.last
        if last is None or last.act != self.act or not _is_by(last, self.actor):
            return False
        return last.note == note and last.data == dict(data or {})

    def check(self, **facts: Any) -> None:
        """Raise `Refused` or `Forbidden` unless the table allows the act now, with these facts."""
        workflow.check_move(self.incident.status, self.act, standing=self.standing, facts=facts)

    @property
    def post(self) -> Post | None:
        """The post that the actor acts in: the first standing that the act accepts."""
        accepted = workflow.TABLE[self.act].who
        return next((post for who, post in self.standing.items() if who in accepted and post), None)

    def finish(
        self, *, note: str = "", data: Mapping[str, Any] | None = None, also: Mapping[str, Any] | None = None
    ) -> Incident:
        """Write the new status, append history and tell those above. `also`: other fields that change with it."""
        incident, old = self.incident, Status(self.incident.status)
        new = workflow.target(self.act, old)
        changes: dict[str, Any] = dict(also or {})
        if workflow.TABLE[self.act].to is not None:
            changes |= {"status": new, "state_entered_at": self.at}
        for field, value in changes.items():
            setattr(incident, field, value)
        if changes:
            incident.save(update_fields=list(changes))
        append(incident, self.act, old=old, new=new, actor=self.actor, post=self.post, at=self.at, note=note, data=data)
        # The parties were read before the act; whoever asks the returned incident for them shall get today's.
        getattr(incident, "_prefetched_objects_cache", {}).pop("assignments", None)
        return incident


def begin(incident: Incident, act: Act, *, actor: Actor, at: datetime | None = None) -> Step:
    """Lock the incident and read what the act needs: the actor's standing and the last row of history."""
    at = at or clock.now()
    incident = locked(incident)
    standing = standing_of(actor, incident, at=at, among=workflow.TABLE[act].who)
    last = StatusChange.objects.filter(incident=incident).order_by("pk").last()
    return Step(incident, act, actor, at, standing, last)


def _is_by(change: StatusChange, actor: Actor) -> bool:
    return change.actor_id == (actor.pk if actor else None) and change.by_resident == isinstance(actor, Resident)


def append(
    incident: Incident,
    act: Act,
    *,
    old: str,
    new: str,
    actor: Actor,
    post: Post | None,
    at: datetime,
    note: str = "",
    data: Mapping[str, Any] | None = None,
) -> StatusChange:
    """Append one row of history and send `incident_moved` in the same transaction."""
    change = StatusChange.objects.create(
        incident=incident,
        act=act,
        old=old,
        new=new,
        actor=account_of(actor),
        by_resident=isinstance(actor, Resident),
        post=post,
        post_label=label(post) if post else "",
        at=at,
        note=note,
        data=dict(data or {}),
    )
    incident_moved.send(sender=Incident, change=change)
    return change
