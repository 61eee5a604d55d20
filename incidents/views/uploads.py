"""Files that come with a form: taken in before the form is judged, so that an error elsewhere doesn't lose them."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.errors import Refused
from accounts.models import User
from accounts.requests import UserRequest
from incidents.attachments import accept_file, drafts_of, remove_drafts

FILE_FIELDS = ("photos", "camera")
REMOVE = "remove_photo"
_LONGEST_KEY = 20


def take_files(request: UserRequest, draft_key: uuid.UUID | None) -> list[str]:
    """Keep every file of the request under the form's id; returns what was wrong with those that can't be kept."""
    files = [file for name in FILE_FIELDS for file in request.FILES.getlist(name)]
    return keep_files(files, actor=request.user, draft_key=draft_key) if draft_key else []


def keep_files(files: Iterable[UploadedFile], *, actor: Any, draft_key: uuid.UUID) -> list[str]:
    refusals = []
    for file in files:
        try:
            accept_file(file, actor=actor, draft_key=draft_key)
        except Refused as refusal:
            refusals.append(refusal.message)
    return refusals


def remove_one(actor: User, draft_key: uuid.UUID, pk: str) -> None:
    """Take a waiting file away again. One that isn't there, or isn't the user's, is gone already."""
    if pk.isdecimal() and len(pk) < _LONGEST_KEY:
        remove_drafts(drafts_of(actor, draft_key).filter(pk=int(pk)))
