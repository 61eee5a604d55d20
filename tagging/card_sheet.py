"""The tables of the model card as a workbook: the same rows as the page, and every mistake."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.workbook import Workbook

from accounts.spreadsheets import neutral
from tagging.card import Card, Line, Mistake
from tagging.models import Tagger

Cells = Sequence[str | int | float | None]
_AS_TEXT: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def write(card: Card, at: Any) -> bytes:
    """A sheet for each table; shares are numbers from 0 to 1, shown in per cent."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, _AS_TEXT) as book:
        above = f"{_('How the tagger does')} · {_('as of')} {_moment(at)}"
        by_category = (_("Category code"), _("Category"), _("Words"), _("Held out"), _("Precision"), _("Recall"))
        _sheet(book, _("By category"), above, by_category, (16, 28), map(_line, card.lines))
        taken = (_("It was"), _("Taken for"), _("How often"), _("Words that led astray"))
        _sheet(book, _("Taken for another"), above, taken, (28, 28, 12, 50), map(_mistake, card.mistakes))
        answers = (_("Suggestions of the last 30 days"), _("Number of them"))
        _sheet(book, _("What people made of it"), above, answers, (44, 14), _answers(card))
        trainings = (_("Trained"), _("Dictionary"), _("Incidents learnt from"), _("Macro-F1"), _("In use"))
        present = [card.tagger] if card.tagger else []
        _sheet(book, _("Trainings"), above, trainings, (18, 12, 20), map(_training, [*present, *card.earlier]))
    return out.getvalue()


def _sheet(
    book: Workbook, name: str, above: str, header: Sequence[str], widths: Sequence[int], rows: Iterable[Cells]
) -> None:
    sheet = book.add_worksheet(name[:31])
    sheet.write_string(0, 0, neutral(above))
    sheet.write_row(2, 0, header, book.add_format({"bold": True, "bottom": 1}))
    sheet.freeze_panes(3, 0)
    share = book.add_format({"num_format": "0%"})
    for column in range(len(header)):
        sheet.set_column(column, column, widths[column] if column < len(widths) else 12)
    for at, row in enumerate(rows, start=3):
        for column, cell in enumerate(row):
            if isinstance(cell, int | float):
                sheet.write_number(at, column, cell, share if isinstance(cell, float) else None)
            elif cell:
                sheet.write_string(at, column, neutral(cell))


def _line(line: Line) -> Cells:
    figures = line.figures
    told = (figures.letters, float(figures.precision), float(figures.recall)) if figures else (0, None, None)
    return line.code, str(line.category), line.words, *told


def _mistake(mistake: Mistake) -> Cells:
    words = pgettext("between names", ", ").join(mistake.words)
    return str(mistake.truth), str(mistake.said), mistake.count, words


def _answers(card: Card) -> Iterable[Cells]:
    answers = card.answers
    yield _("Suggested"), answers.made
    yield _("Decided by people"), answers.decided
    yield _("Of these, decided as suggested"), answers.agreed
    yield _("Decided where it was sure"), answers.sure
    yield _("Of these, decided as suggested"), answers.sure_agreed


def _training(tagger: Tagger) -> Cells:
    macro_f1 = float(tagger.report["macro_f1"])
    in_use = _("yes") if tagger.in_use else _("no")
    return _moment(tagger.trained_at), str(tagger.dictionary), tagger.letters, macro_f1, in_use


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
