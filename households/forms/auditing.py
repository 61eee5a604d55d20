"""What the auditor asks of the access log."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.days import DayField
from accounts.models import AccessRecord
from households.auditing import SUBJECTS, Search


class AccessSearchForm(forms.Form):
    """All fields may stay empty. An invalid one narrows nothing; it says what is wrong."""

    who = forms.CharField(label=_("Who (name or user name)"), required=False, max_length=60)
    act = forms.ChoiceField(label=_("Act"), required=False, choices=[("", _("All")), *AccessRecord.Act.choices])
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)
    place = forms.CharField(label=_("Code of the place"), required=False, max_length=22)
    subject = forms.ChoiceField(
        label=pgettext_lazy("of an access", "Subject"), required=False, choices=[("", _("All")), *SUBJECTS.items()]
    )
    subject_id = forms.IntegerField(label=_("Number of the subject"), required=False, min_value=1)

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        since, until = asked.get("since"), asked.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first. Exchange them."))
        return asked

    def search(self) -> Search:
        """What the valid fields ask for."""
        self.is_valid()
        asked = self.cleaned_data
        return Search(**{name: asked[name] for name in Search.__slots__ if asked.get(name) not in (None, "")})
