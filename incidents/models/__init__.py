"""What was reported, where it stands, and everything that happened to it."""

from incidents.models.assignment import Assignment
from incidents.models.attachment import Attachment
from incidents.models.category import Category
from incidents.models.history import Evaluation, Note, Result, StatusChange, SuspensionRequest
from incidents.models.incident import Incident, NumberSequence, Source

__all__ = [
    "Assignment",
    "Attachment",
    "Category",
    "Evaluation",
    "Incident",
    "Note",
    "NumberSequence",
    "Result",
    "Source",
    "StatusChange",
    "SuspensionRequest",
]
