"""Which load a page is about, whether the user may see it, and what is shown instead while it is worked on."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.kept_forms import keeps_form
from accounts.requests import UserRequest
from grids.models import Ability
from grids.views.access import for_holders_of
from households.loading import runs
from households.loading.progress import LABELS, Progress, progress_of
from households.models import RegisterLoad

State = RegisterLoad.State
AT_WORK: Final = frozenset({State.RECEIVED, State.READING, State.WAITING, State.APPLYING, State.UNDOING})

type _View = Callable[..., HttpResponseBase]


def for_ready_load(view: Callable[..., HttpResponse]) -> _View:
    """Hand the view the load of the address when it waits for its user.

    While it is worked on the same address shows how far that is; once it has ended it leads to what became of it.
    """
    return _for_load(view, lambda load: load.state == State.READY)


def for_readable_load(view: Callable[..., HttpResponse]) -> _View:
    """The same, also for a load that wasn't taken although its sheets could be looked at: it may be corrected."""
    return _for_load(view, lambda load: load.state == State.READY or can_be_corrected(load))


def can_be_corrected(load: RegisterLoad) -> bool:
    """True when the sheets of a load that wasn't taken are known, so that somebody can say how to read them."""
    return load.state == State.REFUSED and bool(load.plan.get("sheets"))


def _for_load(view: Callable[..., HttpResponse], fits: Callable[[RegisterLoad], bool]) -> _View:
    @keeps_form
    @for_holders_of(Ability.LOAD_REGISTER)
    @wraps(view)
    def guarded(request: UserRequest, key: UUID) -> HttpResponse:
        load = runs.get_visible_or_404(request.user, key)
        if load.state in AT_WORK and request.method == "GET":
            return working(request, load)
        if not fits(load):
            return redirect("households:load", key)
        return view(request, load)

    return guarded


def working(request: UserRequest, load: RegisterLoad, *, part: str = "") -> HttpResponse:
    """The page that shows work under way; `part` is the live fragment of it alone."""
    progress = progress_of(load.pk)
    context: dict[str, Any] = {
        "load": load,
        "progress": progress,
        "stage": _stage(load, progress),
        "waits": runs.waits_for(load),
        "left": _left(progress.seconds_left) if progress else "",
    }
    return render(request, f"households/loads/working.html{part}", context)


def _stage(load: RegisterLoad, progress: Progress | None) -> str:
    if load.state == State.WAITING:
        return str(LABELS["waiting"])
    return progress.label if progress else load.get_state_display()


def _left(seconds: int | None) -> str:
    """The time left as one says it; nothing as long as it would be a guess."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("about %(count)s s left") % {"count": max(seconds, 1)}
    return _("about %(count)s min left") % {"count": round(seconds / 60)}
