"""What a load would do, in figures and sentences. Pure: reads the counts and answers of a load, asks nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy, pgettext_lazy

from households.loading.fields import SEVERITY, Problem, Severity
from households.models import RegisterLoad

KEEP: Final = "keep"
MOVE_OUT: Final = "move_out"
LEAVE: Final = "leave"
TAKE: Final = "take"
GONE: Final = "gone"


@dataclass(frozen=True, slots=True)
class Figure:
    """One count of a load. `verdict` names its rows, which can be looked at if it `opens`."""

    verdict: str
    label: str | Promise
    count: int
    tone: str
    icon: str
    opens: bool


@dataclass(frozen=True, slots=True)
class ProblemCount:
    code: str
    label: str
    severity: Severity
    count: int


_FIGURES: Final[tuple[tuple[str, Promise, str, str], ...]] = (
    ("new", pgettext_lazy("rows of a load", "New"), "done", "plus"),
    ("changed", pgettext_lazy("rows of a load", "Changed"), "running", "edit"),
    ("moved", pgettext_lazy("rows of a load", "Moved"), "running", "arrow-right"),
    ("unchanged", pgettext_lazy("rows of a load", "Unchanged"), "", "check"),
    (GONE, pgettext_lazy("rows of a load", "Not in the file"), "soon", "help-circle"),
    ("doubtful", pgettext_lazy("rows of a load", "Doubtful"), "soon", "alert-circle"),
    ("refused", pgettext_lazy("rows of a load", "Refused"), "overdue", "ban"),
)
_LEFT_OUT: Final = frozenset({"doubtful", "refused"})


def figures_of(load: RegisterLoad) -> list[Figure]:
    """The counts that a load is looked at by, in the order in which one asks.

    Once a load is applied the register has what it brought, and only what it left out can still be looked at.
    """
    figures = []
    for verdict, label, tone, icon in _FIGURES:
        count = load.counts.get(verdict, 0)
        is_left = load.state == RegisterLoad.State.READY or verdict in _LEFT_OUT
        figures.append(Figure(verdict, label, count, tone, icon, bool(count and load.staged_rows and is_left)))
    return figures


def problems_of(load: RegisterLoad) -> list[ProblemCount]:
    """What is wrong with rows: what refuses first, then what is doubtful, then the notes; the most frequent first."""
    order = [Severity.REFUSED, Severity.DOUBTFUL, Severity.WARNING]
    found = [
        ProblemCount(code, str(Problem(code).label), SEVERITY[Problem(code)], count)
        for code, count in load.counts.get("problems", {}).items()
        if code in Problem and code != Problem.GONE
    ]
    return sorted(found, key=lambda problem: (order.index(problem.severity), -problem.count))


def writes_anything(load: RegisterLoad) -> bool:
    """True when applying the load would change the register."""
    counts, answers = load.counts, load.answers
    written = sum(counts.get(name, 0) for name in ("new", "changed", "moved", "new_households"))
    moved_out = counts.get(GONE, 0) if answers.get(GONE) == MOVE_OUT else 0
    taken = counts.get("doubtful", 0) if answers.get("doubtful") == TAKE else 0
    return written + moved_out + taken > 0


def says_nothing_new(load: RegisterLoad) -> bool:
    """True when the register says already all that the file says."""
    return not writes_anything(load) and load.counts.get("unchanged", 0) == load.counts.get("rows", 0) > 0


def sentences_of(load: RegisterLoad) -> list[str]:
    """What applying the load does, said before it is done."""
    gone = MOVE_OUT if load.answers.get(GONE) == MOVE_OUT else KEEP
    doubtful = TAKE if load.answers.get("doubtful") == TAKE else LEAVE
    said = [
        _of_new(load),
        *(_counted(load, verdict, _SENTENCES[verdict]) for verdict in ("changed", "moved", "unchanged")),
        _counted(load, GONE, _SENTENCES[gone]),
        _counted(load, "doubtful", _SENTENCES[doubtful]),
        _counted(load, "refused", _SENTENCES["refused"]),
    ]
    return [sentence for sentence in said if sentence]


_SENTENCES: Final[Mapping[str, Any]] = {
    "changed": ngettext_lazy("Corrects %(count)s resident.", "Corrects %(count)s residents.", "n"),
    "moved": ngettext_lazy(
        "Moves %(count)s resident to another household or micro-grid.",
        "Moves %(count)s residents to another household or micro-grid.",
        "n",
    ),
    "unchanged": ngettext_lazy(
        "Leaves %(count)s resident as before: the file says the same.",
        "Leaves %(count)s residents as before: the file says the same.",
        "n",
    ),
    KEEP: ngettext_lazy(
        "Keeps %(count)s resident who isn't in the file.", "Keeps %(count)s residents who aren't in the file.", "n"
    ),
    MOVE_OUT: ngettext_lazy(
        "Enters %(count)s resident who isn't in the file as moved out.",
        "Enters %(count)s residents who aren't in the file as moved out.",
        "n",
    ),
    LEAVE: ngettext_lazy(
        "Leaves out %(count)s doubtful row; it comes back in the error workbook.",
        "Leaves out %(count)s doubtful rows; they come back in the error workbook.",
        "n",
    ),
    TAKE: ngettext_lazy(
        "Takes %(count)s doubtful row as it stands in the file.",
        "Takes %(count)s doubtful rows as they stand in the file.",
        "n",
    ),
    "refused": ngettext_lazy(
        "Leaves out %(count)s refused row; it comes back in the error workbook.",
        "Leaves out %(count)s refused rows; they come back in the error workbook.",
        "n",
    ),
}


def _counted(load: RegisterLoad, verdict: str, sentence: Any) -> str:
    count = load.counts.get(verdict, 0)
    return sentence % {"n": count, "count": f"{count:,}"} if count else ""


def _of_new(load: RegisterLoad) -> str:
    people, households = load.counts.get("new", 0), load.counts.get("new_households", 0)
    if not people and not households:
        return ""
    text = ngettext(
        "Adds %(people)s resident and %(households)s new households to %(place)s.",
        "Adds %(people)s residents and %(households)s new households to %(place)s.",
        people,
    )
    place = load.scope.name if load.scope else _("the whole district")
    return text % {"people": f"{people:,}", "households": f"{households:,}", "place": place}
