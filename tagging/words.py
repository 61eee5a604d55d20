"""The dictionary as rows. Every change goes through here and makes a new version; nothing is edited that counted."""

import csv
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from accounts.models import User
from incidents.models import Category
from tagging.dictionary import Dictionary, Entry
from tagging.models import DictionaryVersion, Word

FILE: Final = Path(__file__).resolve().parent / "catalogue" / "words.csv"
LONGEST: Final = 20
_LOCK: Final = 0x776F_7264  # "word": one writer at a time, or two would make the same version


class Edit:
    """One edit of the dictionary, of one word or of a whole file: all its changes make one version.

    Use within a transaction. An edit that changes nothing makes no version.
    """

    def __init__(self, *, actor: User | None, at: datetime | None = None) -> None:
        self._actor, self._at = actor, at
        self._version: DictionaryVersion | None = None

    def set_word(self, code: str, text: str, weight: int) -> Word:
        """This word speaks for this category with this weight from now on. Raises `Refused`, beside the field."""
        self._wait_for_other_writers()
        text = checked(code, text, weight)
        present = current_words().filter(category_code=code, text=text).first()
        if present is not None and present.weight == weight:
            return present
        if present is not None:
            self._end(present)
        return Word.objects.create(category_code=code, text=text, weight=weight, since=self.version)

    def end_word(self, word: Word) -> None:
        """It speaks for the category no longer; ended already, nothing changes."""
        self._wait_for_other_writers()
        present = current_words().filter(pk=word.pk).first()
        if present is not None:
            self._end(present)

    @property
    def version(self) -> DictionaryVersion:
        if self._version is None:
            last = DictionaryVersion.objects.order_by("number").last()
            self._version = DictionaryVersion.objects.create(
                number=last.number + 1 if last else 1, made_at=self._at or clock.now(), made_by=self._actor
            )
        return self._version

    def _end(self, word: Word) -> None:
        word.until = self.version
        word.save(update_fields=["until"])

    def _wait_for_other_writers(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def current_words() -> QuerySet[Word]:
    """The words that count now."""
    return Word.objects.filter(until=None)


def current_version() -> DictionaryVersion | None:
    """None before the starting dictionary was loaded."""
    return DictionaryVersion.objects.order_by("number").last()


@lru_cache(maxsize=4)
def dictionary_of(version_id: int) -> Dictionary:
    """The words of one version, as they counted then. A version never changes, so a process reads it once."""
    number = DictionaryVersion.objects.get(pk=version_id).number
    rows = Word.objects.filter(Q(until=None) | Q(until__number__gt=number), since__number__lte=number)
    return Dictionary(Entry(row.category_code, row.text.lower(), row.weight) for row in rows)


@transaction.atomic
def load_words(path: Path = FILE, *, actor: User | None = None, at: datetime | None = None) -> int:
    """Load the starting dictionary where there is none; returns how many words were added.

    A dictionary that is there belongs to the administrators, who may have ended words on purpose.
    """
    if current_version() is not None:
        return 0
    known = set(Category.objects.filter(ended_at=None).exclude(level=None).values_list("code", flat=True))
    edit = Edit(actor=actor, at=at)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["category"] in known]
    if rows:
        Word.objects.bulk_create(
            Word(category_code=row["category"], text=row["word"], weight=int(row["weight"]), since=edit.version)
            for row in rows
        )
    return len(rows)


def checked(code: str, text: str, weight: int) -> str:
    """The word as it is kept. Raises `Refused` for what can't stand."""
    text = "".join(text.split())
    if not Category.objects.filter(code=code, ended_at=None).exclude(level=None).exists():
        raise Refused(
            _("The catalogue has no entry %(code)s that is reported under.") % {"code": code},
            code="category",
            field="category_code",
        )
    if not text or len(text) > LONGEST:
        message = _("A word has 1 to %(most)d characters.") % {"most": LONGEST}
        raise Refused(message, code="word", field="text")
    if weight not in (1, 2, 3):
        raise Refused(_("A weight is 1, 2 or 3."), code="weight", field="weight")
    return text
