"""What is typed about a household."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from grids.models import Unit
from households.forms.fields import HouseholdField, RowForm, line, reason
from households.models import Household, Resident


class FactsForm(RowForm):
    """The facts of a household."""

    SEALED = ("landlord_phone",)

    address = line(
        _("Address"),
        required=True,
        help_text=_("Building, stairwell and room, such as 3幢2单元501室; or group and number, such as 新村三组12号."),
    )
    dwelling = forms.ChoiceField(label=_("Use of the dwelling"), choices=Household.Dwelling)
    number = line(_("Household number"), help_text=_("As in your own registers, if they have one."))
    landlord_name = line(_("Name of the landlord"))
    landlord_phone = line(_("Phone of the landlord"), inputmode="tel")
    note = line(_("Note"))
    reason = reason()


class SplitForm(FactsForm):
    """Who leaves, and where to."""

    residents = forms.ModelMultipleChoiceField(
        Resident.objects.none(), label=_("Who leaves"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("residents", "address", "dwelling", "number", "landlord_name", "landlord_phone", "note", "reason")

    def __init__(self, *args: Any, people: Iterable[Resident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast(forms.ModelMultipleChoiceField, self.fields["residents"])
        choice.queryset = Resident.objects.filter(pk__in=[resident.pk for resident in people])
        choice.label_from_instance = _said  # type: ignore[method-assign, assignment]


class MergeForm(forms.Form):
    """Into which other household everybody goes."""

    reason = reason()
    field_order = ("into", "reason")

    def __init__(self, *args: Any, household: Household, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"] = HouseholdField(_("Into which household"), near=household, user=user)
        self.order_fields(self.field_order)


class MicroGridField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj.full_name} · {obj.code}"


class MoveForm(forms.Form):
    """Into which other micro-grid the door belongs."""

    micro_grid = MicroGridField(Unit.objects.none(), label=_("New micro-grid"), empty_label=_("choose"))
    reason = reason()

    def __init__(self, *args: Any, among: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["micro_grid"]).queryset = among


class CloseForm(forms.Form):
    reason = reason()


def _said(resident: Resident) -> str:
    """Who edits sees names in full; the relation tells two of one name apart."""
    if not resident.relation:
        return resident.name
    return str(_("%(name)s (%(word)s)") % {"name": resident.name, "word": resident.relation})
