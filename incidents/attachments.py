"""Taking in photos and papers: checked by what they are, never by what they are called, and written anew.

A file waits under its form's own id (`draft_key`) until the form is taken. So a form that comes back with an error
keeps its photos, and a phone can send them one by one while the sentence is still being typed.
"""

import hashlib
import uuid
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from accounts.models import User
from incidents.actors import Resident, account_of
from incidents.models import Attachment, Incident, Note
from incidents.papers import rewrite_paper
from incidents.photos import rewrite_photo
from incidents.services.locks import wait_for_same
from incidents.texts import clean_text

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_FILES: Final = 10
STALE_AFTER: Final = timedelta(days=2)
QUEUED_AT_MOST: Final = timedelta(days=14)
"""A worker's form can wait on a phone that lies switched off over the longest holidays, when its photos are here."""


@transaction.atomic
def accept_file(
    upload: UploadedFile,
    *,
    actor: User | Resident,
    draft_key: uuid.UUID | None = None,
    incident: Incident | None = None,
    at: datetime | None = None,
) -> Attachment:
    """Keep one file for a form (`draft_key`) or an incident, re-written by us.

    The same file twice is kept once; one that comes after its report was filed goes to the incident. Raises `Refused`
    beside `photos`, naming the file: too large, not a picture or PDF, broken, or one too many.
    """
    name = _safe_name(upload.name or "")
    kind, content, thumb = _rewritten(upload, name)
    if draft_key is not None:
        wait_for_same(draft_key)
        incident = incident or _sent_as(draft_key, actor)
        siblings = Attachment.objects.filter(draft_key=draft_key, uploaded_by=account_of(actor))
    else:
        siblings = Attachment.objects.filter(draft_key=None, incident=incident)
    digest = hashlib.sha256(content).hexdigest()
    if same := siblings.filter(sha256=digest).first():
        return same
    if siblings.count() >= MOST_FILES:
        raise _refused("too_many", _("“%(name)s” was not added: %(most)d files at most can be sent at once."), name)
    attachment = Attachment(
        incident=incident,
        draft_key=draft_key,
        kind=kind,
        name=name,
        size=len(content),
        sha256=digest,
        uploaded_by=account_of(actor),
        at=at or clock.now(),
    )
    attachment.file.save(name, ContentFile(content))
    if thumb:
        attachment.file.storage.save(attachment.thumb_path, ContentFile(thumb))
    return attachment


def drafts_of(actor: User | Resident, draft_key: uuid.UUID) -> QuerySet[Attachment]:
    """What waits under a form's own id for the form to be taken; nobody else's files, whatever id is named."""
    return Attachment.objects.filter(draft_key=draft_key, uploaded_by=account_of(actor), incident=None)


def attach_drafts(draft_key: uuid.UUID, *, incident: Incident, actor: User) -> int:
    """Give what waits under a form's id to the incident that the form was about. Returns how many there were."""
    return drafts_of(actor, draft_key).update(incident=incident)


@transaction.atomic
def remove_drafts(drafts: QuerySet[Attachment]) -> int:
    """Delete files that belong to no incident, and their rows. Returns how many there were.

    Locked: a form that is taken at this moment either has them already, or finds them gone with their rows.
    """
    waiting = list(drafts.filter(incident=None).select_for_update(of=("self",)))
    for attachment in waiting:
        attachment.file.storage.delete(attachment.thumb_path)
        attachment.file.delete(save=False)
        attachment.delete()
    return len(waiting)


def stale_drafts(at: datetime) -> QuerySet[Attachment]:
    """Files whose form was never sent: nobody will ever see them again."""
    of_residents = Q(uploaded_by=None, at__lt=at - STALE_AFTER)
    return Attachment.objects.filter(of_residents | Q(at__lt=at - QUEUED_AT_MOST), incident=None)


def _sent_as(draft_key: uuid.UUID, actor: User | Resident) -> Incident | None:
    """The incident that the form of this id was filed as, or added to."""
    own = Incident.objects.filter(client_uuid=draft_key, reporter=account_of(actor)).first()
    if own is not None or isinstance(actor, Resident):
        return own
    note = Note.objects.filter(client_uuid=draft_key, by=actor).select_related("incident").first()
    return note.incident if note else None


def _safe_name(name: str) -> str:
    """The sender's file name as a label: no path, nothing unseen, and short enough to show."""
    bare = clean_text(PurePath(name.replace("\\", "/")).name, limit=1000, field="photos")
    return bare[-120:] or _("photo")


def _rewritten(upload: UploadedFile, name: str) -> tuple[str, bytes, bytes | None]:
    """What it is, its contents written anew, and a small version of a photo."""
    size = upload.size or 0
    if size > MOST_BYTES:
        text = _("“%(name)s” is %(size)s; %(limit)s at most. Choose a smaller one, or set the camera to fewer pixels.")
        sizes = {"size": filesizeformat(size), "limit": filesizeformat(MOST_BYTES)}
        raise _refused("too_large", text, name, **sizes)
    if size == 0:
        raise _refused("empty", _("“%(name)s” is empty. Choose it again."), name)
    upload.seek(0)
    is_paper = b"%PDF-" in upload.read(1024)
    if is_paper:
        return Attachment.Kind.PAPER, rewrite_paper(upload, name=name), None
    return Attachment.Kind.PHOTO, *rewrite_photo(upload, name=name)


def _refused(code: str, text: str, name: str, **facts: str) -> Refused:
    return Refused(text % {"name": name, "most": MOST_FILES, **facts}, code=code, field="photos")
