"""What is reported is read soon; what people decide is noted on what was suggested to them."""

from typing import Any

from incidents.models import StatusChange
from incidents.signals import incident_moved
from incidents.workflow import Act
from tagging.hints import hint_soon
from tagging.models import Suggestion

_DECIDES = (Act.TRIAGE, Act.DISPATCH)


def connect() -> None:
    incident_moved.connect(read_report, dispatch_uid="tagging.receivers.read_report")
    incident_moved.connect(note_decision, dispatch_uid="tagging.receivers.note_decision")


def read_report(sender: Any, change: StatusChange, **kwargs: Any) -> None:
    """The command room shall see at once what it may be."""
    if change.act == Act.REPORT:
        hint_soon()


def note_decision(sender: Any, change: StatusChange, **kwargs: Any) -> None:
    """Whoever sorts or dispatches it stands by its category, whether that was suggested or not. A rule does not.

    Noted on what stood beside it then: an incident that waited through three trainings counts once.
    """
    if change.act in _DECIDES and change.actor_id is not None:
        Suggestion.objects.filter(hints__incident=change.incident_id).update(
            chosen=change.incident.category_id, decided_at=change.at
        )
