"""The sheets: who manages the tree prints, renews and withdraws the codes of a community."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import Refused
from accounts.requests import UserRequest
from grids.models import Ability, Kind, Unit
from grids.posts import area_filter, posts_with
from grids.views.access import for_holders_of, unit_for
from public import qr
from public.place_codes import give_codes, renew_code, units_of_sheet, with_code, withdraw_code

_MANAGES = Ability.MANAGE_TREE


@for_holders_of(_MANAGES)
@require_safe
def communities(request: UserRequest) -> HttpResponse:
    """Whose sheets may be printed: the communities of the reader's posts."""
    where = area_filter(posts_with(request.user, _MANAGES))
    rows = Unit.objects.filter(kind=Kind.COMMUNITY, retired_at=None).select_related("street").order_by("code")
    return render(
        request, "public/communities.html", {"communities": rows.filter(where) if where is not None else rows}
    )


@for_holders_of(_MANAGES)
@require_safe
def sheets(request: UserRequest, code: str) -> HttpResponse:
    """All codes of one community, to be read on the screen and printed on A4, one place a sheet."""
    community = unit_for(request.user, code, _MANAGES)
    rows = [
        {"unit": unit, "code": own, "qr": _drawn(own.code) if own else ""}
        for unit, own in with_code(units_of_sheet(community))
    ]
    lacking = sum(row["code"] is None for row in rows)
    context = {"community": community, "rows": rows, "lacking": lacking, "door": qr.address("public:door")}
    return render(request, "public/sheets.html", context)


@for_holders_of(_MANAGES)
@require_POST
def give(request: UserRequest, code: str) -> HttpResponse:
    """Make the codes that are missing."""
    community = unit_for(request.user, code, _MANAGES)
    made = give_codes(list(units_of_sheet(community)), actor=request.user)
    messages.success(request, _("%(number)d codes made.") % {"number": made})
    return redirect("public:sheets", code)


@for_holders_of(_MANAGES)
@require_POST
def renew(request: UserRequest, code: str) -> HttpResponse:
    """A new code for one place: the old sheet counts no more."""
    unit = unit_for(request.user, code, _MANAGES)
    try:
        renew_code(unit, actor=request.user, replaces=request.POST.get("replaces", ""))
        messages.success(request, _("New code made. Hang up the new sheet: the old one counts no more."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("public:sheets", _sheet_of(unit))


@for_holders_of(_MANAGES)
@require_POST
def withdraw(request: UserRequest, code: str) -> HttpResponse:
    """No code for this place any more."""
    unit = unit_for(request.user, code, _MANAGES)
    withdraw_code(unit, actor=request.user)
    messages.success(request, _("Code withdrawn. Take the sheet down."))
    return redirect("public:sheets", _sheet_of(unit))


def _sheet_of(unit: Unit) -> str:
    return unit.community.code if unit.community else unit.code


def _drawn(code: str) -> str:
    return qr.svg(qr.address("public:report", code), label=_("QR code of the report page of this place"))
