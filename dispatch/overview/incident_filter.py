"""What narrows the list of incidents."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.days import DayField
from accounts.models import User
from dispatch import rules
from grids.models import Kind, Unit
from grids.selectors import visible_to as units_visible_to
from incidents.forms.fields import rows_of
from incidents.models import Category, Incident
from incidents.selectors import current_categories, in_unit
from incidents.workflow import OPEN, Status

_OPEN, _ALL = "open", "all"
_LEVELS = [(number, str(number)) for number in range(1, 5)]
_TIERS = ((Kind.STREET, Kind.COMMUNITY), (Kind.GRID,), (Kind.MICRO_GRID,))
"""The two highest are few enough to be asked for at once, and nearly everybody chooses between those of one."""


class IncidentFilter(forms.Form):
    """Narrows a list of incidents. What makes no sense in the address narrows nothing."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[(_OPEN, pgettext_lazy("status", "Open")), (_ALL, _("Open and ended")), *Status.choices],
    )
    place = forms.ModelChoiceField(Unit.objects.none(), label=_("Place"), required=False, empty_label=_("All places"))
    group = forms.ModelChoiceField(
        Category.objects.none(), label=_("Kind"), required=False, to_field_name="code", empty_label=_("All kinds")
    )
    level = forms.TypedChoiceField(
        label=_("Level"), choices=[("", _("All levels")), *_LEVELS], coerce=int, required=False, empty_value=None
    )
    since = DayField(label=_("Reported from"), required=False)
    until = DayField(label=_("Reported until"), required=False)
    # Numbers only: words that somebody searches for may be a resident's name, and an address is kept in logs.
    number = forms.RegexField(
        r"^[\d-]+$",
        label=_("Number"),
        required=False,
        max_length=32,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "type": "search"}),
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, auto_id="filter_%s")
        visible = units_visible_to(user).filter(retired_at=None)
        place = rows_of(self, "place")
        place.queryset = visible.exclude(kind=Kind.HOUSEHOLD)
        place.choices = [("", _("All places")), *place_choices(visible, chosen=self["place"].value())]
        rows_of(self, "group").queryset = current_categories().filter(code__regex=r"^\d\d$")

    @property
    def is_refined(self) -> bool:
        """True when one of the rarer fields is in use: the page then shows them all."""
        return bool({"group", "level", "since", "until"} & set(self.changed_data))

    def narrow(self, incidents: QuerySet[Incident]) -> QuerySet[Incident]:
        """The incidents that fit every field that was filled in sensibly; the open ones when no status was chosen."""
        self.is_valid()
        wanted = self.cleaned_data
        if number := wanted.get("number"):
            return incidents.filter(number__contains=number)
        incidents = _with_status(incidents, wanted.get("status") or _OPEN)
        if place := wanted.get("place"):
            incidents = in_unit(incidents, place)
        if group := wanted.get("group"):
            incidents = incidents.filter(category__code__startswith=group.code)
        if level := wanted.get("level"):
            incidents = incidents.filter(level=level)
        return _in_period(incidents, wanted.get("since"), wanted.get("until"))


def place_choices(visible: QuerySet[Unit], *, chosen: Any) -> list[tuple[int, str]]:
    """The highest tier that the user sees several units of, and the place that was followed here by a link."""
    rows: list[tuple[int, str]] = []
    for kinds in _TIERS:
        found = list(visible.filter(kind__in=kinds).order_by("code").values_list("kind", "pk", "name"))
        for kind in kinds:
            rows = rows if len(rows) > 1 else [(pk, name) for tier, pk, name in found if tier == kind]
        if len(rows) > 1:
            break
    known = {str(pk) for pk, _name in rows}
    if chosen and str(chosen).isdecimal() and str(chosen) not in known:
        rows = [*visible.filter(pk=chosen).values_list("pk", "name"), *rows]
    return rows


def _with_status(incidents: QuerySet[Incident], status: str) -> QuerySet[Incident]:
    if status == _ALL:
        return incidents
    return incidents.filter(status__in=OPEN) if status == _OPEN else incidents.filter(status=status)


def _in_period(incidents: QuerySet[Incident], since: date | None, until: date | None) -> QuerySet[Incident]:
    if since:
        incidents = incidents.filter(reported_at__gte=rules.start_of(since))
    if until:
        incidents = incidents.filter(reported_at__lt=rules.start_of(until + timedelta(days=1)))
    return incidents
