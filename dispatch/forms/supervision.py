"""Issuing a supervision item, and what is written in each of its acts."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from dispatch.forms.places import departments_for, departments_of, grouped, units_with
from dispatch.models import Supervision, SupervisionType
from dispatch.supervision_rights import Act
from grids.models import Ability, Department, Kind, Unit
from incidents.forms.fields import choice_of, long_text

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
_TARGET_KINDS: Final = (Kind.COMMUNITY, Kind.GRID)


class SupervisionForm(forms.Form):
    """Whom, about what, what is demanded, by when. Built for one user and street: only fitting targets are offered."""

    target = forms.ChoiceField(label=gettext_lazy("Responsible unit"))
    issue_type = forms.ModelChoiceField(
        SupervisionType.objects.filter(is_active=True), label=gettext_lazy("Type"), empty_label=gettext_lazy("Choose")
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Source"),
        choices=[(each, each.label) for each in (Supervision.Source.PATROL, Supervision.Source.LEADER)],
        initial=Supervision.Source.PATROL,
        widget=forms.RadioSelect,
    )
    demand = long_text(
        gettext_lazy("What to put right"),
        limit=1000,
        help_text=gettext_lazy("Chat groups hear the number and the type alone, never these words."),
    )
    due_at = forms.DateTimeField(
        label=gettext_lazy("By when"),
        required=False,
        widget=_MOMENT,
        help_text=gettext_lazy("Leave it empty for the time limit of the rules."),
    )

    def __init__(self, *args: Any, user: User, street: Unit, also: str = "", **kwargs: Any) -> None:
        """`also`: the code of a unit that was chosen on another page."""
        kwargs["initial"] = {"target": also} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self._units = {unit.code: unit for unit in self._offered(user, street, also)}
        self._departments = {row.code: row for row in departments_of(street)}
        choice_of(self, "target").choices = [
            ("", _("Choose")),
            *departments_for(user, Ability.SUPERVISE, street),
            *grouped(self._units.values()),
        ]

    @staticmethod
    def _offered(user: User, street: Unit, also: str) -> list[Unit]:
        return list(units_with(user, Ability.SUPERVISE, street, *_TARGET_KINDS, also=also))

    def clean_target(self) -> Unit | Department:
        code = self.cleaned_data["target"]
        target = self._units.get(code) or self._departments.get(code)
        if target is None:
            raise ValidationError(_("Choose one of the list."), code="invalid_choice")
        return target


class NoteForm(forms.Form):
    """The words that go with an act."""

    note = long_text(gettext_lazy("Remark"), limit=1000, rows=2)

    def __init__(self, *args: Any, label: Promise | str = "", required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = required
        if label:
            self.fields["note"].label = str(label)


class ExtendForm(NoteForm):
    until = forms.DateTimeField(label=gettext_lazy("New time"), widget=_MOMENT)
    field_order = ("until", "note")


_LABELS: Final = {
    Act.RECTIFY: gettext_lazy("What was put right"),
    Act.CONFIRM: gettext_lazy("What the re-check found"),
    Act.REJECT: gettext_lazy("What the re-check found"),
    Act.EXTEND: gettext_lazy("Reason"),
    Act.WITHDRAW: gettext_lazy("Reason"),
}


def form_of(act: str, *args: Any, **kwargs: Any) -> NoteForm:
    """The form of one act. Its controls have ids of their own: a page shows several beside each other."""
    kind = ExtendForm if act == Act.EXTEND else NoteForm
    words: dict[str, Any] = {"label": _LABELS[Act(act)], "required": act != Act.CONFIRM}
    return kind(*args, auto_id=f"{act}_%s", **words, **kwargs)
