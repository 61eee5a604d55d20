"""The access log, for the auditor alone."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

import clock
from accounts.paging import page_of
from accounts.requests import UserRequest, network_address
from grids.models import Ability
from grids.views.access import for_holders_of
from households import auditing
from households.forms.auditing import AccessSearchForm


@never_cache
@for_holders_of(Ability.AUDIT)
def access_log(request: UserRequest) -> HttpResponse:
    """The newest entries, or those asked for; above them the days with unusually many reveals."""
    form = AccessSearchForm(request.GET)
    search = form.search()
    found = auditing.records(search)
    auditing.record_reading(request.user, search, address=network_address(request))
    page = page_of(request, found, found.order_by().count())
    context = {
        "at": clock.now(),
        "form": form,
        "page": page,
        "entries": [(entry, auditing.subject_of(entry), auditing.shown_of(entry)) for entry in page],
        "busy_days": auditing.busy_days(),
        "many": auditing.MANY_REVEALS,
        "is_narrowed": search != auditing.Search(),
    }
    return render(request, "households/access_log.html", context)


@never_cache
@for_holders_of(Ability.AUDIT)
def access_log_file(request: UserRequest) -> StreamingHttpResponse:
    """The same entries as a CSV file for Excel."""
    search = AccessSearchForm(request.GET).search()
    auditing.record_reading(request.user, search, address=network_address(request))
    response = StreamingHttpResponse(auditing.as_csv(auditing.records(search)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="access-log.csv"'
    return response
