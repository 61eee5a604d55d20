"""Notices within the product: sent by services, read on the inbox page."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.functional import Promise

import clock
from accounts.models import Language, Notice, User


@transaction.atomic
def tell(user: User, text: Promise | str, *, url: str = "", tone: str = "info", at: datetime | None = None) -> Notice:
    """Send `user` a notice. `text` is a lazy translation, said now in both languages; nothing personal goes into it."""
    chinese, english = _said(text)
    User.objects.filter(pk=user.pk).update(unread_notices=F("unread_notices") + 1)
    return Notice.objects.create(user=user, at=at or clock.now(), text=chinese, text_en=english, url=url, tone=tone)


def tell_many(
    user_ids: Collection[int], text: Promise | str, *, url: str = "", tone: str = "info", at: datetime | None = None
) -> int:
    """Send each of these users the same notice, whether they are three or three thousand; returns how many were told.

    One statement. The users' rows are locked in the order of their keys: two such calls at once wait for each other
    instead of stopping each other dead.
    """
    chinese, english = _said(text)
    with connection.cursor() as cursor:
        cursor.execute(_TELL_MANY, [list(user_ids), at or clock.now(), chinese, english, url, tone])
        return cursor.rowcount


_TELL_MANY: Final = """
    WITH told AS MATERIALIZED (
        SELECT id FROM accounts_user WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE
    ), counted AS (
        UPDATE accounts_user SET unread_notices = unread_notices + 1 FROM told WHERE accounts_user.id = told.id
    )
    INSERT INTO accounts_notice (user_id, at, text, text_en, url, tone)
    SELECT id, %s, %s, %s, %s, %s FROM told
"""


def _said(text: Promise | str) -> tuple[str, str]:
    """The text in Chinese and in English."""
    with translation.override(Language.CHINESE):
        chinese = str(text)
    with translation.override(Language.ENGLISH):
        return chinese, str(text)


def notices_of(user: User) -> QuerySet[Notice]:
    """The user's notices: those not read yet, then those read last; the newest first."""
    return Notice.objects.filter(user=user).order_by(F("read_at").desc(nulls_first=True), "-at", "-pk")


@transaction.atomic
def mark_read(user: User, *, until: datetime) -> int:
    """The user's notices up to that moment count as read; one that came later is still new. Returns how many."""
    count = Notice.objects.filter(user=user, read_at=None, at__lte=until).update(read_at=until)
    if count:
        User.objects.filter(pk=user.pk).update(unread_notices=F("unread_notices") - count)
    return count
