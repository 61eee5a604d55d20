"""Supervision items: the list with its rate, issuing one, and the page of one with what its reader may do."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

import clock
from accounts.errors import Forbidden, Refused
from accounts.kept_forms import keeps_form, take_kept_form
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch import supervising
from dispatch.forms.places import street_chosen, streets_with
from dispatch.forms.supervision import NoteForm, SupervisionForm, form_of
from dispatch.models import Supervision
from dispatch.overview import supervision as overview
from dispatch.overview import supervision_sheet
from dispatch.overview.call_filters import SupervisionFilter
from dispatch.overview.call_timelines import supervision_events
from dispatch.supervision_rights import Act, may
from grids.models import Ability
from grids.posts import abilities_of
from grids.views.access import for_holders_of
from grids.views.changes import bound, carried_out
from incidents.forms.fields import typed
from incidents.selectors import get_visible_or_404

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DONE: dict[str, Promise] = {
    Act.RECTIFY: gettext_lazy("Reported as rectified. Somebody else checks it now."),
    Act.CONFIRM: gettext_lazy("Checked again: it is in order."),
    Act.REJECT: gettext_lazy("Sent back. It is due at the same time as before."),
    Act.EXTEND: gettext_lazy("The new time counts."),
    Act.WITHDRAW: gettext_lazy("Withdrawn."),
}


@for_holders_of(Ability.SUPERVISE, Ability.HANDLE, Ability.DISPATCH, Ability.CLOSE_OUT)
@require_GET
def supervision(request: UserRequest) -> HttpResponse:
    """The items that the user may see, narrowed by the filter; above them the rate of what the filter covers."""
    narrowed = SupervisionFilter(request.GET, user=request.user)
    items = narrowed.narrow(overview.visible_to(request.user))
    listed = narrowed.in_state(items)
    by_type = overview.rates_by_type(items)
    context: dict[str, Any] = {
        "at": clock.now(),
        "filter": narrowed,
        "page": page_of(request, overview.with_clock(listed), listed.count()),
        "by_type": by_type,
        "by_street": overview.rates_by_street(items),
        "total": overview.total(_("All"), by_type),
        "may_issue": Ability.SUPERVISE in abilities_of(request.user),
    }
    return render(request, "dispatch/supervision/list.html", context)


@for_holders_of(Ability.SUPERVISE, Ability.DISPATCH, Ability.CLOSE_OUT)
@require_GET
def supervision_file(request: UserRequest) -> HttpResponse:
    """The same list, whole, as a workbook."""
    narrowed = SupervisionFilter(request.GET, user=request.user)
    items = narrowed.in_state(narrowed.narrow(overview.visible_to(request.user)))
    return HttpResponse(
        supervision_sheet.write(items),
        content_type=_XLSX,
        headers={"Content-Disposition": 'attachment; filename="supervision.xlsx"'},
    )


@keeps_form
@require_http_methods(["GET", "POST"])
def supervision_new(request: UserRequest) -> HttpResponse:
    """Issue an item in one street (`?street=CODE`, asked for first where there are several; `?unit=CODE`)."""
    streets = streets_with(request.user, Ability.SUPERVISE)
    if not streets:
        raise PermissionDenied
    street = street_chosen(streets, request.GET.get("street"))
    if street is None:
        return render(request, "dispatch/calls/street.html", {"streets": streets, "unit": request.GET.get("unit", "")})
    form = bound(request, SupervisionForm, user=request.user, street=street, also=request.GET.get("unit", ""))

    def act(form: SupervisionForm) -> Supervision:
        return supervising.issue_supervision(street, actor=request.user, **form.cleaned_data)

    if issued := carried_out(form, act):
        messages.success(request, _("Issued: %(number)s.") % {"number": issued.number}, extra_tags="draft:supervision")
        return redirect("dispatch:supervision_item", issued.number)
    context = {"form": form, "street": street}
    return render(request, "dispatch/supervision/new.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def supervise_incident(request: UserRequest, number: str) -> HttpResponse:
    """Put an overdue incident's lead party under supervision, with one press."""
    incident = get_visible_or_404(request.user, number)
    try:
        item = supervising.supervise_incident(incident, actor=request.user)
    except Forbidden as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        messages.warning(request, refusal.message)
        return redirect("incidents:incident", number)
    messages.success(request, _("Issued: %(number)s.") % {"number": item.number})
    return redirect("dispatch:supervision_item", item.number)


@login_required
@require_GET
def supervision_item(request: UserRequest, number: str) -> HttpResponse:
    """One item: what is demanded of whom, by when, what happened, and what the user may do now."""
    return _page(request, overview.get_visible_or_404(request.user, number))


@keeps_form
@require_http_methods(["GET", "POST"])
def supervision_act(request: UserRequest, number: str, act: str) -> HttpResponse:
    """Do one act; what is refused comes back on the item's page with what was typed."""
    if act not in supervising.ACTS:
        raise Http404(_("There is no such act."))
    item = overview.get_visible_or_404(request.user, number)
    if request.method == "GET":
        kept = take_kept_form(request)
        return _page(request, item, form_of(act, initial=typed(kept) if kept else None), act)
    form = form_of(act, request.POST)

    def do(form: NoteForm) -> Supervision:
        return supervising.ACTS[Act(act)](item, actor=request.user, **form.cleaned_data)

    if carried_out(form, do):
        messages.success(request, str(_DONE[act]))
        return redirect("dispatch:supervision_item", number)
    return _page(request, overview.get_visible_or_404(request.user, number), form, act, status=422)


def _page(
    request: UserRequest, item: Any, form: NoteForm | None = None, act: str = "", status: int = 200
) -> HttpResponse:
    at = clock.now()
    offered = [each for each in supervising.ACTS if may(request.user, item, each, at=at)]
    forms = {each.value: form if form and each == act else form_of(each) for each in offered}
    context = {
        "item": item,
        "at": at,
        "forms": forms,
        "refused": form if form is not None and form.errors else None,
        "shown": act,
        "clocks": item.deadlines.order_by("pk"),
        "events": supervision_events(item),
        "target": supervision_sheet.target_name(item),
        "why_not": _why_not(request, item, offered),
    }
    return render(request, "dispatch/supervision/item.html", context, status=status)


def _why_not(request: UserRequest, item: Any, offered: list[Act]) -> str:
    """Why somebody who checks items elsewhere isn't offered to check this one."""
    if item.state != Supervision.State.RECTIFIED or Act.CONFIRM in offered:
        return ""
    if Ability.SUPERVISE not in abilities_of(request.user):
        return ""
    return _("Who rectified it, or serves who has to, doesn't check it: somebody else does.")
