"""A file comes in."""

import uuid
from datetime import datetime
from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from accounts.models import User
from grids.models import Unit
from households.loading import kept_files
from households.loading.runs import enqueueing
from households.loading.runs.selectors import SCOPES, check_may_add, check_may_load, visible_to
from households.loading.runs.work import State
from households.models import RegisterLoad

_LONGEST_NAME = 200


def receive(
    file: IO[bytes],
    *,
    actor: User | None,
    scope: Unit | None,
    name: str = "",
    add_places: bool = False,
    at: datetime | None = None,
    by_worker: bool = True,
) -> RegisterLoad:
    """Keep a file, sealed, and have it read. `scope` is the place that it is for; None: the whole district.

    `name` is what the sender calls it, unless the file says so itself. With `add_places` every grid and micro-grid is
    to be added that is missing in a community which is known. The caller reads it in the foreground unless
    `by_worker`. Raises `Refused` beside `file` or `scope`.
    """
    check_may_load(actor, scope)
    if add_places:
        check_may_add(actor, scope)
    if scope is not None and (scope.kind not in SCOPES or not scope.is_live):
        text = _("A register is loaded for a sub-district, a community or a grid in use, not for “%(unit)s”.")
        raise Refused(text % {"unit": scope.name}, code="scope", field="scope")
    at, key = at or clock.now(), uuid.uuid4()
    _check_size(file)
    kept = kept_files.keep(file, key=str(key))
    try:
        with transaction.atomic():
            load = RegisterLoad.objects.create(
                key=key,
                made_by=actor,
                made_at=at,
                scope=scope,
                file_name=_label(name or str(getattr(file, "name", "") or "")),
                file=kept.path,
                size=kept.size,
                digest=kept.digest,
                alive_at=at,
                answers={"add_all_places": True} if add_places else {},
            )
            if by_worker:
                enqueueing.read_soon(load)
    except BaseException:
        default_storage.delete(kept.path)  # no row knows of it
        raise
    return load


def same_file(load: RegisterLoad, *, viewer: User | None) -> RegisterLoad | None:
    """The last load of this very file that was applied, if the viewer may see it: a warning, no reason to stop."""
    loads = RegisterLoad.objects.all() if viewer is None else visible_to(viewer)
    same = loads.filter(digest=load.digest, state=State.APPLIED).exclude(pk=load.pk)
    return same.select_related("made_by").order_by("-ended_at", "-pk").first()


def _check_size(file: IO[bytes]) -> None:
    """An upload beyond the limit arrives empty, with its true size (`accounts.uploads`)."""
    size = file.size if isinstance(file, UploadedFile) and file.size else 0
    has_content = bool(file.read(1))
    file.seek(0)
    if size and not has_content:
        text = _("The file is %(size)s; %(limit)s at most. Split it into several files, for example one a community.")
        sizes = {"size": filesizeformat(size), "limit": filesizeformat(settings.FILE_UPLOAD_MOST_BYTES)}
        raise Refused(text % sizes, code="too_large", field="file")
    if not has_content:
        raise Refused(_("The file is empty. Check that the right one was sent."), code="empty", field="file")


def _label(name: str) -> str:
    """The sender's name for the file: no path, nothing unseen, short enough to keep. The end says the format."""
    bare = PurePath(name.replace("\\", "/")).name
    return "".join(sign for sign in bare if sign.isprintable())[-_LONGEST_NAME:] or _("file")
