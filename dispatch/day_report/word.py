"""The sheet of a day as a Word document."""

from typing import IO, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dispatch.day_report.content import Report, signatures
from dispatch.day_report.typesetting import BODY, CENTRE, TITLE, add_paragraph, add_table, new_document

_WIDTHS: Final = (10, 42, 34, 13, 30, 20, 38, 24, 46)
"""Of the nine columns of open incidents, in millimetres: an A4 sheet on its side."""


def write_docx(out: IO[bytes], report: Report) -> None:
    """Write the sheet to `out`."""
    document = new_document(report.title, on_its_side=True)
    add_paragraph(document, report.title, TITLE, 22, align=CENTRE)
    add_paragraph(document, report.cut_off, BODY, 12, align=CENTRE)
    for sentence in report.sentences:
        add_paragraph(document, sentence, BODY, 14, indent=True)
    if report.streets:
        add_table(document, report.streets, ())
    _open_ones(document, report)
    signed = "　　　　　　　　".join(label + pgettext("before a blank line", ": ") for label in signatures())
    add_paragraph(document, signed, BODY, 12, before=18)
    document.save(out)


def _open_ones(document: Any, report: Report) -> None:
    if report.lines.rows:
        add_table(document, report.lines, _WIDTHS)
    if report.more:
        add_paragraph(document, _("%(count)d more stand in the workbook.") % {"count": report.more}, BODY, 12)
