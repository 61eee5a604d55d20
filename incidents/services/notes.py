"""Remarks. They move neither the status nor any clock."""

import uuid
from datetime import datetime

from django.db import transaction

import clock
from accounts.models import User
from grids.models import Post
from grids.posts import label, posts_of
from incidents.actors import Actor, Resident, account_of
from incidents.models import Incident, Note
from incidents.texts import clean_text


@transaction.atomic
def add_note(
    incident: Incident,
    *,
    actor: User | Resident,
    text: str,
    at: datetime | None = None,
    client_uuid: uuid.UUID | None = None,
) -> Note:
    """Add a remark. The same words by the same person as the last remark are kept once (a form sent twice).

    `client_uuid` marks what came in place of a second report (`incidents.models.Note`).
    """
    text = clean_text(text, limit=2000, field="text", required=True)
    last = Note.objects.filter(incident=incident).order_by("pk").last()
    if last and last.by_id == actor.pk and last.text == text:
        return last
    post = None if isinstance(actor, Resident) else next(iter(posts_of(actor)), None)
    return write_note(incident, actor=actor, post=post, text=text, at=at or clock.now(), client_uuid=client_uuid)


def write_note(
    incident: Incident,
    *,
    actor: Actor,
    post: Post | None,
    text: str,
    at: datetime,
    client_uuid: uuid.UUID | None = None,
) -> Note:
    """Append the row; the caller has checked who and what. `client_uuid`: the form's own id, of a supplement."""
    return Note.objects.create(
        incident=incident,
        by=account_of(actor),
        post_label=label(post) if post else "",
        at=at,
        text=text,
        client_uuid=client_uuid,
    )
