"""Registers that leave the product: the list, asking, deciding, downloading."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.errors import Forbidden, Refused
from accounts.models import User
from accounts.requests import UserRequest, network_address
from grids.models import Ability
from grids.posts import abilities_of
from grids.views.access import for_holders_of
from households.forms.exporting import AskForm, DecideForm
from households.models import ExportRequest
from households.services.exporting import ask_export, decide_export, download_export, may_decide
from households.views.areas import area_asked, place_at

MOST_SHOWN = 50
State = ExportRequest.State


@never_cache
@for_holders_of(Ability.EXPORT_REGISTER, Ability.APPROVE_EXPORT)
@require_safe
def exports(request: UserRequest) -> HttpResponse:
    """The user's own exports, the newest first, and above them those that wait for the user's decision."""
    own = _exports().filter(asked_by=request.user)[:MOST_SHOWN]
    context = {
        "at": clock.now(),
        "exports": list(own),
        "waiting": _waiting_for(request.user),
        "decided": list(_exports().filter(decided_by=request.user)[:MOST_SHOWN]),
        "may_ask": Ability.EXPORT_REGISTER in abilities_of(request.user),
    }
    return render(request, "households/exports/list.html", context)


@never_cache
@for_holders_of(Ability.EXPORT_REGISTER)
@require_http_methods(["GET", "POST"])
def ask(request: UserRequest) -> HttpResponse:
    """Ask for a register of the unit that the address names."""
    place = place_at(request.user, area_asked(request, Ability.EXPORT_REGISTER), Ability.EXPORT_REGISTER)
    form = AskForm(request.POST or None, initial={"register": request.GET.get("register", "residents")})
    if form.is_bound and form.is_valid():
        try:
            export = ask_export(
                area=place.area, actor=request.user, address=network_address(request), **form.cleaned_data
            )
        except Forbidden as refusal:
            raise PermissionDenied(refusal.message) from refusal
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _asked_said(export))
            return redirect("households:exports")
    context = {"form": form, "place": place, "trail": place.trail}
    return render(request, "households/exports/ask.html", context, status=422 if form.is_bound else 200)


@never_cache
@for_holders_of(Ability.EXPORT_REGISTER, Ability.APPROVE_EXPORT)
@require_http_methods(["GET", "POST"])
def export(request: UserRequest, key: UUID) -> HttpResponse:
    """One export: who wants what and what for, and the decision of whoever may take it."""
    shown = _export_or_404(request.user, key)
    form = DecideForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            decide_export(shown, actor=request.user, address=network_address(request), **form.decision())
        except Forbidden as refusal:
            raise PermissionDenied(refusal.message) from refusal
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("Your decision is kept. Who asked is told."))
            return redirect("households:exports")
    context: dict[str, Any] = {
        "export": shown,
        "form": form,
        "may_decide": shown.state == State.ASKED and may_decide(request.user, shown),
    }
    return render(request, "households/exports/export.html", context, status=422 if form.is_bound else 200)


@never_cache
@for_holders_of(Ability.EXPORT_REGISTER)
@require_safe
def download(request: UserRequest, key: UUID) -> HttpResponseBase:
    """The file, behind a plain link, so that the web views of chat apps take it, too."""
    wanted = ExportRequest.objects.select_related("unit").filter(key=key, asked_by=request.user).first()
    if wanted is None:
        raise Http404
    try:
        file = download_export(wanted, actor=request.user, address=network_address(request))
    except Forbidden as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except (Refused, FileNotFoundError) as refusal:
        messages.error(request, getattr(refusal, "message", _("This file is no longer there. Ask for it again.")))
        return redirect("households:exports")
    return FileResponse(file, as_attachment=True, filename=_file_name(wanted))


def _exports() -> Any:
    return ExportRequest.objects.select_related("unit", "asked_by", "decided_by").order_by("-asked_at", "-pk")


def _waiting_for(user: User) -> list[ExportRequest]:
    """Oldest first: somebody waits for each of them. There are never many undecided."""
    asked = _exports().filter(state=State.ASKED).exclude(asked_by=user).order_by("asked_at", "pk")
    return [export for export in asked if may_decide(user, export)]


def _export_or_404(user: User, key: UUID) -> ExportRequest:
    """One that the user asked for, decided, or may decide."""
    found: ExportRequest | None = _exports().filter(key=key).first()
    if found is None or not (user.pk in (found.asked_by_id, found.decided_by_id) or may_decide(user, found)):
        raise Http404
    return found


def _asked_said(export: ExportRequest) -> str:
    if export.is_unmasked:
        return _("Asked for. Whoever may approve it has been told; you are told when it is decided.")
    return _("The file is being written. It appears here, and you are told, in a moment.")


def _file_name(export: ExportRequest) -> str:
    made_on = timezone.localdate(export.asked_at)
    parts = [export.get_register_display(), export.unit.name if export.unit else "", f"{made_on:%Y%m%d}"]
    return "-".join(filter(None, parts)) + f".{export.format}"
