"""Photos and papers: the only way out of the file store, for those who may see the incident."""

import uuid

from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.kept_forms import keeps_form
from accounts.requests import UserRequest
from incidents.attachments import drafts_of
from incidents.models import Attachment
from incidents.selectors import visible_to
from incidents.views.uploads import keep_files, remove_one

_TYPES = {Attachment.Kind.PHOTO: "image/jpeg", Attachment.Kind.PAPER: "application/pdf"}
# Even a re-written file is shown as if it came from a stranger: it runs nothing and loads nothing.
_CLOSED = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"


@keeps_form
@require_GET
def attachment(request: UserRequest, pk: int) -> HttpResponseBase:
    """The file itself. A photo opens in the browser; a paper is saved, because a sandboxed viewer shows nothing."""
    found = _visible_or_404(request, pk)
    is_paper = found.kind == Attachment.Kind.PAPER
    name = f"{found.name.rpartition('.')[0] or found.name}.{found.extension}"
    return _closed(FileResponse(found.file.open("rb"), as_attachment=is_paper, filename=name), found.kind)


@keeps_form
@require_GET
def thumb(request: UserRequest, pk: int) -> HttpResponseBase:
    """The small version of a photo, for lists and pages."""
    found = _visible_or_404(request, pk)
    if found.kind != Attachment.Kind.PHOTO:
        raise Http404
    return _closed(FileResponse(default_storage.open(found.thumb_path), filename="photo.jpg"), found.kind)


@require_POST
def photos(request: UserRequest) -> HttpResponse:
    """Take in files as soon as they are chosen, while the rest of the form is still being filled in.

    Answers with what now waits under the form's id, as shown in the form; 401 without a login, since a script can't
    follow the way to the log-in page; 422 with the reason when a file can't be taken.
    """
    if not request.user.is_authenticated:
        text = _("Your login has expired. Your photos can be chosen again after you log in.")
        return JsonResponse({"error": text}, status=401)
    draft_key = _draft_key(request)
    if pk := request.POST.get("remove"):
        remove_one(request.user, draft_key, pk)
    if refusals := keep_files(request.FILES.getlist("photos"), actor=request.user, draft_key=draft_key):
        return JsonResponse({"error": " ".join(refusals)}, status=422)
    drafts = drafts_of(request.user, draft_key)
    return render(request, "incidents/_drafts.html", {"drafts": drafts})


def _visible_or_404(request: UserRequest, pk: int) -> Attachment:
    """A file of an incident that the user may see, or one that the user has just sent."""
    visible = Q(incident__in=visible_to(request.user)) | Q(incident=None, uploaded_by=request.user)
    return get_object_or_404(Attachment.objects.filter(visible), pk=pk)


def _draft_key(request: UserRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("draft_key", ""))
    except ValueError as error:
        raise Http404 from error


def _closed(response: FileResponse, kind: str) -> FileResponse:
    response["Content-Type"] = _TYPES[Attachment.Kind(kind)]
    response["Content-Security-Policy"] = _CLOSED
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
