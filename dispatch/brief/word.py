"""The one-page brief as a Word document: A4, upright."""

from typing import IO, Final

from django.utils.translation import gettext as _

from dispatch.brief.content import Brief
from dispatch.day_report.typesetting import BODY, CENTRE, TITLE, add_paragraph, add_table, new_document

_OF_NUMBERS: Final = (68, 34, 34, 34)
_OF_PLACES: Final = (14, 56, 100)
_OF_CASES: Final = (36, 28, 12, 36, 26, 18, 14)
"""Widths of the columns in millimetres: 170 of an A4 sheet lie between the margins."""


def write_docx(out: IO[bytes], brief: Brief) -> None:
    """Write the sheet to `out`."""
    document = new_document(brief.title)
    add_paragraph(document, brief.title, TITLE, 20, align=CENTRE)
    add_paragraph(document, brief.cut_off, BODY, 12, align=CENTRE)
    for sentence in brief.sentences:
        add_paragraph(document, sentence, BODY, 14, indent=True)
    add_table(document, brief.numbers, _OF_NUMBERS)
    if brief.places.rows:
        add_table(document, brief.places, _OF_PLACES)
    if brief.burning.rows:
        add_table(document, brief.burning, _OF_CASES)
    if brief.more:
        add_paragraph(document, _("%(count)d more are as urgent.") % {"count": brief.more}, BODY, 12)
    document.save(out)
