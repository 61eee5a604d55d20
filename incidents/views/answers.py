"""What a form is answered with when a phone's queue sends it, not a person: the same act, said for a script.

201: done. 200: had been done before. 409: the matter stands otherwise by now, and how. 422: what must be mended. The
queue asks by `Accept: application/json`; a page of the same address asks for HTML and never gets these.
"""

from django.forms import BaseForm
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.kept_forms import OWNER_FIELD
from accounts.requests import UserRequest
from incidents.models import Incident
from incidents.standing import current_assignments


def is_from_queue(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def of_somebody_else(request: UserRequest) -> JsonResponse | None:
    """The refusal when the form was written by another user of the same phone; it waits for its owner's login."""
    if request.POST.get(OWNER_FIELD) == str(request.user.pk):
        return None
    text = _("Somebody else wrote this on the same phone. It is sent when they log in.")
    return JsonResponse({"code": "owner", "message": text}, status=401)


def done(incident: Incident, *, is_new: bool, url: str = "", said: str = "") -> JsonResponse:
    """Where to go on, and what to say there if somebody waited for the answer."""
    body = {"number": incident.number, "url": url or _page_of(incident), "said": said}
    return JsonResponse(body, status=201 if is_new else 200)


def to_mend(form: BaseForm) -> JsonResponse:
    """Each error with the label of its field."""
    errors = [
        {"field": name, "label": str(form.fields[name].label or "") if name in form.fields else "", "message": error}
        for name, messages in form.errors.items()
        for error in messages
    ]
    return JsonResponse({"code": "refused", "errors": errors}, status=422)


def moved_on(incident: Incident, message: str, *, is_unused: bool = False) -> JsonResponse:
    """How the incident stands by now, for an act that came too late.

    The phone keeps this answer until somebody has decided: nothing of it is about residents. `is_unused`: nothing was
    made of the form, so that it may be sent as something else under the same id, with the photos that wait under it.
    """
    last = incident.changes.select_related("actor").order_by("pk").last()
    return _conflict(
        incident,
        message,
        [
            (_("Status"), incident.get_status_display()),
            (_("Changed at"), f"{localtime(last.at):%m-%d %H:%M}" if last else ""),
            (_("Changed by"), str(last.actor) if last and last.actor else ""),
            (_("Who has it"), " · ".join(str(row.party) for row in current_assignments(incident))),
        ],
        is_unused=is_unused,
    )


def differs(incident: Incident, message: str) -> JsonResponse:
    """What was reported before under the same id: words of the same user."""
    return _conflict(
        incident,
        message,
        [
            (_("Number"), incident.number),
            (_("What is it"), str(incident.category)),
            (_("Grid"), str(incident.unit)),
            (_("Where exactly"), incident.place_note),
            (_("What is the matter"), incident.description),
            (_("Status"), incident.get_status_display()),
        ],
    )


def _conflict(
    incident: Incident, message: str, theirs: list[tuple[str, str]], *, is_unused: bool = False
) -> JsonResponse:
    """Pairs of a label and a value, to be read beside what was sent; and where that can be left as a remark."""
    body = {
        "code": "conflict",
        "message": message,
        "url": _page_of(incident),
        "remark": reverse("incidents:act", args=[incident.number, "note"]),
        "theirs": [(label, value) for label, value in theirs if value],
        "unused": is_unused,
    }
    return JsonResponse(body, status=409)


def _page_of(incident: Incident) -> str:
    return reverse("incidents:incident", args=[incident.number])
