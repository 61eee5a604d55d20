"""Whole files sealed at rest, frame by frame, so that a file of 64 MB never lies in memory twice.

A sealed stream is one line with the key's id and the stream's own random salt, then frames: four bytes of length, a
nonce, the sealed bytes. Each frame is bound to the salt, to its number and to whether it is the last one, so that
frames can't be left out, swapped, cut off at the end or taken from another stream unnoticed.
"""

import os
from collections.abc import Iterator
from typing import IO

from cryptography.exceptions import InvalidTag

from accounts.sealing import SealBroken, current_keys, key_cipher

FRAME = 1024 * 1024
_NONCE = 12
_TAG = 16
_LENGTH = 4
_MAGIC = b"weige-sealed-1 "
_LONGEST_HEADER = 256


def seal_stream(source: IO[bytes], target: IO[bytes]) -> int:
    """Write what is left of `source` to `target`, sealed with the first key. Returns the bytes that were sealed."""
    key_id, key = next(iter(current_keys().items()))
    cipher, salt, total = key_cipher(key), os.urandom(16).hex().encode(), 0
    target.write(_MAGIC + key_id.encode() + b" " + salt + b"\n")
    for number, frame, is_last in _frames(source):
        nonce = os.urandom(_NONCE)
        sealed = cipher.encrypt(nonce, frame, _about(salt, number, is_last))
        target.write(len(sealed).to_bytes(_LENGTH) + nonce + sealed)
        total += len(frame)
    return total


def unseal_stream(source: IO[bytes], target: IO[bytes]) -> int:
    """Write what is behind a sealed stream to `target`. Returns the bytes. Raises `SealBroken` if it isn't whole."""
    key_id, salt = _read_header(source)
    key = current_keys().get(key_id)
    if key is None:
        raise SealBroken(f"No key named {key_id!r} in FIELD_KEYS.")
    cipher, total, number = key_cipher(key), 0, 0
    length = source.read(_LENGTH)
    while length:
        nonce, sealed = source.read(_NONCE), source.read(_sealed_length(length))
        length = source.read(_LENGTH)
        try:
            frame = cipher.decrypt(nonce, sealed, _about(salt, number, is_last=not length))
        except (InvalidTag, ValueError) as error:
            raise SealBroken("A sealed file was changed or cut.") from error
        target.write(frame)
        total, number = total + len(frame), number + 1
    if not number:
        raise SealBroken("A sealed file was cut before its first frame.")
    return total


def _frames(source: IO[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Number, bytes and whether it is the last; an empty source has one empty frame."""
    frame, number = source.read(FRAME), 0
    while True:
        following = source.read(FRAME)
        yield number, frame, not following
        if not following:
            return
        frame, number = following, number + 1


def _about(salt: bytes, number: int, is_last: bool) -> bytes:
    return b"%s %d %s" % (salt, number, b"last" if is_last else b"more")


def _read_header(source: IO[bytes]) -> tuple[str, bytes]:
    line = source.readline(_LONGEST_HEADER)
    parts = line.removeprefix(_MAGIC).split()
    if not line.startswith(_MAGIC) or not line.endswith(b"\n") or len(parts) != 2:
        raise SealBroken("This isn't a sealed file.")
    return parts[0].decode(), parts[1]


def _sealed_length(length: bytes) -> int:
    wanted = int.from_bytes(length)
    if len(length) != _LENGTH or wanted > FRAME + _TAG:
        raise SealBroken("A sealed file was changed or cut.")
    return wanted
