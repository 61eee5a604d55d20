"""Looking into a zip without believing what it says of itself."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from households.loading.errors import FileRefused

MOST_INFLATED = 1_200 * 1024 * 1024
"""A county-level city's register has some 450 MB of XML in a file of 58 MB."""
MOST_ENTRIES = 10_000
BOMB_FROM = 8 * 1024 * 1024
BOMB_RATIO = 100
"""Sheets shrink to a tenth, a million blank formatted lines to a twentieth, a bomb to a thousandth."""
READ = 64 * 1024
PART_OF_HEADER = 26
"""Where the two lengths stand that say how much of a local header follows (the format's section 4.3.7)."""


class Archive:
    """The zip that every .xlsx is. Raises `FileRefused` when it is cut short, locked or a bomb.

    Sizes in the directory are the sender's claim: they refuse a plain bomb at once, and `inflate` counts what really
    comes out. (`zipfile` would quietly stop at the claimed size, while the parser behind us reads on.)
    """

    def __init__(self, path: Path) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                self.entries = {info.filename: info for info in archive.infolist()}
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise cut_short() from error
        self._path = path
        self._check()

    def _check(self) -> None:
        entries = self.entries.values()
        if any(entry.flag_bits & 1 for entry in entries):
            raise locked()
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_INFLATED:
            raise bomb()
        for entry in entries:
            if entry.file_size > BOMB_FROM and entry.file_size > BOMB_RATIO * max(entry.compress_size, 1):
                raise bomb()

    def read(self, name: str, *, most: int) -> bytes:
        """A small part as a whole."""
        found = bytearray()
        for piece in self.inflate(name):
            found += piece
            if len(found) > most:
                raise bomb()
        return bytes(found)

    def inflate(self, name: str) -> Iterator[bytes]:
        """The part's bytes, piece by piece, whatever the directory says of their number."""
        entry = self.entries[name]
        size = 0
        try:
            with self._path.open("rb") as file:
                for piece in _inflated(file, entry):
                    size += len(piece)
                    if size > entry.file_size:
                        raise bomb()
                    yield piece
        except zlib.error as error:
            raise cut_short() from error
        if size < entry.file_size:
            raise cut_short()


def _inflated(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(entry.header_offset + PART_OF_HEADER)
    name_length = int.from_bytes(file.read(2), "little")
    extra_length = int.from_bytes(file.read(2), "little")
    file.seek(name_length + extra_length, 1)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise cut_short()  # no spreadsheet writes anything else
    packed = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    left = entry.compress_size
    while left and (read := file.read(min(READ, left))):
        left -= len(read)
        yield packed.decompress(read) if packed else read


def cut_short() -> FileRefused:
    return FileRefused(
        _("The file is damaged or was cut short on its way. Open it in Excel or WPS, save it and send it again."),
        code="cut_short",
    )


def locked() -> FileRefused:
    return FileRefused(
        _("The file is protected by a password. Open it, take the password off, save it and send it again."),
        code="locked",
    )


def bomb() -> FileRefused:
    return FileRefused(
        _("Unpacked, the file is far larger than any register. Copy the table into a new workbook and send that."),
        code="bomb",
    )
