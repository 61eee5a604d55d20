"""The hourly audit: look at every rule, put right what is safe, look again, and keep what was found.

Beat asks each minute whether the hour's audit is owed. Once it is kept, its row says so; nobody can change it.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

import clock
from dispatch import rules
from dispatch.audit import checks, repairs
from dispatch.audit.finding import Finding
from dispatch.faults import log_failure
from dispatch.models import ClockAudit

logger = logging.getLogger(__name__)

FROM_MINUTE: Final = 15
"""Ten minutes after the hour's digest should have gone out, and a quarter of an hour after the close-out."""
STALE: Final = timedelta(minutes=75)
"""An audit that is older is no audit: an hour, and a quarter of an hour for the watcher himself."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What has to hold; and, where that is safe, how it is put right when it doesn't."""

    find: Callable[[datetime], Finding | None]
    put_right: Callable[[datetime], int] | None = None

    @property
    def name(self) -> str:
        return self.find.__name__


RULES: Final = (
    Rule(checks.wrong_standstill, repairs.set_standstills_right),
    Rule(checks.outlived, repairs.end_what_outlived),
    Rule(checks.without_clock, repairs.start_missing_clocks),
    Rule(checks.not_found, repairs.sweep),
    Rule(checks.not_climbed, repairs.climb),
    Rule(checks.stale_claims, repairs.hand_over_messages),
    Rule(checks.without_digest, repairs.settle_digests),
    Rule(checks.without_warning, repairs.warn_now),
    Rule(checks.without_close_out, repairs.close_days),
    Rule(checks.beat_silent),
    Rule(checks.worker_silent),
)
"""In this order: a clock that the audit itself starts may be due already, and is swept."""


def audit_if_owed(now: datetime | None = None) -> ClockAudit | None:
    """The audit of the present hour if it was owed and this call kept it."""
    now = now or clock.now()
    if not is_owed(now):
        return None
    seen, is_kept = audit(now)
    return seen if is_kept else None


def is_owed(now: datetime) -> bool:
    """From the quarter past on, once an hour; at any minute when the last one is stale, as after a start."""
    kept = ClockAudit.objects.filter(hour__lte=now).order_by("-hour").first()
    if kept is None or now - kept.ran_at > STALE:
        return True
    return kept.hour < rules.hour_of(now) and timezone.localtime(now).minute >= FROM_MINUTE


def audit(now: datetime | None = None) -> tuple[ClockAudit, bool]:
    """Look now; returns what was found, and whether the hour keeps it (it may have its audit already)."""
    now, began = now or clock.now(), time.monotonic()
    findings, put_right = _look(now)
    for finding in findings:
        logger.error("The audit of the clocks found %s: %s, such as %s", finding.check, finding.count, finding.examples)
    facts = {
        "ran_at": now,
        "is_well": not findings,
        "findings": [finding.as_json() for finding in findings],
        "repairs": [finding.as_json() for finding in put_right],
        "milliseconds": int((time.monotonic() - began) * 1000),
    }
    hour = rules.hour_of(now)
    # Another worker may have looked at the same moment: the hour keeps one of the two.
    _row, is_kept = ClockAudit.objects.get_or_create(hour=hour, defaults=facts)
    return ClockAudit(hour=hour, **facts), is_kept


def _look(now: datetime) -> tuple[list[Finding], list[Finding]]:
    """What stands, and what was put right."""
    findings, put_right = list[Finding](), list[Finding]()
    for rule in RULES:
        before = _find(rule, now)
        if before is None:
            continue
        after = _find(rule, now) if _put_right(rule, now) else before
        if after:
            findings.append(after)
        if (done := before.count - (after.count if after else 0)) > 0:
            put_right.append(Finding(before.check, done, before.examples))
    return findings, put_right


def _find(rule: Rule, now: datetime) -> Finding | None:
    """A rule that can't be looked at doesn't hold; the others are looked at all the same."""
    try:
        return rule.find(now)
    except Exception as error:
        log_failure(logger, f"Checking {rule.name}", error)
        return Finding(rule.name, 1, (type(error).__name__,))


def _put_right(rule: Rule, now: datetime) -> bool:
    """Whether anything was tried; what fails leaves the finding as it is."""
    if rule.put_right is None:
        return False
    try:
        rule.put_right(now)
    except Exception as error:
        log_failure(logger, f"Putting right {rule.name}", error)
    return True
