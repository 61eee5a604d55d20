"""How an incident stood at a moment, told from its history: the same answer at that moment and days later.

History rows are only appended, so what they say about 16:00 does not change when somebody acts at 16:01.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from dispatch.models import Deadline
from dispatch.models.deadline import Clock
from dispatch.shifts import due_as_of
from incidents.models import Assignment, Incident, StatusChange
from incidents.workflow import OPEN, Act, Status


def with_history(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Loaded with everything that `Past` reads, in six queries for any number of incidents."""
    related = incidents.select_related("category", "community", "street").defer("description")
    return related.prefetch_related("changes", "deadlines__shifts", "assignments__department", "assignments__unit")


@dataclass(frozen=True, slots=True)
class Past:
    """One incident as it stood at `moment`; what happened at that very moment had happened."""

    incident: Incident
    moment: datetime

    @property
    def changes(self) -> list[StatusChange]:
        """What had happened by then, in order."""
        return [change for change in self.incident.changes.all() if change.at <= self.moment]

    @property
    def status(self) -> Status | None:
        """None: not reported yet."""
        changes = self.changes
        return Status(changes[-1].new) if changes else None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def level(self) -> int:
        """The level of then: what the first later triage changed it from, else the present one."""
        for change in self.incident.changes.all():
            if change.act == Act.TRIAGE and change.at > self.moment and "level" in change.data:
                return int(change.data["level"][0])
        return self.incident.level

    @property
    def lead(self) -> Assignment | None:
        """The lead party of then."""
        held = [row for row in self.incident.assignments.all() if row.part == Assignment.Part.LEAD]
        return next((row for row in held if row.assigned_at <= self.moment and self._lasts(row.ended_at)), None)

    @property
    def due_at(self) -> datetime | None:
        """The nearest due moment among the clocks that ran; None when none ran or they stood still."""
        if self.status == Status.SUSPENDED:
            return None
        return min((due_as_of(row, self.moment) for row in self.running()), default=None)

    def running(self, clock: Clock | None = None) -> list[Deadline]:
        """The clocks that were set and neither met nor cancelled."""
        return [row for row in self.set_clocks(clock) if self._lasts(row.met_at)]

    def set_clocks(self, clock: Clock | None = None) -> list[Deadline]:
        """The clocks that were set and not cancelled, met or not."""
        rows = [row for row in self.incident.deadlines.all() if clock in {None, row.clock}]
        return [row for row in rows if _set_at(row) <= self.moment and self._lasts(row.cancelled_at)]

    def closed_since(self, earlier: datetime) -> bool:
        """True when it was closed after `earlier` and still was at the moment."""
        closings = [row for row in self.changes if row.new == Status.CLOSED != row.old and row.at > earlier]
        return bool(closings) and self.status in {Status.CLOSED, Status.ARCHIVED}

    def _lasts(self, ended_at: datetime | None) -> bool:
        return ended_at is None or ended_at > self.moment


def _set_at(deadline: Deadline) -> datetime:
    """When the row was made; a limit set by triage counts from the report but was not there before."""
    set_at = deadline.rule.get("set_at")
    return datetime.fromisoformat(set_at) if set_at else deadline.starts_at
