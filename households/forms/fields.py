"""Fields and habits that the forms of the register share. The rules are the services'; here are labels and choices."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.masking import mask_number, mask_phone
from accounts.models import User
from grids.forms import TextField
from grids.models import Ability
from households.loading.cleaning import addresses
from households.models import Household
from households.selectors import area_of

DATE = {"type": "date"}


def line(label: Any, *, required: bool = False, help_text: Any = "", **attrs: str) -> TextField:
    """One line of text, which the browser shall not offer to the next person."""
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return TextField(label=label, required=required, help_text=help_text, widget=widget)


def day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs=DATE, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


def reason() -> TextField:
    return line(gettext_lazy("Reason"), help_text=gettext_lazy("Kept in the history. Optional."))


class HouseholdField(TextField):
    """Another household, by its address or by the code of its door, among those that the user may change.

    An address is looked for in the micro-grid of `near` first, then in its grid, its community, its street.
    """

    def __init__(self, label: Any, *, near: Household, user: User, required: bool = True) -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=gettext_lazy("Its address or its code. Addresses are looked for nearby first."),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self._near, self._user = near, user

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        return self._found(text)

    def _found(self, text: str) -> Household:
        editable = area_of(self._user, unit="unit__", ability=Ability.EDIT_REGISTER)
        among = Household.objects.filter(editable, unit__retired_at=None).select_related("unit")
        if by_code := among.filter(unit__code=text).first():
            return by_code
        by_address = among.filter(address_key=addresses.key_of(text)).exclude(pk=self._near.pk)
        for column in ("micro_grid", "grid", "community", "street"):
            place = getattr(self._near.unit, f"{column}_id")
            found = list(by_address.filter(**{f"unit__{column}": place})[:2])
            if len(found) == 1:
                return found[0]
            if found:
                raise forms.ValidationError(_("Several households have this address. Type the code of the one meant."))
        raise forms.ValidationError(_("No household in your area has this address or code."))


class RowForm(forms.Form):
    """Facts of a row that is there already. Remembers which version of it was looked at.

    Numbers are not shown, not even here: a field that stays empty keeps what is there.
    """

    SEALED: tuple[str, ...] = ()
    changed_since: list[str] = []
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        if row is not None:
            plain = [name for name in self.base_fields if name not in self.SEALED and hasattr(row, name)]
            present = {name: getattr(row, name) for name in plain} | {"seen": row.changed_at.isoformat()}
            kwargs["initial"] = present | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        for name in self.SEALED:
            self._prepare_sealed(name, str(getattr(row, name)) if row is not None else "")

    def facts(self) -> dict[str, Any]:
        """What was typed, for the service."""
        typed = dict(self.cleaned_data)
        for name in ("seen", "reason", "number_is_checked"):
            typed.pop(name, None)
        for name in self.SEALED:
            if typed.pop(f"{name}_cleared", False):
                typed[name] = ""
            elif not typed[name] and f"{name}_cleared" in self.fields:
                del typed[name]
        return typed

    def seen_at(self) -> datetime | None:
        try:
            return parse_datetime(self.cleaned_data.get("seen", ""))
        except ValueError:
            return None

    def look_again(self, changed_at: datetime) -> None:
        """The reader is told what changed meanwhile; sending again is meant for the row as it is now."""
        data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["seen"] = changed_at.isoformat()
        self.data = data

    def _prepare_sealed(self, name: str, present: str) -> None:
        if not present:
            return
        masked = mask_number(present) if name == "document_number" else mask_phone(present)
        field = self.fields[name]
        field.widget.attrs["placeholder"] = masked
        field.help_text = _("Leave empty to keep %(number)s.") % {"number": masked}
        cleared = forms.BooleanField(label=_("Delete %(number)s") % {"number": masked}, required=False)
        names = list(self.fields)
        self.fields[f"{name}_cleared"] = cleared
        names.insert(names.index(name) + 1, f"{name}_cleared")
        self.order_fields(names)
