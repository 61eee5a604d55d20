"""Why something was open at the close-out, as the holder writes it."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dispatch.close_out_reasons import LONGEST
from dispatch.models import DayCloseLine
from incidents.forms.fields import long_text, rows_of


class ReasonForm(forms.Form):
    """The reason for one line."""

    text = long_text(
        _("Why it was still open"),
        limit=LONGEST,
        help_text=_("What hinders, and by when it will be done. No names, telephone or document numbers."),
    )


class ReasonsForm(ReasonForm):
    """The same reason for the lines that are ticked."""

    lines = forms.ModelMultipleChoiceField(
        DayCloseLine.objects.none(),
        label=_("Incidents"),
        error_messages={"required": _("Tick the incidents that the reason is for.")},
    )
    field_order = ("lines", "text")

    def __init__(self, *args: object, lines: QuerySet[DayCloseLine], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        rows_of(self, "lines").queryset = lines
