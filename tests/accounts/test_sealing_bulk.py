"""Seals by the thousand and whole files: the same seals, and nothing can be cut or swapped unnoticed."""

import io

import pytest

from accounts import sealed_streams
from accounts.sealed_streams import seal_stream, unseal_stream
from accounts.sealing import SealBroken, fingerprint, seal, unseal
from accounts.sealing_bulk import fingerprint_many, seal_many

TEXTS = ["330206199001011232", "", "13800001234", "护照E1", ""]


def test_many_are_sealed_as_one_is() -> None:
    sealed = seal_many(TEXTS)
    assert [unseal(text) for text in sealed] == TEXTS
    assert [bool(text) for text in sealed] == [bool(text) for text in TEXTS]
    assert sealed[0].partition(":")[0] == seal("x").partition(":")[0]


def test_equal_texts_look_different() -> None:
    assert len(set(seal_many(["1"] * 20))) == 20


def test_many_fingerprints_are_those_of_each() -> None:
    assert fingerprint_many(TEXTS) == [fingerprint(text) for text in TEXTS]


@pytest.fixture
def small_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_streams, "FRAME", 10)


def sealed(content: bytes) -> bytes:
    target = io.BytesIO()
    assert seal_stream(io.BytesIO(content), target) == len(content)
    return target.getvalue()


def opened(stream: bytes) -> bytes:
    target = io.BytesIO()
    unseal_stream(io.BytesIO(stream), target)
    return target.getvalue()


@pytest.mark.parametrize("content", [b"", b"123456789", b"1234567890", b"12345678901", b"x" * 105])
@pytest.mark.usefixtures("small_frames")
def test_a_file_comes_back_as_it_was(content: bytes) -> None:
    stream = sealed(content)
    assert opened(stream) == content
    assert not content or content not in stream


def frames_of(stream: bytes) -> list[bytes]:
    """The header and the frames of a stream."""
    header, rest = stream[: stream.index(b"\n") + 1], stream[stream.index(b"\n") + 1 :]
    parts = [header]
    while rest:
        size = 4 + 12 + int.from_bytes(rest[:4])
        parts.append(rest[:size])
        rest = rest[size:]
    return parts


@pytest.mark.usefixtures("small_frames")
def test_a_file_that_was_cut_swapped_or_mixed_is_not_opened() -> None:
    header, first, second, third = frames_of(sealed(b"a" * 10 + b"b" * 10 + b"c" * 5))
    foreign = frames_of(sealed(b"d" * 10 + b"e" * 5))[1]
    for broken in (
        b"",
        header,
        header + first + second,
        header + first + third,
        header + second + first + third,
        header + foreign + second + third,
        header + first + second + third[:-1],
        header + first + second + third + b"x",
        header + first[:-1] + b"?" + second + third,
        b"PK\x03\x04 a workbook",
        header.replace(b"weige-sealed-1 ", b"weige-sealed-1 gone") + first + second + third,
    ):
        with pytest.raises(SealBroken):
            opened(broken)
