"""Files that hold residents' data: sealed in the file store, in the clear only while they are written or read."""

import tempfile
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage

from accounts.sealed_streams import seal_stream, unseal_stream


def keep(name: str, source: IO[bytes]) -> str:
    """Seal what is left of `source` into the file store. Returns the name that it has there."""
    with tempfile.TemporaryFile() as sealed:
        seal_stream(source, sealed)
        sealed.seek(0)
        return default_storage.save(name, File(sealed))


def opened(name: str) -> IO[bytes]:
    """What is behind a sealed file, ready to be read by this process alone (mode 0600); gone when it is closed.

    Its `name` is a path, for readers that want one.
    Raises `FileNotFoundError` for one that was removed, `accounts.sealing.SealBroken` for one that isn't whole.
    """
    plain = tempfile.NamedTemporaryFile(prefix="weige-")  # noqa: SIM115 (the caller closes it)
    with default_storage.open(name) as sealed:
        unseal_stream(sealed, plain)
    plain.seek(0)
    return plain


def remove(name: str) -> None:
    """Take the file away; it is no mistake when it is gone already."""
    default_storage.delete(name)
