"""Shifts, swaps and handovers, as they are typed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from dispatch.duty.patterns import WEEK, Pattern, Slot, moved_to, slots_like, slots_of
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
    """A week in one form: a name for each slot that is still free and not over.

    It starts from the last planned week: who was on duty on the same weekday at the same times is filled in.
    """

    def __init__(
        self,
        *args: Any,
        pattern: Pattern,
        monday: date,
        members: Sequence[User],
        known: Sequence[Shift],
        before: Sequence[Shift],
        at: datetime,
    ) -> None:
        """`known`: the shifts of this week; `before`: those of the last planned one."""
        super().__init__(*args)
        self.members = {str(user.pk): user for user in members}
        self.days = [monday + timedelta(days=number) for number in range(WEEK)]
        is_like_before = pattern == Pattern.LIKE_BEFORE
        times = [(shift.starts_at, shift.ends_at) for shift in before]
        self.slots = list(slots_like(times, monday) if is_like_before else slots_of(pattern, monday))
        self.taken = _people_by_times((shift.starts_at, shift.ends_at, shift.user) for shift in known)
        self.known = known
        wished = _people_by_times((*moved_to(monday, shift.starts_at, shift.ends_at), shift.user) for shift in before)
        choices = [("", "—"), *((pk, user.name) for pk, user in self.members.items())]
        for slot in self.slots:
            if not self._is_free(slot, at):
                continue
            self.fields[slot.name] = forms.ChoiceField(
                label=f"{timezone.localtime(slot.starts_at):%m-%d %H:%M}",
                choices=choices,
                required=False,
                initial=self._offered(slot, wished.get(slot.times, [])),
            )

    def clean(self) -> dict[str, Any]:
        """What was chosen for a slot that is no longer free is not dropped in silence."""
        slots = {slot.name: slot for slot in self.slots}
        for name, chosen in self.data.items():
            if not name.startswith("slot_") or not chosen or name in self.fields:
                continue
            slot = slots.get(name)
            if slot is None or chosen not in {str(user.pk) for user in self._people(slot)}:
                raise forms.ValidationError(_("The roster has changed meanwhile. Look at it and plan once more."))
        return self.cleaned_data

    def turns(self) -> list[Turn]:
        """What was chosen (of a valid form)."""
        chosen = ((slot, self.cleaned_data.get(slot.name)) for slot in self.slots)
        return [Turn(self.members[pk], slot.starts_at, slot.ends_at, slot.name) for slot, pk in chosen if pk]

    def rows(self) -> Iterator[tuple[date, list[Mapping[str, Any]]]]:
        """For the page: day by day its slots, each with its field or with who has it already."""
        for day in self.days:
            yield day, [self._cell(slot) for slot in self.slots if slot.day == day and self._is_shown(slot)]

    def _cell(self, slot: Slot) -> Mapping[str, Any]:
        is_open = slot.name in self.fields
        people = self._people(slot) if slot.number == 1 and not is_open else []
        return {"slot": slot, "field": self[slot.name] if is_open else None, "people": people}

    def _is_shown(self, slot: Slot) -> bool:
        """Who is planned already stands in the first slot of these times; those that they fill up need no place."""
        return slot.number == 1 or slot.name in self.fields

    def _people(self, slot: Slot) -> list[User]:
        return self.taken.get(slot.times, [])

    def _is_free(self, slot: Slot, at: datetime) -> bool:
        return slot.ends_at > at and slot.number > len(self._people(slot))

    def _offered(self, slot: Slot, wished: Sequence[User]) -> int | str:
        """Who is filled in: of those who were on duty at these times, the next one who holds a post and is free."""
        can = [user.pk for user in wished if str(user.pk) in self.members and not self._is_busy(user, slot)]
        place = slot.number - len(self._people(slot)) - 1
        return can[place] if place < len(can) else ""

    def _is_busy(self, user: User, slot: Slot) -> bool:
        theirs = (shift for shift in self.known if shift.user_id == user.pk)
        return any(shift.starts_at < slot.ends_at and shift.ends_at > slot.starts_at for shift in theirs)


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


class StandInForm(forms.Form):
    """Which colleague."""

    colleague = forms.ModelChoiceField(
        User.objects.none(), label=_("Colleague"), empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = rows_of(self, "colleague")
        field.queryset = colleagues
        field.choices = [(user.pk, user.name) for user in colleagues]


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


def _people_by_times(turns: Iterable[tuple[datetime, datetime, User]]) -> dict[tuple[datetime, datetime], list[User]]:
    people: dict[tuple[datetime, datetime], list[User]] = {}
    for starts_at, ends_at, user in turns:
        people.setdefault((starts_at, ends_at), []).append(user)
    return people
