"""What the worker does for the tagger. `governance.celery` has the timetable."""

from celery import shared_task

from tagging.learning import train_if_news


@shared_task
def train_tagger() -> int | None:
    """The training that was made, if there was news to learn from. Two at once train once."""
    tagger = train_if_news()
    return tagger.pk if tagger else None
