"""Shifts, swaps and handovers, as they are typed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from dispatch.duty.patterns import WEEK, Pattern, Slot, slots_of
from dispatch.duty.roster import Turn
from dispatch.models import Shift
from incidents.forms.fields import long_text, rows_of

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ShiftForm(forms.Form):
    """One shift of one person."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Person"), empty_label=None)
    starts_at = forms.DateTimeField(label=pgettext_lazy("of a shift", "From"), widget=_MOMENT)
    ends_at = forms.DateTimeField(label=pgettext_lazy("of a shift", "Until"), widget=_MOMENT)

    def __init__(self, *args: Any, members: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = rows_of(self, "user")
        people.queryset = User.objects.filter(pk__in=[user.pk for user in members])
        people.choices = [(user.pk, user.name) for user in members]


class WeekForm(forms.Form):
    """A week in one form: a name for each slot of the pattern that is still free and not over.

    Where the same slot was filled a week ago, that name is offered.
    """

    def __init__(
        self, *args: Any, pattern: Pattern, monday: date, members: Sequence[User], known: Sequence[Shift], at: datetime
    ) -> None:
        """`known`: the shifts of this week and of the one before."""
        super().__init__(*args)
        self.members = {str(user.pk): user for user in members}
        self.slots = list(slots_of(pattern, monday))
        self.taken = _people_by_slot(known)
        last_week = {start + timedelta(days=WEEK): people[0].pk for (start, _end), people in self.taken.items()}
        choices = [("", "—"), *((pk, user.name) for pk, user in self.members.items())]
        for slot in self.slots:
            if self._is_free(slot, at):
                self.fields[slot.name] = forms.ChoiceField(
                    label=f"{timezone.localtime(slot.starts_at):%m-%d %H:%M}",
                    choices=choices,
                    required=False,
                    initial=last_week.get(slot.starts_at, ""),
                )

    def turns(self) -> list[Turn]:
        """What was chosen (of a valid form)."""
        chosen = ((slot, self.cleaned_data.get(slot.name)) for slot in self.slots)
        return [Turn(self.members[pk], slot.starts_at, slot.ends_at, slot.name) for slot, pk in chosen if pk]

    def rows(self) -> Iterator[tuple[date, list[Mapping[str, Any]]]]:
        """For the page: day by day its slots, each with its field or with who has it already."""
        days = dict.fromkeys(slot.day for slot in self.slots)
        for day in days:
            yield day, [self._cell(slot) for slot in self.slots if slot.day == day]

    def _cell(self, slot: Slot) -> Mapping[str, Any]:
        field = self[slot.name] if slot.name in self.fields else None
        return {"slot": slot, "field": field, "people": self.taken.get((slot.starts_at, slot.ends_at), [])}

    def _is_free(self, slot: Slot, at: datetime) -> bool:
        return slot.ends_at > at and (slot.starts_at, slot.ends_at) not in self.taken


class SwapForm(forms.Form):
    """For which shift of a colleague."""

    for_shift = forms.ModelChoiceField(
        Shift.objects.none(), label=_("In exchange for"), empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, shifts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = rows_of(self, "for_shift")
        field.queryset = shifts
        field.choices = [(shift.pk, said(shift)) for shift in shifts]


class HandOverForm(forms.Form):
    """What the next shift has to know."""

    note = long_text(
        _("Handover note"),
        limit=2000,
        rows=5,
        help_text=_("What presses, what was promised to whom, what to watch. No residents' names or numbers."),
    )


def said(shift: Shift) -> str:
    """A shift in words: 陈值班 11-23 08:00–16:00."""
    begins, ends = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
    return f"{shift.user.name} {begins:%m-%d %H:%M}–{ends:%H:%M}"


def _people_by_slot(shifts: Sequence[Shift]) -> dict[tuple[datetime, datetime], list[User]]:
    people: dict[tuple[datetime, datetime], list[User]] = {}
    for shift in shifts:
        people.setdefault((shift.starts_at, shift.ends_at), []).append(shift.user)
    return people
