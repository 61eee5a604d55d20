"""What happened behind a door or to a person, in words, for one reader."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.masking import mask_name, mask_number, mask_phone
from accounts.sealing import SealBroken, SealedTextField, unseal
from grids.models import Unit
from households.models import Household, RegisterChange, Resident, TagKind
from households.selectors import Rights

What = RegisterChange.What
_TONES: Final = {
    What.ADDED: "done",
    What.MOVED_BACK: "done",
    What.MOVED_OUT: "idle",
    What.CLOSED: "idle",
    What.UNTAGGED: "idle",
    What.UNDONE: "soon",
}
_NAMES: Final = ("name", "landlord_name")
_PLACES: Final = ("household", "micro_grid")

Event = dict[str, Any]


class Telling:
    """The history of one door or one person as its reader may know it."""

    def __init__(self, row: Household | Resident, changes: Iterable[RegisterChange], rights: Rights) -> None:
        self.row = row
        self.unit = row.unit if isinstance(row, Household) else row.household.unit
        self.changes = list(_once(changes))
        self.sees_names = rights.names(self.unit)
        self._kinds = {kind.code: kind for kind in TagKind.objects.all()}
        self._rights = rights

    def events(self) -> list[Event]:
        """The changes, the latest first, as `components/_timeline.html` shows them."""
        return [self._event(change) for change in self.changes if self._may_know(change)]

    def since(self, seen: datetime) -> list[str]:
        """What was changed after a form was opened, a line each."""
        return [line for change in self.changes if change.at > seen for line in self._differences(change)]

    def _event(self, change: RegisterChange) -> Event:
        about = change.resident if isinstance(self.row, Household) else None
        who = (
            _("%(what)s: %(name)s") % {"what": change.get_what_display(), "name": self._name(about.name)}
            if about
            else ""
        )
        return {
            "at": change.at,
            "title": who or change.get_what_display(),
            "tone": _TONES.get(What(change.what), "running"),
            "actor": change.actor or _("the system"),
            "post": _("load of %(file)s") % {"file": change.load.file_name} if change.load else "",
            "note": "\n".join(filter(None, [change.reason, *self._differences(change)])),
        }

    def _may_know(self, change: RegisterChange) -> bool:
        """A sensitive tag is no secret if its history tells it."""
        kind = self._kinds.get(change.after.get("tag", ""))
        return kind is None or bool(self._rights.kinds([kind], self.unit))

    def _differences(self, change: RegisterChange) -> list[str]:
        facts = [*change.before, *(fact for fact in change.after if fact not in change.before)]
        lines = []
        for fact in facts:
            old, new = change.before.get(fact), change.after.get(fact)
            if fact == "tag":
                lines.append(str(self._kinds.get(str(new), new)))
            elif label := self._label(change, fact):
                words = {"fact": label, "before": self._said(change, fact, old), "after": self._said(change, fact, new)}
                lines.append(_("%(fact)s: %(before)s → %(after)s") % words)
        return lines

    def _label(self, change: RegisterChange, fact: str) -> str:
        known = {"household": _("Household"), "micro_grid": _("Micro-grid"), "until": _("until"), "since": _("since")}
        if fact in known:
            return known[fact]
        try:
            field: Any = _model(change)._meta.get_field(fact)
        except FieldDoesNotExist:
            return ""
        # What follows from other columns, and the moment of the change itself, are kept for undoing loads only.
        return _capital(str(field.verbose_name)) if field.editable and fact != "changed_at" else ""

    def _said(self, change: RegisterChange, fact: str, value: Any) -> str:
        """One value in the reader's words, masked as everywhere else."""
        if value in (None, ""):
            return pgettext("a fact", "none")
        if fact in _PLACES:
            return self._place(str(value))
        if fact in _NAMES:
            return self._name(str(value))
        try:
            field: Any = _model(change)._meta.get_field(fact)
        except FieldDoesNotExist:
            return str(value)
        if isinstance(field, SealedTextField):
            return _masked(fact, str(value))
        return str(dict(field.flatchoices).get(value, value))

    def _name(self, name: str) -> str:
        return name if self.sees_names else mask_name(name)

    def _place(self, code: str) -> str:
        """A place by its code. The address of a door says where somebody lives: a stranger's isn't told."""
        unit = Unit.objects.filter(code=code).first()
        return unit.name if unit and self._rights.sees(unit) else code


def first_event(row: Household | Resident) -> Event | None:
    """How the row came into the register, where no change tells it: from a load."""
    if row.made_in is None:
        return None
    title = _("Came with a load")
    return {"at": row.made_at, "title": title, "tone": "done", "post": "", "actor": row.made_in.file_name, "note": ""}


def _once(changes: Iterable[RegisterChange]) -> Iterator[RegisterChange]:
    """A move is written for both households: of two alike the reader sees one."""
    told: Mapping[str, Any] | None = None
    for change in changes:
        facts = {"at": change.at, "what": change.what, "who": change.resident_id, "after": change.after}
        if facts != told:
            yield change
        told = facts


def _model(change: RegisterChange) -> type[Household] | type[Resident]:
    return Resident if change.resident_id else Household


def _masked(fact: str, sealed: str) -> str:
    try:
        plain = unseal(sealed)
    except SealBroken:
        return _("unreadable")
    return mask_number(plain) if fact == "document_number" else mask_phone(plain)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
