"""Before a report becomes a second one: what is open already and may be the same thing, and adding to that instead."""

from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

import clock
from accounts.errors import Forbidden, Refused
from accounts.requests import UserRequest
from incidents.forms.alike import SupplementForm, TypedReport
from incidents.likeness import Likeness, imagined, likely_same
from incidents.models import Incident, Note
from incidents.places import reporting_posts
from incidents.selectors import numbered, visible_to
from incidents.services import Draft, supplement
from incidents.texts import clean_text
from incidents.views import answers

ADD_TO: Final = "add_to"
"""The button, or for a script the field, that names the incident to add to."""
SHOWN: Final = "alike_shown"
"""One field for each incident that the reporter was shown: nobody is asked twice about the same."""
_FIELDS: Final = {"text": "description"}


@require_POST
def alike(request: UserRequest) -> HttpResponse:
    """What may be the same as the report that is being typed, as a part of its page; nothing when there is nothing.

    By POST: what people write doesn't belong into addresses. 401 without a login: a script can't follow to its page.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    if not reporting_posts(request.user):
        raise PermissionDenied
    typed = TypedReport(request.POST).imagined(at=clock.now())
    found = likely_same(typed, among=visible_to(request.user)) if typed else []
    return render(request, "incidents/_alike.html", {"alike": found})


def not_shown_yet(request: UserRequest, draft: Draft) -> list[Likeness]:
    """What the reporter is to be asked about before this is filed: empty when all of it was shown while typing.

    Raises `Refused` for a text that can't be filed.
    """
    text = clean_text(draft.description, limit=2000, field="description")
    typed = imagined(draft.unit, draft.category, text, spot=draft.place_note, at=clock.now())
    found = likely_same(typed, among=visible_to(request.user))
    shown = set(request.POST.getlist(SHOWN))
    return found if any(like.incident.number not in shown for like in found) else []


def added_before(request: UserRequest, draft: Draft) -> Incident | None:
    """The incident to which this very form was added already."""
    note = Note.objects.filter(client_uuid=draft.client_uuid, by=request.user).select_related("incident").first()
    return note.incident if note else None


def add_typed(request: UserRequest, form: SupplementForm) -> HttpResponse | None:
    """Add what was typed, and go on to the incident; None when that is refused, with the reason in the form."""
    incident = numbered(visible_to(request.user), [request.POST[ADD_TO]]).first()
    if incident is None:
        form.add_error(None, _("No incident with this number is known here."))
        return None
    key, at = form.cleaned_data["client_uuid"], clock.now()
    try:
        note = supplement(incident, actor=request.user, text=form.words, client_uuid=key, at=at)
    except Forbidden as error:
        raise PermissionDenied(error.message) from error
    except Refused as error:
        if answers.is_from_queue(request) and error.code in {"status", "client_uuid"}:
            return answers.moved_on(incident, error.message, is_unused=error.code == "status")
        form.add_error(_FIELDS.get(error.field or ""), error.message)
        return None
    said = _("Added to %(number)s. It isn't reported a second time.") % {"number": incident.number}
    messages.success(request, said, extra_tags="draft:report")
    if answers.is_from_queue(request):
        return answers.done(incident, is_new=note.at == at)
    return redirect(reverse("incidents:incident", args=[incident.number]))
