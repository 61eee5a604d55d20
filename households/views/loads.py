"""The list of loads, and the door through which a file comes in."""

import tempfile

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.errors import Refused
from accounts.requests import UserRequest
from grids.models import Ability, Unit
from grids.views.access import for_holders_of
from households.forms.loads import UploadForm
from households.loading import runs
from households.loading.rows import NamedPlace
from households.loading.scopes import Scopes, micro_grids_of, scopes_of
from households.loading.workbooks.blank_workbook import Register, write_blank
from households.models import TagKind

LOADS_A_PAGE = 30


@for_holders_of(Ability.LOAD_REGISTER)
@require_http_methods(["GET", "POST"])
def loads(request: UserRequest) -> HttpResponse:
    """Who loaded which file when, and the form to load another one."""
    scopes = scopes_of(request.user)
    if request.method == "GET":
        return _page(request, UploadForm(scopes=scopes), scopes)
    form = UploadForm(request.POST, request.FILES, scopes=scopes)
    if form.is_valid():
        try:
            load = runs.receive(form.cleaned_data["file"], scope=form.unit, actor=request.user)
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else "file", error.message)
        else:
            return redirect("households:load_columns", load.key)
    return _page(request, form, scopes, status=422)


@for_holders_of(Ability.LOAD_REGISTER)
@require_safe
def load_template(request: UserRequest, code: str) -> FileResponse:
    """An empty workbook to be filled in for one street, with the names of its micro-grids to choose from."""
    street = next((unit for unit in scopes_of(request.user).streets if unit.code == code), None)
    if street is None:
        raise Http404(_("No unit with this code is known here."))
    out = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it when it is sent
    write_blank(
        out,
        Register.RESIDENTS,
        language=get_language(),
        places=[_named(unit) for unit in micro_grids_of(street, request.user)],
        tags=[str(kind) for kind in TagKind.objects.order_by("order", "pk")],
    )
    out.seek(0)
    name = _("Residents of %(street)s, to fill in") % {"street": street.name}
    return FileResponse(out, as_attachment=True, filename=f"{name}.xlsx")


def _named(unit: Unit) -> NamedPlace:
    community, grid, micro_grid = (each.name for each in unit.path[1:])
    return NamedPlace(community, grid, micro_grid)


def _page(request: UserRequest, form: UploadForm, scopes: Scopes, status: int = 200) -> HttpResponse:
    rows = runs.visible_to(request.user).select_related("made_by", "scope").order_by("-made_at", "-pk")
    context = {
        "form": form,
        "streets": scopes.streets,
        "page": Paginator(rows, LOADS_A_PAGE).get_page(request.GET.get("page")),
        "at": clock.now(),
    }
    return render(request, "households/loads/list.html", context, status=status)
