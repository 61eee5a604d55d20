"""Fields that are sealed at rest: what stands in the database is of no use without the keys of the environment.

AES-256-GCM with a fresh nonce for each value; the id of the key is kept with the value, so keys can be changed one
after another (`FIELD_KEYS="new:…,old:…"`: the first seals, all open). Equal values look different; what must be found
again by its exact value is looked up by `fingerprint`.
"""

import base64
import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

_NONCE = 12


class SealBroken(ValueError):
    """A sealed value can't be opened: its key is gone or the value was tampered with."""


@lru_cache
def _keys(configured: tuple[str, ...]) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for entry in configured:
        key_id, _, encoded = entry.partition(":")
        key = base64.b64decode(encoded)
        if not key_id or len(key) != 32:
            raise ImproperlyConfigured("FIELD_KEYS must read id:BASE64 of 32 bytes, several divided by commas.")
        keys[key_id] = key
    if not keys:
        raise ImproperlyConfigured("Set FIELD_KEYS: without it no personal field can be written or read.")
    return keys


@lru_cache
def key_cipher(key: bytes) -> AESGCM:
    """The cipher of one of `current_keys`."""
    return AESGCM(key)


def current_keys() -> dict[str, bytes]:
    """The keys by their ids: the first seals, all open."""
    return _keys(tuple(settings.FIELD_KEYS))


def seal(text: str) -> str:
    """`text` sealed with the first key, as `id:base64`; the empty text stays empty."""
    if not text:
        return ""
    key_id, key = next(iter(current_keys().items()))
    nonce = os.urandom(_NONCE)
    sealed = key_cipher(key).encrypt(nonce, text.encode(), key_id.encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def first_key_id() -> str:
    """The id of the key that seals today."""
    return next(iter(current_keys()))


def unseal(sealed: str) -> str:
    """The text behind `seal`'s answer. Raises `SealBroken` when no key opens it."""
    if not sealed:
        return ""
    key_id, _, encoded = sealed.partition(":")
    key = current_keys().get(key_id)
    if key is None:
        raise SealBroken(f"No key named {key_id!r} in FIELD_KEYS.")
    try:
        raw = base64.b64decode(encoded, validate=True)
        return key_cipher(key).decrypt(raw[:_NONCE], raw[_NONCE:], key_id.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken("A sealed value was changed or cut.") from error


def fingerprint(text: str, *, key_id: str = "") -> str:
    """A keyed hash to find an exact value by (32 hex digits); the empty text has none.

    The oldest key is used unless another is named, so that adding a new first key leaves every fingerprint as it was.
    """
    if not text:
        return ""
    key = current_keys()[key_id] if key_id else list(current_keys().values())[-1]
    return hmac.digest(key, text.encode(), "sha256").hex()[:32]


class SealedTextField(models.TextField):
    """A text that is sealed on the way into the database and opened on the way out.

    `fingerprint` names the column that keeps the value's fingerprint, if it can be looked up: a change of keys makes
    it anew (`key_rotation`). Whoever writes the field writes that column, too.
    """

    def __init__(self, *args: Any, fingerprint: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fingerprint_column = fingerprint

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None else seal(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return value if value is None else unseal(value)
