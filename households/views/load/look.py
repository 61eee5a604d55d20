"""Looking at a load: what it would change, what became of it, the rows behind its counts, its error workbook."""

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.errors import Refused
from accounts.requests import UserRequest, network_address
from grids.models import Ability
from grids.posts import has_ability
from grids.views.access import for_holders_of
from households.forms.loads import DecideForm
from households.loading import runs, telling
from households.loading.comparison import preview
from households.loading.fields import Problem
from households.loading.kept_files import is_kept
from households.loading.workbooks.error_workbook import name_of_errors
from households.models import RegisterLoad
from households.views.load.standing import AT_WORK, State, can_be_corrected, working

ALL = "all"
"""In the address instead of a verdict: rows of every verdict, narrowed by a problem."""
_NAMES: Final = (Ability.EDIT_REGISTER, Ability.REVEAL_NUMBERS)
"""Who sees names in full, as `households.selectors.Rights` has it; there is no one unit to ask it about here."""


@for_holders_of(Ability.LOAD_REGISTER)
@require_safe
def load(request: UserRequest, key: UUID) -> HttpResponse:
    """Where the load stands: at work, ready with what it would change, or ended with what became of it."""
    found = runs.get_visible_or_404(request.user, key)
    if found.state in AT_WORK:
        return working(request, found)
    if found.state == State.READY:
        return _preview(request, found)
    return _ended(request, found)


@for_holders_of(Ability.LOAD_REGISTER)
@require_safe
def load_progress(request: UserRequest, key: UUID) -> HttpResponse:
    """The live part of the page while the load is worked on. When that is over, the page around it loads again."""
    found = runs.get_visible_or_404(request.user, key)
    if found.state in AT_WORK:
        return working(request, found, part="#live")
    return HttpResponse(headers={"HX-Refresh": "true"})


@for_holders_of(Ability.LOAD_REGISTER)
@require_safe
def load_rows(request: UserRequest, key: UUID, verdict: str) -> HttpResponse:
    """The rows behind one count, fifty a page; `?problem=` narrows them to one thing that is wrong."""
    found = runs.get_visible_or_404(request.user, key)
    if found.state in AT_WORK:
        return redirect("households:load", key)
    figures = telling.figures_of(found)
    labels = {figure.verdict: figure.label for figure in figures if figure.opens} | {ALL: _("All rows")}
    problem = _problem_of(request)
    if verdict not in labels or not found.staged_rows:
        raise Http404(_("These rows are not kept any more."))
    page = _rows(request, found, verdict, problem)
    context = {
        "load": found,
        "verdict": verdict,
        "label": labels[verdict],
        "problem_label": problem.label if problem else "",
        "figures": figures,
        "page": page,
        "sheets": len(found.plan.get("sheets", [])),
        "has_differences": verdict != telling.GONE and any(row.differences for row in page),
        "has_problems": verdict != telling.GONE and any(row.problems for row in page),
        "can_download": verdict in ("refused", "doubtful"),
    }
    return render(request, "households/loads/rows.html", context)


@for_holders_of(Ability.LOAD_REGISTER)
@require_safe
def load_errors(request: UserRequest, key: UUID) -> HttpResponseBase:
    """The sender's own workbook with the refused and doubtful rows only, to be mended and loaded again.

    While the loader writes a very long one, the load's page says so.
    """
    found = runs.get_visible_or_404(request.user, key)
    if found.state in AT_WORK:
        return redirect("households:load", key)
    try:
        out = runs.error_workbook(
            found, actor=request.user, language=get_language() or "", address=network_address(request)
        )
    except Refused as refused:
        raise Http404(refused.message) from refused
    if out is None:
        return redirect("households:load", key)
    return FileResponse(out, as_attachment=True, filename=name_of_errors(found.file_name))


@for_holders_of(Ability.LOAD_REGISTER)
@require_safe
def load_errors_link(request: UserRequest, key: UUID) -> HttpResponse:
    """The live part of the page that says "being written", and then leads to the workbook."""
    found = runs.get_visible_or_404(request.user, key)
    context = {"load": found, "errors_are_written": runs.is_being_written(found)}
    return render(request, "households/loads/_errors.html", context)


def _problem_of(request: UserRequest) -> Problem | None:
    asked = request.GET.get("problem", "")
    return Problem(asked) if asked in Problem else None


def _rows(request: UserRequest, load: RegisterLoad, verdict: str, problem: Problem | None) -> Any:
    """One page of rows as the templates' pager takes it; the number of all rows comes with them."""
    number = request.GET.get("page", "1")
    sees_names = any(has_ability(request.user, each, load.scope) for each in _NAMES)
    wanted: dict[str, Any] = {"page": int(number) if number.isdecimal() else 1, "names": sees_names}
    if verdict == telling.GONE:
        found: preview.Page[Any] = preview.gone_rows(load, **wanted)
    else:
        found = preview.rows(load, verdict=None if verdict == ALL else verdict, problem=problem, **wanted)
    paginator = _Told(found.total, found.size)
    page = paginator.get_page(found.number)
    page.object_list = found.rows
    return page


class _Told(Paginator):
    """Pages of rows that lie elsewhere: only their number is known here."""

    def __init__(self, total: int, size: int) -> None:
        super().__init__(range(total), size)


def _preview(request: UserRequest, load: RegisterLoad) -> HttpResponse:
    counts = load.counts
    asks = {"asks_gone": bool(counts.get("gone")), "asks_doubtful": bool(counts.get("doubtful"))}
    context = {
        "load": load,
        "unresolved": runs.open_places(load).count(),
        "figures": telling.figures_of(load),
        "problems": telling.problems_of(load),
        "sentences": telling.sentences_of(load),
        "writes": telling.writes_anything(load),
        "is_same": telling.says_nothing_new(load),
        "form": DecideForm(initial=load.answers, **asks),
        "streets": load.streets.select_related("street").order_by("street__code"),
        "same": runs.same_file(load, viewer=request.user),
        "errors_are_written": runs.is_being_written(load),
        "is_compared_again": load.confirmed_at is not None and not load.refusal,
    }
    return render(request, "households/loads/preview.html", context)


def _ended(request: UserRequest, load: RegisterLoad) -> HttpResponse:
    context = {
        "load": load,
        "figures": telling.figures_of(load),
        "streets": load.streets.select_related("street", "undone_by").order_by("street__code"),
        "can_be_corrected": can_be_corrected(load),
        "can_be_retried": load.state == State.REFUSED and is_kept(load),
        "seconds": sum(load.seconds.values()),
        "errors_are_written": runs.is_being_written(load),
        "has_errors": bool(load.counts.get("refused") or load.counts.get("doubtful")) and load.staged_rows,
    }
    return render(request, "households/loads/ended.html", context)
