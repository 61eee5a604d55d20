"""What the user says on the way: how a sheet is read, which place is meant, what becomes of gone and doubtful rows."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import Refused
from accounts.kept_forms import take_kept_form
from accounts.requests import UserRequest
from households.forms.load_columns import SheetForm
from households.forms.loads import DecideForm, PlacesForm
from households.loading import runs
from households.loading.plan import BookPlan, SheetPlan
from households.loading.recognition import verdicts
from households.loading.scopes import named_micro_grids
from households.models import RegisterLoad
from households.views.load.places import askable_places, found_places
from households.views.load.standing import for_readable_load, for_ready_load

MOST_PLACES: Final = 100
"""A page of questions. Each is one or two fields, and a form has a limit; the next ones follow when these are said."""


@for_readable_load
@require_http_methods(["GET", "POST"])
def load_columns(request: UserRequest, load: RegisterLoad) -> HttpResponse:
    """How the file is read, one sheet at a time (`?sheet=`), and the place to correct it."""
    plan = BookPlan.from_json(load.plan)
    sheet = _sheet_of(plan, request.GET.get("sheet"))
    form = SheetForm(_typed(request), sheet=sheet, is_alone=len(plan.sheets) == 1)
    if request.method == "POST" and form.is_valid():
        try:
            if correction := form.correction:
                runs.correct(load, sheets={sheet.index: correction}, actor=request.user)
            return redirect("households:load", load.key)
        except Refused as refused:
            form.refuse(refused)
    return _columns(request, load, plan, form)


@for_ready_load
@require_http_methods(["GET", "POST"])
def load_places(request: UserRequest, load: RegisterLoad) -> HttpResponse:
    """The places that the tree doesn't know, or knows several of, to be said by hand."""
    places = list(askable_places(load)[:MOST_PLACES])
    micro_grids = named_micro_grids(load.scope, request.user) if places else {}
    form = PlacesForm(_typed(request), places=places, micro_grids=micro_grids)
    if request.method == "POST" and form.is_valid():
        try:
            runs.say_places(load, units=form.units, add=form.additions, actor=request.user)
            return redirect("households:load", load.key)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
    context = {
        "load": load,
        "form": form,
        "names": micro_grids,
        "unresolved": runs.open_places(load).count(),
        "more": askable_places(load).count() - len(places),
        "found": found_places(load)[:MOST_PLACES],
    }
    return render(request, "households/loads/places.html", context, status=422 if form.errors else 200)


@for_ready_load
@require_POST
def load_decide(request: UserRequest, load: RegisterLoad) -> HttpResponse:
    """What becomes of the people whom the file doesn't name, and of the rows in doubt."""
    form = DecideForm(request.POST, asks_gone="gone" in request.POST, asks_doubtful="doubtful" in request.POST)
    if form.is_valid():
        try:
            runs.decide(load, actor=request.user, **form.cleaned_data)
        except Refused as error:
            messages.error(request, error.message)
    return redirect("households:load", load.key)


def _typed(request: UserRequest) -> QueryDict | None:
    """What is sent now, or was sent when the session had ended."""
    return request.POST if request.method == "POST" else take_kept_form(request)


def _sheet_of(plan: BookPlan, asked: str | None) -> SheetPlan:
    """The sheet that the address asks for; otherwise the first one that is read."""
    if asked is not None:
        for sheet in plan.sheets:
            if str(sheet.index) == asked:
                return sheet
        raise Http404(_("The file has no such sheet."))
    return next(iter(plan.registers or plan.sheets))


def _columns(request: UserRequest, load: RegisterLoad, plan: BookPlan, form: SheetForm) -> HttpResponse:
    sheet = form.sheet
    context = {
        "load": load,
        "sheets": plan.sheets,
        "unsure": {sheet.index for sheet in plan.registers if verdicts.columns_in_doubt(sheet)},
        "sheet": sheet,
        "form": form,
        "place": " ".join(filter(None, (sheet.place.get(tier) for tier in ("community", "grid", "micro_grid")))),
        "why_not": verdicts.why_not(sheet),
        "unresolved": runs.open_places(load).count(),
    }
    return render(request, "households/loads/columns.html", context, status=422 if form.errors else 200)
