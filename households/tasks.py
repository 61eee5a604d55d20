"""What the worker does for the register: thin, safe to run twice. `governance.celery` has the timetable."""

from celery import shared_task

from households import exports


@shared_task
def make_export(export_id: int) -> bool:
    return exports.write_export(export_id)


@shared_task
def tend_exports() -> int:
    """Take up what a dead worker left, and take away what has expired. Returns how many there were of both."""
    left = exports.abandoned()
    for pk in left:
        make_export.delay(pk)
    return len(left) + exports.expire_exports()
