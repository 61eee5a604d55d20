"""A full number for a minute: one tap in the own area, a reason elsewhere; each look is recorded."""

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import Refused
from accounts.requests import UserRequest, network_address
from grids.models import Ability
from grids.views.access import for_holders_of
from households import selectors
from households.forms.residents import RevealForm
from households.models import Household, Resident
from households.services import reveal_number
from households.services.revealing import RESIDENT_NUMBERS
from households.views.shown import number_of

SECONDS: Final = 60


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_http_methods(["GET", "POST"])
def of_resident(request: UserRequest, pk: int, what: str) -> HttpResponse:
    """The document or phone number of a person."""
    if what not in RESIDENT_NUMBERS:
        raise Http404
    row = selectors.resident_or_404(request.user, pk)
    about = selectors.Rights(request.user).name(row.name, row.household.unit)
    return _answer(request, row, what, about=about, back=reverse("households:resident", args=[pk]))


@never_cache
@for_holders_of(Ability.SEE_REGISTER)
@require_http_methods(["GET", "POST"])
def of_landlord(request: UserRequest, code: str) -> HttpResponse:
    """The phone of a household's landlord."""
    row = selectors.household_or_404(request.user, code)
    back = reverse("households:household", args=[code])
    return _answer(request, row, "landlord_phone", about=row.address, back=back)


def _answer(request: UserRequest, row: Resident | Household, what: str, *, about: str, back: str) -> HttpResponse:
    """The masked number again (GET within a page), the question for a reason, or the full number."""
    unit = row.household.unit if isinstance(row, Resident) else row.unit
    masked = number_of(row, what, is_own=selectors.Rights(request.user).reveals(unit))
    is_fragment = bool(request.headers.get("HX-Request"))
    context: dict[str, Any] = {"number": masked, "about": about, "back": back, "seconds": SECONDS, "what": _word(what)}
    if request.method == "GET" and is_fragment:
        return render(request, "households/_number.html", context)
    form = RevealForm(request.POST if request.method == "POST" and masked.needs_reason else None)
    if not masked.needs_reason:
        del form.fields["reason"]
    full = ""
    if request.method == "POST" and (not masked.needs_reason or form.is_valid()):
        try:
            full = reveal_number(
                row,
                what=what,
                actor=request.user,
                reason=form.cleaned_data["reason"] if masked.needs_reason else "",
                address=network_address(request),
            )
        except Refused as refusal:
            form.add_error("reason" if masked.needs_reason else None, refusal.message)
    context |= {"form": form, "full": full}
    if full and is_fragment:
        return render(request, "households/_number.html", context)
    response = render(request, "households/reveal.html", context, status=422 if form.errors else 200)
    if full:
        response["Refresh"] = f"{SECONDS}; url={back}"
    return response


def _word(what: str) -> str:
    return {"document_number": _("Document number"), "phone": _("Phone")}.get(what, _("Phone of the landlord"))
