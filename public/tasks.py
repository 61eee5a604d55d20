"""What the worker does for residents' reports: thin, safe to run twice. `governance.celery` has the timetable."""

from celery import shared_task

from public import answering


@shared_task
def remind_of_answers() -> int:
    return answering.remind_of_answers()


@shared_task
def forget_phones() -> int:
    return answering.forget_phones()
