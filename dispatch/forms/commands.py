"""A command, as its sender writes it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from dispatch.overview.commands import commandable_by
from grids.models import Kind, Unit
from incidents.forms.fields import TextField, long_text, rows_of


class CommandForm(forms.Form):
    """To whom, what, and whether and by when it is to be acknowledged."""

    target = forms.ModelChoiceField(
        Unit.objects.none(),
        label=pgettext_lazy("the unit that a command goes to", "To"),
        to_field_name="code",
        empty_label=None,
        help_text=_("Everybody who holds a post there or in any unit below receives it."),
    )
    title = TextField(label=_("Title"), widget=forms.TextInput(attrs={"data-limit": 80, "autocomplete": "off"}))
    text = long_text(
        _("What is to be done"),
        limit=4000,
        rows=8,
        help_text=_("Chat groups hear the number alone, never these words."),
    )
    needs_ack = forms.BooleanField(
        label=_("To be acknowledged"),
        required=False,
        initial=True,
        help_text=_("Everyone has to press Received. Off: reading is enough."),
        widget=forms.CheckboxInput(attrs={"class": "switch"}),
    )
    due_at = forms.DateTimeField(
        label=_("To be acknowledged by"),
        required=False,
        help_text=_("Anyone who has not answered by then is reminded once, automatically."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, user: User, also: str = "", **kwargs: Any) -> None:
        """`also`: the code of a unit that the list is too long to hold, chosen on another page."""
        kwargs["initial"] = {"target": also} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        target, reach = rows_of(self, "target"), commandable_by(user)
        target.queryset = reach.units
        wanted = self["target"].value()
        target.choices = _grouped([*reach.offered, *reach.units.filter(code=wanted, kind=Kind.MICRO_GRID)])


def _grouped(units: Iterable[Unit]) -> list[tuple[str, Any]]:
    """Units under the name of the community, or of the street, that they belong to."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for unit in units:
        above = unit.community or unit.street or unit
        groups[str(above.name)].append((unit.code, unit.full_name))
    return list(groups.items())
