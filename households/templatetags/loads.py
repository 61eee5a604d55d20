"""How a load reads on its pages: numbers in thousands, the letters of columns, how sure we are, how it stands."""

from typing import Any, Final

from django import template
from django.utils.translation import gettext_lazy as _

from households.loading.files.sheet_xml import column_name
from households.loading.plan import ColumnPlan
from households.models import RegisterLoad

register = template.Library()

SURE: Final = 0.85
LIKELY: Final = 0.7
"""Below it stands what `verdicts.columns_in_doubt` wants looked at."""
_LOOKS: Final = {
    RegisterLoad.State.RECEIVED: "running",
    RegisterLoad.State.READING: "running",
    RegisterLoad.State.REFUSED: "overdue",
    RegisterLoad.State.READY: "soon",
    RegisterLoad.State.WAITING: "running",
    RegisterLoad.State.APPLYING: "running",
    RegisterLoad.State.APPLIED: "done",
    RegisterLoad.State.UNDOING: "running",
}


@register.filter
def thousands(count: Any) -> str:
    """217000 as 217,000; nothing for nothing known."""
    # Not Django's own: it groups by four digits in Chinese, which no register's figures do.
    return "" if count in (None, "") else f"{count:,}"


@register.filter
def letter(index: int) -> str:
    """The name of a column as the sender's spreadsheet has it: 0 is A, 27 is AB."""
    return column_name(index + 1)


@register.inclusion_tag("components/_status.html")
def load_state(load: RegisterLoad) -> dict[str, str]:
    """The state of a load as colour, sign and word."""
    return {"code": _LOOKS.get(RegisterLoad.State(load.state), "idle"), "label": load.get_state_display()}


@register.inclusion_tag("households/loads/_sureness.html")
def sureness(column: ColumnPlan) -> dict[str, Any]:
    """How sure we are of a column's meaning, in a word and a bar."""
    if column.corrected:
        return {"word": _("set by hand"), "tone": "set", "share": 100}
    share = round(column.confidence * 100)
    if not column.field:
        return {"word": _("left out"), "tone": "out", "share": 0}
    if column.confidence >= SURE:
        return {"word": _("sure"), "tone": "sure", "share": share}
    if column.confidence >= LIKELY:
        return {"word": _("likely"), "tone": "likely", "share": share}
    return {"word": _("unsure"), "tone": "unsure", "share": share}
