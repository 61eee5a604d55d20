"""One form an act. Its fields are the arguments of the service behind it, by the same names."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from grids.posts import post_at_party
from incidents.forms.fields import (
    DescribedSelect,
    ManyFilesField,
    ManyFilesInput,
    TextField,
    catalogue_choices,
    choice_of,
    long_text,
    photos_field,
)
from incidents.forms.parties import Parties, PartiesField, PartyField, key_of
from incidents.models import Assignment, Category, Evaluation, Incident
from incidents.proposals import proposal_for
from incidents.selectors import current_categories
from incidents.situation import Situation

LEVELS: Final = (
    ("1", gettext_lazy("1 · routine, settled on the spot")),
    ("2", gettext_lazy("2 · larger, handled within hours")),
    ("3", gettext_lazy("3 · major, pushed every hour")),
    ("4", gettext_lazy("4 · critical, pushed every hour")),
)


class ActForm(forms.Form):
    """An act without any input: one button. The others add their fields.

    `about` names the template that shows, above the form, what one must know to act. `body`: one that draws the fields
    `in_body` itself, with room for more than a column. `from_address`: what a link to the form may ask for.
    """

    about: ClassVar[str] = ""
    body: ClassVar[str] = ""
    in_body: ClassVar[tuple[str, ...]] = ()
    from_address: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, situation: Situation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.situation = situation
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and initial values from the situation."""

    def arguments(self) -> dict[str, Any]:
        """What the service is called with, of a valid form."""
        return dict(self.cleaned_data)

    @property
    def column(self) -> list[forms.BoundField]:
        """The visible fields, one below the other, that no `body` draws."""
        return [field for field in self.visible_fields() if field.name not in self.in_body]


class SignForm(ActForm):
    about = "incidents/about/_sign.html"


class ArchiveForm(ActForm):
    about = "incidents/about/_archive.html"


class PhotosForm(ActForm):
    """An act that takes photos along; they wait under the form's own id until it is taken."""

    draft_key = forms.UUIDField(widget=forms.HiddenInput({"autocomplete": "off"}), required=False)
    photos: ManyFilesField = photos_field()
    camera = ManyFilesField(
        label=gettext_lazy("Take a photo"),
        required=False,
        widget=ManyFilesInput(attrs={"accept": "image/*", "capture": "environment"}),
    )

    def prepare(self) -> None:
        self.initial.setdefault("draft_key", uuid.uuid4())

    @property
    def key(self) -> uuid.UUID | None:
        """The form's own id; None when there is none, or a broken one."""
        try:
            return uuid.UUID(str(self["draft_key"].value()))
        except ValueError:
            return None

    def arguments(self) -> dict[str, Any]:
        return {
            name: value for name, value in self.cleaned_data.items() if name not in {"draft_key", "photos", "camera"}
        }


class RemarkForm(ActForm):
    note = long_text(gettext_lazy("Remark"), limit=500, required=False, rows=2)


class ReasonForm(ActForm):
    note = long_text(gettext_lazy("Reason"), limit=500)


class VerifyForm(RemarkForm):
    about = "incidents/about/_results.html"


class RejectForm(ReasonForm):
    about = "incidents/about/_results.html"
    note = long_text(
        gettext_lazy("What falls short"),
        limit=500,
        help_text=gettext_lazy("The lead party reads this and starts again."),
    )


class ReturnForm(ReasonForm):
    note = long_text(
        gettext_lazy("Reason"),
        limit=500,
        help_text=gettext_lazy("Not ours, unclear, or a duplicate: say which, and whose it is if you know."),
    )


class TriageForm(ActForm):
    level = forms.TypedChoiceField(label=gettext_lazy("Level"), choices=LEVELS, coerce=int, widget=forms.RadioSelect)
    category = forms.ChoiceField(label=gettext_lazy("Category"), widget=DescribedSelect)
    note = long_text(gettext_lazy("Remark"), limit=500, required=False, rows=2)

    def prepare(self) -> None:
        incident = self.situation.incident
        rows = list(current_categories())
        self._by_code = {row.code: row for row in rows}
        choice_of(self, "category").choices = catalogue_choices(rows)
        self.initial.setdefault("level", incident.level)
        self.initial.setdefault("category", incident.category.code)

    def clean_category(self) -> Category:
        """The entry as valid now; the incident's own version when it is not to change."""
        incident, code = self.situation.incident, self.cleaned_data["category"]
        return incident.category if code == incident.category.code else self._by_code[code]


