"""Words about the product itself, and the administrator's answers."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

import clock
from accounts.inbox import tell
from accounts.models import User
from incidents.texts import clean_text
from public.links import digest, new_link
from public.models import Feedback

LONGEST = 1000


def give_feedback(
    *, kind: str, text: str, by: User | None, client_uuid: uuid.UUID, at: datetime | None = None
) -> Feedback:
    """Keep a word about the product. The same form twice is kept once; with other words in it, as after a step back in
    the browser, it is another word. Raises `Refused` for an empty one."""
    text = clean_text(text, limit=LONGEST, field="text", required=True)
    link = new_link()
    row = Feedback(
        kind=kind,
        text=text,
        by=by,
        client_uuid=client_uuid,
        link=link,
        link_digest=digest(link),
        sent_at=at or clock.now(),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        known = Feedback.objects.get(client_uuid=client_uuid)
        if (known.kind, known.text, known.by_id) == (kind, text, by and by.pk):
            return known
        return give_feedback(kind=kind, text=text, by=by, client_uuid=uuid.uuid5(client_uuid, f"{kind} {text}"), at=at)
    return row


@transaction.atomic
def answer_feedback(row: Feedback, *, actor: User, text: str, at: datetime | None = None) -> Feedback:
    """Answer it, or mend the answer; whoever sent it with an account is told. The same words change nothing."""
    row = Feedback.objects.select_for_update(of=("self",)).select_related("by").get(pk=row.pk)
    text = clean_text(text, limit=LONGEST, field="answer", required=True)
    if row.answer == text:
        return row
    row.answer, row.answered_by, row.answered_at = text, actor, at or clock.now()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    if row.by is not None:
        tell(row.by, gettext_lazy("Your feedback on the product was answered."), url=row.path, at=at)
    return row
