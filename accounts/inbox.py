"""Notices within the product: sent by services, read on the inbox page."""

from datetime import datetime

from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.functional import Promise

import clock
from accounts.models import Language, Notice, User


def tell(user: User, text: Promise | str, *, url: str = "", tone: str = "info", at: datetime | None = None) -> Notice:
    """Send `user` a notice. `text` is a lazy translation, said now in both languages; nothing personal goes into it."""
    with translation.override(Language.CHINESE):
        chinese = str(text)
    with translation.override(Language.ENGLISH):
        english = str(text)
    return Notice.objects.create(user=user, at=at or clock.now(), text=chinese, text_en=english, url=url, tone=tone)


def notices_of(user: User) -> QuerySet[Notice]:
    """The user's notices: those not read yet, then those read last; the newest first."""
    return Notice.objects.filter(user=user).order_by(F("read_at").desc(nulls_first=True), "-at", "-pk")


def count_unread(user: User) -> int:
    return Notice.objects.filter(user=user, read_at=None).count()


def mark_read(user: User, *, at: datetime | None = None) -> int:
    """All notices of the user count as read from now on. Returns how many were not."""
    return Notice.objects.filter(user=user, read_at=None).update(read_at=at or clock.now())
