"""A form of an act counts once, however often and however late it arrives (`incidents.models.SentForm`)."""

import hashlib
import json
import uuid
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest

import clock
from incidents.models import SentForm

FORM_ID: Final = "form_id"
"""The hidden field with an id that each shown form has of its own (`templates/components/_form_owner.html`)."""
KEPT: Final = timedelta(days=60)
_NOT_SAID: Final = frozenset({"csrfmiddlewaretoken", "next"})


def digest_of(request: HttpRequest, user_id: int) -> str:
    """What makes a form the same one: who sent it, where to, its id and all its words. Empty without an id.

    Other words under the same id, as after a step back in the browser, are another form.
    """
    try:
        uuid.UUID(request.POST.get(FORM_ID, ""))
    except ValueError:
        return ""
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in _NOT_SAID)
    said = json.dumps([user_id, request.path, fields])
    return hashlib.sha256(said.encode()).hexdigest()


def was_taken(digest: str) -> bool:
    return bool(digest) and SentForm.objects.filter(digest=digest).exists()


def take(digest: str, *, at: datetime | None = None) -> bool:
    """Note that it is taken, in the transaction of the act; False when it was before. Two at one moment wait here."""
    if not digest:
        return True
    return SentForm.objects.get_or_create(digest=digest, defaults={"at": at or clock.now()})[1]


def forget_sent_forms(at: datetime) -> int:
    """Delete what no phone can still be about to repeat. Returns how many there were."""
    return SentForm.objects.filter(at__lt=at - KEPT).delete()[0]
