"""Having the work done by the loader: by the tasks' names, for the tasks call the runs. Always after the commit."""

from functools import partial

from celery import current_app
from django.db import transaction

from households.models import RegisterLoad

READ, APPLY, TAKE_BACK = "read_load", "apply_load", "take_back_load"
WRITE_ERRORS = "write_errors"


def read_soon(load: RegisterLoad) -> None:
    work_soon(READ, load.pk)


def apply_soon(load_id: int) -> None:
    work_soon(APPLY, load_id)


def take_back_soon(load: RegisterLoad) -> None:
    work_soon(TAKE_BACK, load.pk)


def work_soon(task: str, load_id: int) -> None:
    """A broker that is away loses nothing: `upkeep.resume` finds the load (see `on_commit(robust=True)`)."""
    send = partial(current_app.send_task, f"households.tasks.{task}", [load_id], retry=False)
    transaction.on_commit(send, robust=True)
