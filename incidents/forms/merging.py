"""Two or more incidents side by side: which of them leads, and which are merged into it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.forms.acts import ActForm
from incidents.forms.fields import choice_of, long_text
from incidents.likeness import likely_same
from incidents.models import Attachment, Incident
from incidents.selectors import files_of, numbered, visible_to, with_place
from incidents.workflow import Act, may_follow

MOST_BESIDE: Final = 5
"""So many can be compared on a desk; more are merged in a second go."""
WITH: Final = "with"
"""Whom to show beside it, in the address: incidents selected in the queue, or one whose number somebody knows."""


@dataclass(frozen=True)
class Side:
    """One of the incidents that are compared. `because`: why it may be the same thing; empty for those asked for."""

    incident: Incident
    because: str = ""
    is_this: bool = False

    @property
    def photos(self) -> list[Attachment]:
        files = files_of(self.incident)
        return [*files.as_reported, *files.of_handling]

    @property
    def may_follow(self) -> bool:
        """It can be merged into another one; what is handled, say, can only lead."""
        return Act.MERGE in may_follow(self.incident.status)


class MergeForm(ActForm):
    """`into`: which one leads, this incident or another. `also`: what is merged into it besides this one."""

    about = "incidents/about/_merge.html"
    body = "incidents/_merge_sides.html"
    in_body = ("into", "also")
    from_address = (WITH,)

    into = forms.ChoiceField(
        label=gettext_lazy("Which one leads"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose which one leads."),
            "invalid_choice": gettext_lazy("Choose the open incident that leads; what has ended can't."),
        },
    )
    also = forms.MultipleChoiceField(
        label=gettext_lazy("What is merged"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("One of them can't be merged any more. Look at them again.")},
    )
    note = long_text(gettext_lazy("Remark"), limit=500, required=False, rows=2)

    def prepare(self) -> None:
        this = self.situation.incident
        self.sides = [Side(this, is_this=True), *self._others()]
        prefetch_related_objects([side.incident for side in self.sides], "attachments")
        others = self.sides[1:]
        choice_of(self, "into").choices = [(side.incident.number, side.incident.number) for side in self.sides]
        choice_of(self, "also").choices = [
            (side.incident.number, side.incident.number) for side in others if side.may_follow
        ]
        self.initial.setdefault("also", list(self.asked))
        self.shown = [side.incident.number for side in others]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        rows = {side.incident.number: side.incident for side in self.sides}
        this, into = self.situation.incident, rows[data["into"]]
        others = [rows[number] for number in data["also"] if number != into.number]
        if into == this and not others:
            others = [side.incident for side in self.sides[1:] if side.may_follow] if len(self.sides) == 2 else []
            if not others:
                self.add_error("also", _("Tick what is merged into this one."))
        return data | {"into": into, "others": others}

    def arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("into", "others", "note")}

    @property
    def asked(self) -> list[str]:
        """The numbers that somebody chose, in the address or in the form, without this one's."""
        if self.is_bound:
            chosen = [*self.data.getlist("into"), *self.data.getlist("also")]
        else:
            chosen = [str(number).strip() for number in self.initial.get(WITH, ())]
        this = self.situation.incident.number
        return [number for number in dict.fromkeys(chosen) if number and number != this]

    @property
    def unknown(self) -> list[str]:
        """What was asked for and isn't there, has ended or lies in another sub-district."""
        return [number for number in self.asked if number not in self.shown]

    def _others(self) -> Iterator[Side]:
        """Those asked for, then the likely ones; each once."""
        this, seen = self.situation.incident, visible_to(self.situation.user)
        likely = {like.incident.number: like for like in likely_same(this, among=seen)}
        asked = self.asked[:MOST_BESIDE]
        others = with_place(numbered(seen, [number for number in asked if number not in likely]))
        known = {row.number: row for row in others if row.is_open and row.street_id == this.street_id}
        for number in asked:
            if number in likely or number in known:
                like = likely.pop(number, None)
                yield Side(like.incident, like.because) if like else Side(known[number])
        for like in list(likely.values())[: MOST_BESIDE - len(asked)]:
            yield Side(like.incident, like.because)
