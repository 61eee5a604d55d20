"""What was reported, where it stands, and everything that happened to it."""

from incidents.models.assignment import Assignment
from incidents.models.attachment import Attachment
from incidents.models.category import Category
from incidents.models.history import Evaluation, Note, Result, StatusChange, SuspensionRequest
from incidents.models.incident import Incident, NumberSequence, Source
from incidents.models.sent_form import SentForm

__all__ = [
    "Assignment",
    "Attachment",
    "Category",
    "Evaluation",
    "Incident",
    "Note",
    "NumberSequence",
    "Result",
    "SentForm",
    "Source",
    "StatusChange",
    "SuspensionRequest",
]
