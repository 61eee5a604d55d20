"""Supervision items and their rates as a workbook: what stands on the list page, in the reader's language.

Nobody is named in it: a file goes further than a page.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from dispatch.models import Supervision
from dispatch.overview.supervision import Rate, rates_by_street, rates_by_type, total, with_clock

_WIDTHS = (28, 12, 10, 12, 24, 50, 18, 18, 18, 12)


def write(items: Any) -> bytes:
    """A sheet of the items of the queryset `items`, the newest first, and one of the rates by type and street."""
    out = BytesIO()
    # As text: a demand that begins with "=" must not run.
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1})
    header = (
        *(_("Number"), _("Sub-district"), _("Source"), _("Type"), _("Responsible unit")),
        *(_("What to put right"), _("Issued at"), _("By when"), _("Put right at"), _("State")),
    )
    _sheet(book, _("Supervision items"), header, _WIDTHS, map(_row, with_clock(items)), head)
    by_type, by_street = rates_by_type(items), rates_by_street(items)
    rates = [*by_type, *by_street, total(_("All"), by_type)]
    words = (_("Type or sub-district"), _("Issued"), _("Rectified"), _("Rectification rate"))
    _sheet(book, _("Rectification rate"), words, (24, 12, 12, 14), map(_rate, rates), head)
    book.close()
    return out.getvalue()


def _sheet(
    book: Any, name: str, header: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Any]], head: Any
) -> None:
    sheet = book.add_worksheet(name[:31])
    sheet.write_row(0, 0, header, head)
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row)


def _row(item: Any) -> Sequence[str]:
    return (
        item.number,
        item.street.name,
        item.get_source_display(),
        str(item.issue_type),
        target_name(item),
        item.demand,
        _moment(item.issued_at),
        _moment(item.due_at),
        _moment(item.met_at),
        item.get_state_display(),
    )


def target_name(item: Supervision) -> str:
    """Who has to put it right, as one line."""
    return item.unit.full_name if item.unit else str(item.department)


def _rate(rate: Rate) -> Sequence[Any]:
    return rate.name, rate.issued, rate.done, rate.percent


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