class DispatchForm(ActForm):
    """The lead and any assisting parties. What a rule or the catalogue proposes is chosen already, and explained."""

    about = "incidents/about/_proposal.html"
    because = ""
    """Why these parties, when a rule says so; empty when it is the catalogue."""
    lead = PartyField(label=gettext_lazy("Lead"))
    assisting = PartiesField(
        label=gettext_lazy("Assisting"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "many"})
    )
    note = long_text(gettext_lazy("Instruction"), limit=500, required=False, rows=2)

    def prepare(self) -> None:
        incident = self.situation.incident
        self.parties = Parties(incident)
        lead = cast(PartyField, self.fields["lead"])
        assisting = cast(PartiesField, self.fields["assisting"])
        lead.parties = assisting.parties = self.parties
        lead.choices = [("", _("Choose the lead party")), *self.parties.choices()]
        assisting.choices = self.parties.flat_choices()
        self.proposed_lead, self.proposed_assisting = self._proposal(incident)
        if self.proposed_lead:
            self.initial.setdefault("lead", key_of(self.proposed_lead))
        self.initial.setdefault("assisting", [key_of(party) for party in self.proposed_assisting])

    @property
    def proposed_names(self) -> str:
        return pgettext("between names", ", ").join(str(party) for party in self.proposed_assisting)

    def _proposal(self, incident: Incident) -> tuple[Any, list[Any]]:
        """What is proposed for this incident, as far as those departments serve this street."""
        proposal = proposal_for(incident, at=self.situation.at)
        self.because = proposal.because
        assisting = [party for party in proposal.assisting if self.parties.includes(party)]
        return (proposal.lead if self.parties.includes(proposal.lead) else None), assisting


class RedispatchForm(DispatchForm):
    note = long_text(gettext_lazy("Reason"), limit=500)

    def _proposal(self, incident: Incident) -> tuple[Any, list[Any]]:
        """The present parties: who sends it elsewhere changes what is there."""
        held = [row.party for row in self.situation.parties if self.parties.includes(row.party)]
        leads = [row.party for row in self.situation.parties if row.part == Assignment.Part.LEAD]
        lead = leads[0] if leads and self.parties.includes(leads[0]) else None
        return lead, [party for party in held if party != lead]

    about = ""


class HandleForm(PhotosForm):
    """The four elements that a reply audit asks for: when, who was contacted, what was done, with what result."""

    about = "incidents/about/_conditions.html"
    done_at = forms.DateTimeField(
        label=gettext_lazy("Handled at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    contacted = TextField(
        label=gettext_lazy("Who was contacted"),
        required=False,
        help_text=gettext_lazy("The person concerned, in a few words. No phone or document numbers."),
    )
    measures = long_text(gettext_lazy("What was done"), limit=2000)
    outcome = long_text(gettext_lazy("Result"), limit=2000, required=False, rows=2)
    field_order = ("done_at", "contacted", "measures", "outcome")

    def prepare(self) -> None:
        super().prepare()
        self.initial.setdefault("done_at", timezone.localtime(self.situation.at))


class SettleForm(PhotosForm):
    about = "incidents/about/_conditions.html"
    measures = long_text(gettext_lazy("What did you do"), limit=2000)
    field_order = ("measures",)


class AssistForm(ActForm):
    """Something about one assisting party; a single one is chosen already.

    Shown are those that still owe an answer. A form sent twice names one that owes nothing any more: the service finds
    out that it was done before.
    """

    assignment = forms.ChoiceField(label=gettext_lazy("Assisting party"), widget=forms.RadioSelect)

    def rows(self) -> list[Assignment]:
        return self.situation.assisting if self.is_bound else self.situation.owing

    def prepare(self) -> None:
        rows = self.rows()
        choice_of(self, "assignment").choices = [(str(row.pk), str(row.party)) for row in rows]
        if len(rows) == 1:
            self.initial.setdefault("assignment", rows[0].pk)

    def clean_assignment(self) -> Assignment:
        return next(row for row in self.rows() if str(row.pk) == self.cleaned_data["assignment"])


class AnswerForm(AssistForm):
    answer = long_text(gettext_lazy("What your party did"), limit=2000)

    def rows(self) -> list[Assignment]:
        return [row for row in super().rows() if post_at_party(self.situation.user, row.party)]


class ReleaseForm(AssistForm):
    note = long_text(gettext_lazy("Reason"), limit=500)


class AskSuspensionForm(ActForm):
    reason = long_text(
        gettext_lazy("Why it can't be handled now"),
        limit=1000,
        help_text=gettext_lazy("While it is suspended its clocks stand still. Somebody else decides."),
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def prepare(self) -> None:
        self.initial.setdefault("until", _morning_in(self.situation.at, days=7))


class DecideForm(ActForm):
    about = "incidents/about/_request.html"
    approve = forms.TypedChoiceField(
        label=gettext_lazy("Decision"),
        choices=(("yes", gettext_lazy("Approve: suspend it")), ("no", gettext_lazy("Refuse: go on handling"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = long_text(
        gettext_lazy("Remark"), limit=1000, required=False, rows=2, help_text=gettext_lazy("A refusal needs a reason.")
    )


class EvaluateForm(ActForm):
    about = "incidents/about/_results.html"
    score = forms.ChoiceField(
        label=gettext_lazy("How the person concerned rates it"),
        choices=Evaluation.Score.choices,
        widget=forms.RadioSelect,
    )
    text = long_text(gettext_lazy("In their words"), limit=1000, required=False, rows=2)


class NoteForm(PhotosForm):
    text = long_text(gettext_lazy("Remark"), limit=2000)
    field_order = ("text",)


def _morning_in(at: datetime, *, days: int) -> datetime:
    return (timezone.localtime(at) + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
