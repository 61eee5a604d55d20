"""Whistling for departments, and what is written in each act."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from dispatch.forms.places import departments_of, grouped, units_with
from dispatch.forms.supervision import NoteForm
from dispatch.models import Whistle, WhistleStep
from grids.models import Ability, Department, Kind, Unit
from grids.rules import lies_in
from incidents.forms.fields import choice_of, long_text
from incidents.models import Incident

Act = WhistleStep.Act
_CALLING: Final = (Kind.STREET, Kind.COMMUNITY, Kind.GRID)
_STARS: Final[list[tuple[int, Promise]]] = [
    (5, gettext_lazy("★★★★★ very good")),
    (4, gettext_lazy("★★★★ good")),
    (3, gettext_lazy("★★★ acceptable")),
    (2, gettext_lazy("★★ poor")),
    (1, gettext_lazy("★ very poor")),
]


class WhistleForm(forms.Form):
    """From which unit, how pressing, about what, whom. Built for one user and street, and perhaps one incident."""

    unit = forms.ChoiceField(label=pgettext_lazy("the unit that whistles", "From"))
    grade = forms.TypedChoiceField(
        label=gettext_lazy("Grade"),
        choices=Whistle.Grade.choices,
        coerce=int,
        initial=Whistle.Grade.ROUTINE,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("The grade decides by when a department has to be there."),
    )
    departments = forms.MultipleChoiceField(
        label=gettext_lazy("Departments"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one department.")},
    )
    matter = long_text(
        gettext_lazy("What is the matter"),
        limit=1000,
        help_text=gettext_lazy("Chat groups hear the number and the grade alone, never these words."),
    )

    def __init__(
        self, *args: Any, user: User, street: Unit, incident: Incident | None = None, also: str = "", **kwargs: Any
    ) -> None:
        """`incident`: only the units that it lies in are offered. `also`: a unit that was chosen on another page."""
        units = units_with(user, Ability.WHISTLE, street, *_CALLING, also=also)
        offered = [unit for unit in units if incident is None or lies_in(incident.unit, unit)]
        nearest = offered[-1].code if incident and offered else ""
        kwargs["initial"] = {"unit": also or nearest} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self._units = {unit.code: unit for unit in offered}
        self._departments = {row.code: row for row in departments_of(street)}
        choice_of(self, "unit").choices = [*grouped(offered)]
        choice_of(self, "departments").choices = [(code, str(row)) for code, row in self._departments.items()]

    def clean_unit(self) -> Unit:
        unit = self._units.get(self.cleaned_data["unit"])
        if unit is None:
            raise ValidationError(_("Choose one of the list."), code="invalid_choice")
        return unit

    def clean_departments(self) -> list[Department]:
        return [self._departments[code] for code in self.cleaned_data["departments"]]


class RateForm(NoteForm):
    rating = forms.TypedChoiceField(
        label=gettext_lazy("How was the response"), choices=_STARS, coerce=int, widget=forms.RadioSelect
    )
    field_order = ("rating", "note")


_LABELS: Final[dict[str, Promise]] = {
    Act.FINISH: gettext_lazy("What was done"),
    Act.RELEASE: gettext_lazy("Reason"),
    Act.WITHDRAW: gettext_lazy("Reason"),
    Act.RATE: gettext_lazy("Remark; a poor rating needs one"),
}
_NEEDS_NOTE: Final = (Act.FINISH, Act.RELEASE, Act.WITHDRAW)


def form_of(act: str, *args: Any, party: int | str = "", **kwargs: Any) -> NoteForm:
    """The form of one act. Its controls have ids of their own: a page shows those of several departments."""
    kind = RateForm if act == Act.RATE else NoteForm
    words: dict[str, Any] = {"label": _LABELS.get(act, ""), "required": act in _NEEDS_NOTE}
    return kind(*args, auto_id=f"{act}{party}_%s", **words, **kwargs)
