"""The senders' files between upload and end: sealed in the file store, opened only for the time of reading.

A register is the most personal thing that passes through here, so no copy of it lies in the clear: the store holds it
sealed (`accounts.sealed_streams`), reading opens it into a file that this process alone can read and that is gone
afterwards, and `KEPT_AFTER_END` after the load ended the sealed copy goes too.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final

from django.core.files.storage import default_storage
from django.db.models import QuerySet

from accounts.sealed_streams import FRAME
from accounts.sealing import current_keys
from households import sealed_files
from households.models import RegisterLoad

KEPT_AFTER_END: Final = timedelta(days=30)
"""Long enough to fetch the error workbook and to settle a question, short enough to be no second register."""
FOLDER: Final = "registers"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """Where a file lies sealed, how large it was, and its keyed digest."""

    path: str
    size: int
    digest: str


def keep(source: IO[bytes], *, key: str) -> KeptFile:
    """Seal a file into the store under the load's own key."""
    source.seek(0)
    digest = _digest(source)
    source.seek(0)
    path = sealed_files.keep(f"{FOLDER}/{key}", source)
    return KeptFile(path, source.tell(), digest)


@contextmanager
def opened(load: RegisterLoad) -> Iterator[Path]:
    """The load's file in the clear, for this process alone (mode 0600) and for the time of the block.

    Raises `FileNotFoundError` when it is gone and `accounts.sealing.SealBroken` when it can't be opened.
    """
    with sealed_files.opened(load.file) as clear:
        yield Path(clear.name)


def is_kept(load: RegisterLoad) -> bool:
    """Whether the file still lies in the store."""
    return bool(load.file) and default_storage.exists(load.file)


def forget_errors(load: RegisterLoad) -> None:
    """Remove the error workbook that the loader wrote: its rows are read or compared again, or go with the file."""
    if load.errors_asked_at is None:
        return
    if load.error_file:
        sealed_files.remove(load.error_file)
    load.error_file, load.errors_asked_at = "", None
    RegisterLoad.objects.filter(pk=load.pk).update(error_file="", errors_asked_at=None)


def remove(load: RegisterLoad) -> None:
    """Remove the load's file for good, and its error workbook; fine when they are gone already."""
    forget_errors(load)
    if load.file:
        sealed_files.remove(load.file)
        RegisterLoad.objects.filter(pk=load.pk).update(file="")


def outlived(at: datetime) -> QuerySet[RegisterLoad]:
    """Loads that ended long enough ago for their files to go."""
    return RegisterLoad.objects.filter(ended_at__lt=at - KEPT_AFTER_END).exclude(file="")


def _digest(source: IO[bytes]) -> str:
    """Keyed, so that nobody who has a file can tell from the database whether it was loaded."""
    key = list(current_keys().values())[-1]
    hasher = hmac.new(key, digestmod=hashlib.sha256)
    while block := source.read(FRAME):
        hasher.update(block)
    return hasher.hexdigest()
