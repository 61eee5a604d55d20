"""By when: clocks, the daily close-out, who is called when time runs out, and the messages that tell people."""

from dispatch.models.audit import ClockAudit
from dispatch.models.calendar import CalendarDay, WorkingHours
from dispatch.models.close_out import DayClose, DayCloseLine, DayCloseReason, DayWarning
from dispatch.models.command import Command, CommandReceipt
from dispatch.models.deadline import Deadline, DeadlineShift, ExtensionRequest, LimitRule
from dispatch.models.dispatch_rule import DispatchRule
from dispatch.models.duty import Handover, Shift, ShiftSwap
from dispatch.models.escalation import Escalation, EscalationStep, LadderRung
from dispatch.models.outbox import Channel, DigestRun, OutboxAttempt, OutboxMessage
from dispatch.models.saved_filter import SavedFilter
from dispatch.models.supervision import Supervision, SupervisionStep, SupervisionType
from dispatch.models.whistle import Whistle, WhistleParty, WhistleStep

__all__ = [
    "CalendarDay",
    "Channel",
    "ClockAudit",
    "Command",
    "CommandReceipt",
    "DayClose",
    "DayCloseLine",
    "DayCloseReason",
    "DayWarning",
    "Deadline",
    "DeadlineShift",
    "DigestRun",
    "DispatchRule",
    "Escalation",
    "EscalationStep",
    "ExtensionRequest",
    "Handover",
    "LadderRung",
    "LimitRule",
    "OutboxAttempt",
    "OutboxMessage",
    "SavedFilter",
    "Shift",
    "ShiftSwap",
    "Supervision",
    "SupervisionStep",
    "SupervisionType",
    "Whistle",
    "WhistleParty",
    "WhistleStep",
    "WorkingHours",
]
