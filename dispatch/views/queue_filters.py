"""An officer's own filters of the queue: keep one, give it another name, delete it."""

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import Refused
from accounts.requests import UserRequest
from dispatch import saved_filters
from dispatch.forms.queue import FilterNameForm
from dispatch.models import SavedFilter
from grids.models import Ability
from grids.views.access import for_holders_of


@require_GET
@for_holders_of(Ability.DISPATCH)
def filters(request: UserRequest) -> HttpResponse:
    """All of them, each with its name to change and a button to delete it."""
    rows = SavedFilter.objects.filter(user=request.user)
    forms = [(row, FilterNameForm(initial={"name": row.name}, auto_id=f"filter-{row.pk}_%s")) for row in rows]
    return render(request, "dispatch/queue_filters.html", {"rows": forms, "most": saved_filters.MOST})


@require_POST
@for_holders_of(Ability.DISPATCH)
def filter_keep(request: UserRequest) -> HttpResponse:
    """Keep the filter of the form under the name given, and show it."""
    wanted = {field: request.POST.get(field, "") for field in saved_filters.FIELDS}
    try:
        row = saved_filters.keep_filter(request.POST.get("name", ""), query=wanted, actor=request.user)
    except Refused as refusal:
        notices.error(request, refusal.message)
    else:
        notices.success(request, _("Kept: %(name)s.") % {"name": row.name})
    return redirect(f"{reverse('dispatch:queue')}?{saved_filters.in_order(wanted)}")


@require_POST
@for_holders_of(Ability.DISPATCH)
def filter_rename(request: UserRequest, pk: int) -> HttpResponse:
    """Another name for an own filter. A foreign one and a missing one answer alike."""
    row = get_object_or_404(SavedFilter, pk=pk, user=request.user)
    try:
        row = saved_filters.rename_filter(row, name=request.POST.get("name", ""), actor=request.user)
    except Refused as refusal:
        notices.error(request, refusal.message)
    else:
        notices.success(request, _("Renamed: %(name)s.") % {"name": row.name})
    return redirect("dispatch:queue_filters")


@require_POST
@for_holders_of(Ability.DISPATCH)
def filter_delete(request: UserRequest, pk: int) -> HttpResponse:
    """Away with an own filter."""
    row = get_object_or_404(SavedFilter, pk=pk, user=request.user)
    saved_filters.delete_filter(row, actor=request.user)
    notices.success(request, _("Deleted: %(name)s.") % {"name": row.name})
    return redirect("dispatch:queue_filters")
