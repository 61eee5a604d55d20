"""What residents fill in: short, forgiving, and guarded against machines without pictures."""

import uuid
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.acts import ActForm
from incidents.forms.fields import ManyFilesField, ManyFilesInput, OnceForm, TextField, choice_of, long_text
from incidents.models import Evaluation
from public import sums
from public.feedback import LONGEST as LONGEST_FEEDBACK
from public.kinds import Kinds
from public.models import Feedback
from public.reporting import LONGEST

MOST_PHOTOS: Final = 3
MOST_PHOTO_BYTES: Final = 10 * 1024 * 1024


class GuardedForm(OnceForm):
    """A form that strangers send: its own id against doubles, a field that only machines fill in, and, while the place
    is under attack, a sum in words."""

    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    sum_key = forms.CharField(required=False, widget=forms.HiddenInput)
    sum_answer = TextField(
        label=gettext_lazy("A small sum"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 20}),
        help_text=gettext_lazy("Very much is arriving just now. This keeps machines out; a figure or a word will do."),
    )

    def __init__(self, *args: Any, is_attacked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_attacked = is_attacked
        self.initial.setdefault("client_uuid", uuid.uuid4())

    @property
    def is_caught(self) -> bool:
        """Whether the field that nobody sees was filled in."""
        return bool(self.data.get("website"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.is_caught:
            raise forms.ValidationError(_("Something filled in a field that people don't see. Please send it again."))
        if self.is_attacked and not sums.is_right(data.get("sum_key", ""), data.get("sum_answer", "")):
            self.add_error("sum_answer", _("Please solve this sum."))
        return data

    def ask_sum(self) -> None:
        """Put a new sum into the form that is about to be shown: an old one counts no more."""
        asked = sums.ask()
        self.fields["sum_answer"].label = asked.question
        if self.is_bound:
            self.data = {**self.data.dict(), "sum_key": asked.key, "sum_answer": ""}  # type: ignore[attr-defined]
        self.initial["sum_key"] = asked.key


class ReportForm(GuardedForm):
    """Kind, a sentence, and if one likes a photo and a phone number."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what it is."),
            "invalid_choice": gettext_lazy("Choose what it is."),
        },
    )
    text = long_text(
        gettext_lazy("Tell us what, and where exactly"),
        limit=LONGEST,
        help_text=gettext_lazy("One sentence is enough. Dictation works too. No names or numbers of others."),
    )
    photos = ManyFilesField(
        label=gettext_lazy("Photos"),
        required=False,
        help_text=gettext_lazy(
            "Not required. Up to 3 of 10 MB each, without faces. Place and phone model are removed."
        ),
        widget=ManyFilesInput(attrs={"accept": "image/*"}),
    )
    phone = TextField(
        label=gettext_lazy("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "maxlength": 20}),
        help_text=gettext_lazy("Not required. Only for questions about this matter; kept encrypted."),
    )
    consent = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: Kinds, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        choice_of(self, "kind").choices = kinds.choices

    def clean_photos(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["photos"]
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(_("At most 3 photos. Choose again."))
        if any((file.size or 0) > MOST_PHOTO_BYTES for file in files):
            raise forms.ValidationError(_("A photo is larger than 10 MB. Choose a smaller one, or send it without."))
        return files


class TrackForm(forms.Form):
    """Number and query code, for those who have no link at hand."""

    number = TextField(
        label=gettext_lazy("Report number"), widget=forms.TextInput(attrs={"inputmode": "text", "maxlength": 40})
    )
    secret = TextField(
        label=gettext_lazy("Query code"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "maxlength": 20}),
    )


class CodeForm(forms.Form):
    """The code of the sheet, typed."""

    code = TextField(
        label=gettext_lazy("Code on the sheet"),
        help_text=gettext_lazy("Nine letters and digits, such as 7KM-2QX-9RT. Small letters are fine."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "maxlength": 20}),
    )


class AddForm(forms.Form):
    text = long_text(gettext_lazy("What we should know"), limit=LONGEST, rows=2)


class RateForm(forms.Form):
    score = forms.ChoiceField(choices=Evaluation.Score)
    text = long_text(gettext_lazy("Anything to add"), limit=LONGEST, required=False, rows=2)


class ReopenForm(forms.Form):
    reason = long_text(gettext_lazy("What isn't right yet"), limit=LONGEST, rows=2)


class FeedbackForm(GuardedForm):
    kind = forms.ChoiceField(label=gettext_lazy("What is it about"), choices=Feedback.Kind, widget=forms.RadioSelect)
    text = long_text(
        gettext_lazy("Your feedback"),
        limit=LONGEST_FEEDBACK,
        help_text=gettext_lazy("About this product itself. For something in your street, use the code on the sheet."),
    )


class AnswerResidentForm(ActForm):
    """The staff's act on the incident's page."""

    about = "public/about/_report.html"
    text = long_text(
        gettext_lazy("Answer"),
        limit=1000,
        help_text=gettext_lazy("The resident reads it on the progress page. No names and no numbers of anybody."),
    )
