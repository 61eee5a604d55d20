"""What stands on the sheet of a day: title, cut-off time, the figures in sentences, the streets, what was open and why.

Number, category, community, party, time and the reasons that were given; no description, no person, no door.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from clock import said
from dispatch.models import DayClose, DayCloseLine
from dispatch.overview.close_out_report import Compared, compared, totals
from dispatch.wording import LEVELS
from grids.models.unit import localized
from incidents.workflow import Status

MOST_ON_PAPER = 500
"""More lines than these nobody reads on paper: the sheet says how many more the workbook has."""


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, its headers, and rows of texts."""

    heading: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]

    def labelled(self) -> list[list[tuple[str, str]]]:
        """The rows, each text after its header."""
        return [list(zip(self.headers, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Report:
    """One sheet. `streets` is there for several streets; `more` lines were left out of `lines`."""

    title: str
    cut_off: str
    sentences: Sequence[str]
    figures: Sequence[Compared]
    streets: Table | None
    lines: Table
    more: int = 0


def of_street(
    closing: DayClose, lines: Sequence[DayCloseLine], before: DayClose | None, *, most: int = MOST_ON_PAPER
) -> Report:
    """The sheet of one street; `lines` with their reasons, the latest first."""
    place = closing.street.name
    figures = compared(totals([closing]), totals([before]) if before else None)
    return Report(
        title=_title(place, closing.day),
        cut_off=_cut_off(closing.due_at, closing.frozen_at),
        sentences=_sentences(place, closing.due_at, figures),
        figures=figures,
        streets=None,
        lines=_lines(lines[:most], names_street=False),
        more=max(0, len(lines) - most),
    )


def of_district(
    place: str,
    closings: Sequence[DayClose],
    lines: Sequence[DayCloseLine],
    before: Sequence[DayClose],
    *,
    most: int = MOST_ON_PAPER,
) -> Report:
    """The sheet of several streets on one day, in the order of their codes: nobody is ranked."""
    figures = compared(totals(closings), totals(before) if before else None)
    line = max(closing.due_at for closing in closings)
    return Report(
        title=_title(place, closings[0].day),
        cut_off=_cut_off(line, max(closing.frozen_at for closing in closings)),
        sentences=_sentences(place, line, figures),
        figures=figures,
        streets=_streets(closings),
        lines=_lines(lines[:most], names_street=True),
        more=max(0, len(lines) - most),
    )


def day_in_words(day: date) -> str:
    """11月20日, 20 November: as a title says it."""
    return f"{day.month}月{day.day}日" if _is_chinese() else date_format(day, "j F")


def moment_in_words(moment: datetime) -> str:
    """2026年11月20日15:42, 20 November 2026, 15:42."""
    local = timezone.localtime(moment)
    if _is_chinese():
        return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"
    return date_format(local, "j F Y, H:i")


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def _title(place: str, day: date) -> str:
    return _("Daily close-out of %(place)s, %(day)s") % {"place": place, "day": day_in_words(day)}


def _cut_off(line: datetime, frozen_at: datetime) -> str:
    """截至…; a sheet that was made up for says when."""
    words = _("As of %(time)s") % {"time": moment_in_words(line)}
    if frozen_at - line < MADE_UP_FOR:
        return words
    return _("%(as_of)s (made up for on %(frozen)s from the history)") % {
        "as_of": words,
        "frozen": moment_in_words(frozen_at),
    }


MADE_UP_FOR = timedelta(minutes=5)
"""A beat is at most a minute late; a close-out frozen later than this says so."""


def _sentences(place: str, line: datetime, figures: Sequence[Compared]) -> list[str]:
    now = {figure.name: figure.now for figure in figures}
    facts = {"place": place, "time": moment_in_words(line), **now, "missed": now["due"] - now["due_closed"]}
    due = _("As of %(time)s, nothing was due in %(place)s at this close-out.")
    if now["due"]:
        facts["share"] = f"{now['due_closed'] / now['due']:.1%}"
        due = ngettext(
            "As of %(time)s, %(due)d incident was due in %(place)s at this close-out; %(due_closed)d closed in time "
            "(%(share)s), %(missed)d not.",
            "As of %(time)s, %(due)d incidents were due in %(place)s at this close-out; %(due_closed)d closed in time "
            "(%(share)s), %(missed)d not.",
            now["due"],
        )
    since = _("Since the last close-out %(reported)d were reported and %(closed)d closed.")
    open_ = _("%(open)d are open, %(late)d of them late.") if now["open"] else _("Nothing is open.")
    said = ("" if _is_chinese() else " ").join(sentence % facts for sentence in (due, since, open_))
    return [said, *_against_before(figures)]


def _against_before(figures: Sequence[Compared]) -> list[str]:
    changes = [f"{figure.label} {figure.change_in_words}" for figure in figures if figure.change is not None]
    if not changes:
        return []
    return [_("Against the day before: %(changes)s.") % {"changes": pgettext("between items", ", ").join(changes)}]


def _streets(closings: Sequence[DayClose]) -> Table:
    names = ("reported", "closed", "due", "due_closed", "open", "late")
    headers = [_("Sub-district"), *(figure.label for figure in compared(totals(closings), None))]
    rows = [[each.street.name, *(str(getattr(each, name)) for name in names)] for each in closings]
    return Table(_("By sub-district"), headers, rows)


def _lines(lines: Sequence[DayCloseLine], *, names_street: bool) -> Table:
    headers = [
        pgettext("column", "No."),
        _("Number"),
        _("Kind"),
        _("Level"),
        _("Place"),
        _("Status then"),
        _("Held then by"),
    ]
    headers += [_("Late by"), pgettext("for being open", "Reason")]
    rows = [[str(index), *_cells(line, names_street)] for index, line in enumerate(lines, start=1)]
    return Table(_("Open at the close-out"), headers, rows)


def _cells(line: DayCloseLine, names_street: bool) -> list[str]:
    place = f"{line.day_close.street.name} {line.community_name}" if names_street else line.community_name
    return [
        line.number,
        localized(line.category_name, line.category_name_en),
        _level(line.level),
        place.strip(),
        str(Status(line.status).label),
        localized(line.holder, line.holder_en),
        _lateness(line),
        pgettext("between reasons", "; ").join(reason.text.rstrip("。.;；") for reason in line.reasons.all()),
    ]


def _lateness(line: DayCloseLine) -> str:
    if line.minutes_late:
        return said.duration(timedelta(minutes=line.minutes_late))
    return _("due just then") if line.due_at and line.due_at <= line.day_close.due_at else ""


def _level(level: int) -> str:
    return LEVELS[level] if _is_chinese() else str(level)


def signatures() -> Sequence[str]:
    """What stands at the foot, to be signed by hand."""
    return _("Filled in by"), _("Checked by"), _("Signed off by")
