"""Photos of a form that came back: shown in it again, without an address of their own.

A resident has no login, and who may see such a photo is whoever holds the form with its random id. So the page itself
carries the small versions, and there is nothing that could be guessed or passed on.
"""

import base64
import uuid
from dataclasses import dataclass
from typing import Final

from django.core.files.storage import default_storage

from incidents.actors import RESIDENT
from incidents.attachments import drafts_of, remove_drafts
from incidents.models import Attachment

_LONGEST_KEY: Final = 20


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """One that waits under the form's id; `picture` is an address that holds the picture itself, empty for a paper."""

    pk: int
    name: str
    picture: str


def kept_photos(draft_key: uuid.UUID | None) -> list[KeptPhoto]:
    """What waits for the form with this id, in the order in which it came."""
    drafts = drafts_of(RESIDENT, draft_key) if draft_key else Attachment.objects.none()
    return [KeptPhoto(row.pk, row.name, _picture(row)) for row in drafts]


def remove_photo(draft_key: uuid.UUID | None, pk: str) -> None:
    """Take one away again. One that isn't there, or waits for another form, is gone already."""
    if draft_key and pk.isdecimal() and len(pk) < _LONGEST_KEY:
        remove_drafts(drafts_of(RESIDENT, draft_key).filter(pk=int(pk)))


def _picture(row: Attachment) -> str:
    if row.kind != Attachment.Kind.PHOTO:
        return ""
    with default_storage.open(row.thumb_path) as file:
        return f"data:image/jpeg;base64,{base64.b64encode(file.read()).decode()}"
