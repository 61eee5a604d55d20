"""The container of .xls, .doc and of encrypted .xlsx: a small file system in a file (Microsoft's [MS-CFB])."""

import struct

from households.loading.files.archive import cut_short

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA
"""From here on a sector number means something else than a sector."""
_ENTRY = 128
_STREAM = 2


class Container:
    """The streams of a compound file. Raises `FileRefused` when its chains lead out of the file or in circles."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            self._size = 1 << struct.unpack_from("<H", content, 30)[0]
            if not 512 <= self._size <= 4096:
                raise cut_short()
            directory, _, self._small_below = struct.unpack_from("<III", content, 48)
            self._next = self._table()
            self._entries = self._directory(self._chain(directory))
        except (struct.error, IndexError) as error:
            raise cut_short() from error

    @property
    def names(self) -> set[str]:
        return set(self._entries)

    def stream(self, name: str) -> bytes:
        """The stream of that name; empty for one so small (under 4 kB) that it is kept elsewhere."""
        start, size = self._entries[name]
        return self._chain(start)[:size] if size >= self._small_below else b""

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        found = self._content[start : start + self._size]
        if not found:
            raise cut_short()
        return found

    def _numbers(self, sector: int) -> tuple[int, ...]:
        found = self._sector(sector)
        return struct.unpack(f"<{len(found) // 4}I", found[: len(found) // 4 * 4])

    def _table(self) -> list[int]:
        """The number of the sector that follows each sector."""
        sectors = list(struct.unpack_from("<109I", self._content, 76))
        further, count = struct.unpack_from("<II", self._content, 68)
        for _ in range(min(count, len(self._content) // self._size)):
            if further >= _END:
                break
            *listed, further = self._numbers(further)
            sectors += listed
        return [number for sector in sectors if sector < _END for number in self._numbers(sector)]

    def _chain(self, sector: int) -> bytes:
        found = []
        while sector < _END:
            found.append(self._sector(sector))
            if len(found) > len(self._next):
                raise cut_short()
            sector = self._next[sector]
        return b"".join(found)

    def _directory(self, content: bytes) -> dict[str, tuple[int, int]]:
        entries = {}
        for at in range(0, len(content) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", content, at + 64)
            if kind == _STREAM and 2 <= length <= 64:
                name = content[at : at + length - 2].decode("utf-16-le", errors="replace")
                entries[name] = struct.unpack_from("<II", content, at + 116)
        return entries
