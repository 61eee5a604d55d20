"""What the worker does for incidents. `governance.celery` has the timetable."""

from celery import shared_task

import clock
from incidents import archiving
from incidents.attachments import remove_drafts, stale_drafts
from incidents.sent_forms import forget_sent_forms


@shared_task
def archive_settled() -> int:
    return archiving.archive_settled()


@shared_task
def remove_stale_drafts() -> int:
    """Photos of forms that were never sent are nobody's, and somebody may be on them; forms sent long ago go, too."""
    forget_sent_forms(clock.now())
    return remove_drafts(stale_drafts(clock.now()))
