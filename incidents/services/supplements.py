"""Adding to an incident that is open already, instead of reporting the same thing a second time (附议补充)."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

import clock
from accounts.errors import Forbidden, Refused
from accounts.models import User
from grids.posts import posts_of
from incidents.models import Attachment, Incident, Note
from incidents.selectors import visible_to
from incidents.services import moves
from incidents.services.locks import wait_for_same
from incidents.services.notes import write_note
from incidents.texts import clean_text


@transaction.atomic
def supplement(
    incident: Incident, *, actor: User, text: str, client_uuid: uuid.UUID, at: datetime | None = None
) -> Note:
    """Append to an open incident what the actor was about to report again, with the photos of the same form.

    The incident stays its first reporter's, and no clock moves. The same `client_uuid` twice is one supplement. Raises
    `Forbidden` for an incident that the actor may not see, and `Refused` beside `text`, when the incident has ended
    (code `status`), or when the form was sent as something else or with other words already (code `client_uuid`).
    """
    text = clean_text(text, limit=2000, field="text", required=True)
    if not visible_to(actor).filter(pk=incident.pk).exists():
        raise Forbidden(_("Only who may see an incident can add to it."), code="who")
    wait_for_same(client_uuid)
    if known := Note.objects.filter(client_uuid=client_uuid).first():
        return _own(known, incident, actor, text)
    if Incident.objects.filter(client_uuid=client_uuid).exists():
        raise Refused(_("This form was sent already, as a report of its own."), code="client_uuid")
    incident = moves.locked(incident)
    if not incident.is_open:
        raise Refused(
            _("%(number)s is %(status)s by now: report this as a matter of its own.")
            % {"number": incident.number, "status": incident.get_status_display()},
            code="status",
        )
    Attachment.objects.filter(draft_key=client_uuid, incident=None, uploaded_by=actor).update(incident=incident)
    post = next(iter(posts_of(actor)), None)
    return write_note(incident, actor=actor, post=post, text=text, at=at or clock.now(), client_uuid=client_uuid)


def _own(known: Note, incident: Incident, actor: User, text: str) -> Note:
    if (known.by_id, known.incident_id) != (actor.pk, incident.pk):
        raise Refused(_("This form was sent already, as an addition to another incident."), code="client_uuid")
    if known.text != text:
        raise Refused(_("This form was sent already, and what was sent then differs."), code="client_uuid")
    return known
