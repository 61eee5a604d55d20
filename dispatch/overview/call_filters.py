"""What narrows the lists of supervision items and of whistles. What makes no sense in the address narrows nothing."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.days import DayField
from accounts.models import User
from dispatch import rules
from dispatch.calls import below
from dispatch.models import Supervision, SupervisionType, Whistle
from dispatch.overview.incident_filter import place_choices
from dispatch.overview.supervision import OPEN
from grids.models import Kind, Unit
from grids.selectors import visible_to as units_visible_to
from incidents.forms.fields import rows_of

_OPEN, _ALL = "open", "all"
_STATES = [(_OPEN, pgettext_lazy("status", "Open")), (_ALL, _("Open and ended"))]


class _PlaceAndPeriod(forms.Form):
    """Place and period, as both lists have them."""

    place = forms.ModelChoiceField(Unit.objects.none(), label=_("Place"), required=False, empty_label=_("All places"))
    since = DayField(label=_("From day"), required=False)
    until = DayField(label=_("Until day"), required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data, auto_id="filter_%s")
        visible = units_visible_to(user).filter(retired_at=None)
        place = rows_of(self, "place")
        place.queryset = visible.exclude(kind=Kind.HOUSEHOLD)
        place.choices = [("", _("All places")), *place_choices(visible, chosen=self["place"].value())]

    def _narrow(self, rows: QuerySet, moment: str) -> QuerySet:
        """By place, and by the day of the column `moment`."""
        self.is_valid()
        if place := self.cleaned_data.get("place"):
            rows = rows.filter(below(place))
        return _in_period(rows, moment, self.cleaned_data.get("since"), self.cleaned_data.get("until"))


class SupervisionFilter(_PlaceAndPeriod):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[*_STATES, *Supervision.State.choices])
    issue_type = forms.ModelChoiceField(
        SupervisionType.objects.all(), label=_("Type"), required=False, to_field_name="code", empty_label=_("All types")
    )
    field_order = ("state", "issue_type", "place", "since", "until")

    def narrow(self, items: QuerySet[Supervision]) -> QuerySet[Supervision]:
        """Those of the type, place and period, whatever their state: what the rate is reckoned of."""
        items = self._narrow(items, "issued_at")
        kind = self.cleaned_data.get("issue_type")
        return items.filter(issue_type=kind) if kind else items

    def in_state(self, items: QuerySet[Supervision]) -> QuerySet[Supervision]:
        """Of these the ones to list; the open ones when nothing was chosen."""
        state = self.cleaned_data.get("state") or _OPEN
        if state == _ALL:
            return items
        return items.filter(state__in=OPEN) if state == _OPEN else items.filter(state=state)


class WhistleFilter(_PlaceAndPeriod):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[(_ALL, _("All")), *Whistle.State.choices])
    grade = forms.TypedChoiceField(
        label=_("Grade"),
        choices=[("", _("All grades")), *Whistle.Grade.choices],
        coerce=int,
        required=False,
        empty_value=None,
    )
    field_order = ("state", "grade", "place", "since", "until")

    def narrow(self, whistles: QuerySet[Whistle]) -> QuerySet[Whistle]:
        """Those of the grade, place and period, whatever their state."""
        whistles = self._narrow(whistles, "called_at")
        grade = self.cleaned_data.get("grade")
        return whistles.filter(grade=grade) if grade else whistles

    def in_state(self, whistles: QuerySet[Whistle]) -> QuerySet[Whistle]:
        state = self.cleaned_data.get("state") or _ALL
        return whistles if state == _ALL else whistles.filter(state=state)


def _in_period(rows: QuerySet, moment: str, since: date | None, until: date | None) -> QuerySet:
    if since:
        rows = rows.filter(**{f"{moment}__gte": rules.start_of(since)})
    if until:
        rows = rows.filter(**{f"{moment}__lt": rules.start_of(until + timedelta(days=1))})
    return rows
