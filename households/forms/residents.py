"""What is typed about a person."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from households.forms.fields import HouseholdField, RowForm, day, line, reason
from households.loading.cleaning.relations import STANDARD
from households.models import Household, Resident, TagKind

RELATIONS = tuple(dict.fromkeys(STANDARD.values()))
"""Offered while typing."""


class FactsForm(RowForm):
    """The facts of a person, as little as the work needs."""

    SEALED = ("document_number", "phone")

    name = line(_("Name"), required=True)
    relation = line(_("Relation to the head"), list="relations")
    phone = line(_("Phone"), inputmode="tel")
    residence = forms.ChoiceField(label=_("Residence"), choices=Resident.Residence)
    document = forms.ChoiceField(label=_("Kind of document"), choices=Resident.Document)
    document_number = line(_("Document number"), autocapitalize="characters")
    number_is_checked = forms.BooleanField(
        label=_("Checked: the card really says so"),
        required=False,
        help_text=_("Only for a number whose last digit doesn't fit. It is marked as doubtful."),
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        required=False,
        choices=[("", _("not said")), *Resident.Sex.choices],
        help_text=_("The number of an identity card says sex and date of birth."),
    )
    born_on = day(_("Born on"))
    moved_in_on = day(_("Moved in on"))
    note = line(_("Note"))
    reason = reason()
    relations = RELATIONS


class MoveForm(forms.Form):
    """Into which other household the person moves."""

    relation = line(_("Relation to the head there"), list="relations", help_text=_("Empty: as it is now."))
    reason = reason()
    field_order = ("to", "relation", "reason")
    relations = RELATIONS

    def __init__(self, *args: Any, household: Household, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = HouseholdField(_("New household"), near=household, user=user)
        self.order_fields(self.field_order)


class MoveOutForm(forms.Form):
    on = day(_("Moved out on"), required=True, help_text=_("The first day away."))
    reason = line(_("Where to, or why"), help_text=_("Kept in the history. Optional."))


class MoveBackForm(forms.Form):
    """Since when the person is here again, and where."""

    on = day(_("Back since"), required=True)
    reason = reason()
    field_order = ("on", "to", "reason")

    def __init__(self, *args: Any, household: Household, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = HouseholdField(_("Into another household"), near=household, user=user, required=False)
        to.help_text = _("Its address or its code. Empty: the household they left.")
        self.fields["to"] = to
        self.order_fields(self.field_order)


class TagForm(forms.Form):
    """Why somebody needs a visit."""

    kind = forms.ModelChoiceField(TagKind.objects.none(), label=_("Tag"), empty_label=_("choose"))
    since = day(_("Since"), required=True)
    note = line(_("Note"))

    def __init__(self, *args: Any, kinds: Iterable[TagKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast(forms.ModelChoiceField, self.fields["kind"])
        choice.queryset = TagKind.objects.filter(pk__in=[kind.pk for kind in kinds])


class EndTagForm(forms.Form):
    on = day(_("Ends on"), required=True, help_text=_("The first day without the tag."))
    reason = reason()


class RevealForm(forms.Form):
    """Why a number outside one's own area is looked at."""

    reason = line(
        _("Reason"), required=True, help_text=_("It stays in the access log with your name, for the auditor.")
    )
