"""What people decide is noted on what was suggested to them."""

from typing import Any

from incidents.models import StatusChange
from incidents.signals import incident_moved
from incidents.workflow import Act
from tagging.models import Suggestion

_DECIDES = (Act.TRIAGE, Act.DISPATCH)


def connect() -> None:
    incident_moved.connect(note_decision, dispatch_uid="tagging.receivers.note_decision")


def note_decision(sender: Any, change: StatusChange, **kwargs: Any) -> None:
    """Whoever sorts or dispatches it stands by its category, whether that was suggested or not. A rule does not."""
    if change.act in _DECIDES and change.actor_id is not None:
        Suggestion.objects.filter(incident=change.incident_id).update(
            chosen=change.incident.category_id, decided_at=change.at
        )
