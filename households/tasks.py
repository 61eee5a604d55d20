"""What the worker and the loader do for the register: thin, safe to run twice. `governance.celery` has the timetable.

Tasks take a number and nothing else: no name, no file.
"""

from celery import shared_task

from households import exports
from households.loading import runs


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


@shared_task
def read_load(load_id: int) -> None:
    runs.read(load_id)


@shared_task
def apply_load(load_id: int) -> None:
    runs.apply(load_id)


@shared_task
def take_back_load(load_id: int) -> None:
    runs.take_back(load_id)


@shared_task
def write_errors(load_id: int) -> None:
    runs.keep_error_workbook(load_id)


@shared_task
def resume_loads() -> int:
    """Loads whose worker died are taken up, waiting ones get their turn. Returns how many there were of both."""
    return len(runs.resume())


@shared_task
def clear_loads() -> int:
    """Sealed files and staged rows go when their time is over. Returns of how many loads."""
    return runs.clear_outlived()
