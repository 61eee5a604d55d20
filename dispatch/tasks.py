"""What the worker does for the clocks: thin, safe to run twice. `governance.celery` has the timetable."""

from dataclasses import asdict

from celery import shared_task

import clock
from clock import pulse
from dispatch import calendar, close_out, commanding, day_warnings, delivery, digest, dispatch_rules, mode_orders
from dispatch import sweep as sweeping
from dispatch.audit import audit, outside
from dispatch.escalation import climbing


@shared_task
def sweep() -> dict[str, int]:
    pulse.mark(pulse.SWEEP)
    return asdict(sweeping.sweep())


@shared_task
def climb_ladders() -> dict[str, int]:
    return asdict(climbing.climb())


@shared_task
def dispatch_by_rules() -> int:
    return dispatch_rules.dispatch_owed()


@shared_task
def push_reminders() -> int:
    return digest.push_reminders()


@shared_task
def warn_before_close_out() -> int:
    return day_warnings.warn()


@shared_task
def close_days() -> int:
    return close_out.close_owed_days()


@shared_task
def tend_orders() -> int:
    return mode_orders.tend_orders()


@shared_task
def remind_of_commands() -> int:
    return commanding.remind_when_due()


@shared_task
def deliver_outbox() -> dict[str, int]:
    return asdict(delivery.deliver_due())


@shared_task
def deliver_message(message_id: int) -> dict[str, int]:
    return asdict(delivery.deliver(message_id))


@shared_task
def audit_clocks() -> bool | None:
    """Whether all was well; None when no audit was owed, or before the first sweep after a start."""
    if pulse.silent_for(pulse.SWEEP) is None:
        return None
    done = audit.audit_if_owed()
    return done.is_well if done else None


@shared_task
def tell_outside() -> bool:
    return outside.tell_outside()


@shared_task
def tend_calendar() -> int | None:
    """The year whose holidays are missing, if any."""
    return calendar.tend_calendar(clock.now())
