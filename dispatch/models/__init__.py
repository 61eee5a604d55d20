"""By when: clocks, the daily close-out, and the messages that tell people."""

from dispatch.models.close_out import DayClose, DayCloseLine
from dispatch.models.deadline import Deadline, LimitRule
from dispatch.models.outbox import Channel, DigestRun, OutboxMessage

__all__ = ["Channel", "DayClose", "DayCloseLine", "Deadline", "DigestRun", "LimitRule", "OutboxMessage"]
