"""What the worker does for the tagger. `governance.celery` has the timetable."""

from celery import shared_task

from tagging import hints
from tagging.learning import train_if_news


@shared_task
def train_tagger() -> int | None:
    """The training that was made, if there was news to learn from. Two at once train once.

    Either way what waits is read again: by the new training, or because rules and catalogue may have changed.
    """
    tagger = train_if_news()
    hints.renew_hints()
    return tagger.pk if tagger else None


@shared_task
def hint_waiting() -> int:
    """Each minute and after each report: how many incidents were read."""
    return hints.hint_waiting()
