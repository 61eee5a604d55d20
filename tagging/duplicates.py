"""Incidents that may be about the same thing: near in place and time, and alike in words or kind. Each says why.

The same words at another place are another matter (every stairwell has its clutter), and so is another matter at the
same place. So place multiplies what words and kind add up to, and neither is enough alone.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any, Final

import numpy as np
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clock import said
from incidents.likeness import Likeness
from incidents.models import Incident
from incidents.selectors import with_place
from incidents.workflow import OPEN
from tagging.grams import grams
from tagging.linear import Vocabulary
from tagging.suggesting import reader_of, versions_now
from tagging.texts import matter_of

WINDOW: Final = timedelta(days=3)
MOST_LOOKED_AT: Final = 200
MOST: Final = 5
LIKELY: Final = 0.38
"""From here on it is shown; set by the labelled pairs of `tests/tagging/test_duplicates.py`."""
LEAST_WORDS: Final = 0.08
"""Below it two texts share nothing to speak of, and the same kind at the same place is a second matter."""
_OF_WORDS: Final = 0.65
_OF_KIND: Final = 0.35
_DOOR: Final = re.compile(r"([0-9一二三四五六七八九十]+)(号楼|幢|栋|单元|室|号|弄|楼|组)")


@dataclass(frozen=True)
class Pair:
    """Two incidents side by side. `trigram`: how alike the database finds their texts (pg_trgm)."""

    one: Incident
    other: Incident
    trigram: float
    vocabulary: Vocabulary

    @property
    def score(self) -> float:
        if self.words < LEAST_WORDS:
            return 0.0
        return self.place[0] * (_OF_WORDS * self.words + _OF_KIND * self.kind)

    @cached_property
    def texts(self) -> tuple[str, str]:
        return matter_of(self.one), matter_of(self.other)

    @cached_property
    def words(self) -> float:
        return max(self.trigram, self.vocabulary.likeness(*self.texts))

    @cached_property
    def kind(self) -> float:
        """1 for the same entry of the catalogue, less for the same class or group of it; 0 while none is chosen."""
        if self.one.category_id is None:
            return 0.0
        mine, theirs = self.one.category.code, self.other.category.code
        if mine == theirs:
            return 1.0
        return 0.6 if mine[:4] == theirs[:4] else 0.3 if mine[:2] == theirs[:2] else 0.0

    @cached_property
    def place(self) -> tuple[float, str]:
        """How near, and in which words. Other doors or other micro-grids are other places, however near."""
        one, other = self.one, self.other
        if _other_door(one, other):
            return 0.2, _("another door nearby")
        if one.unit_id == other.unit_id and one.micro_grid_id:
            return 1.0, _("the same place")
        if _same_spot(one, other):
            return 0.9, _("the same spot")
        if one.micro_grid_id and other.micro_grid_id:
            same = one.micro_grid_id == other.micro_grid_id
            return (0.9, _("the same micro-grid")) if same else (0.25, _("another micro-grid"))
        if one.grid_id and one.grid_id == other.grid_id:
            return 0.6, _("the same grid")
        return 0.45, _("the same community")

    @property
    def because(self) -> str:
        """同一微网格、同类、相隔 40 分、都提到“路灯不亮”. In the reader's language."""
        apart = said.duration(abs(self.one.reported_at - self.other.reported_at))
        parts = [self.place[1], _("the same kind") if self.kind == 1 else "", _("%(time)s apart") % {"time": apart}]
        if shared := _shared(*self.texts):
            parts.append(_("both say %(words)s") % {"words": pgettext("between names", ", ").join(shared)})
        return pgettext("between the items of a list", ", ").join(part for part in parts if part)


def likely_duplicates(incident: Incident, *, among: QuerySet[Incident], most: int = MOST) -> list[Likeness]:
    """Open incidents that may be the same thing, of those `among` (what the reader may see), the likeliest first.

    `incident` may be one that is only being typed (`incidents.likeness.imagined`).
    """
    near = _near(incident, among)
    vocabulary = _vocabulary([incident, *near]) if near else None
    pairs = [Pair(incident, other, trigram, vocabulary) for other, trigram in near.items()] if vocabulary else []
    likely = sorted((pair for pair in pairs if pair.score >= LIKELY), key=lambda pair: (-pair.score, -pair.other.pk))
    return [Likeness(pair.other, pair.score, pair.place[1], pair.because) for pair in likely[:most]]


def _near(incident: Incident, among: QuerySet[Incident]) -> dict[Incident, float]:
    """The open ones of the same community around the same time, with how alike the texts are for pg_trgm."""
    near = among.filter(
        status__in=OPEN,
        street=incident.street_id,
        community=incident.community_id,
        reported_at__gte=incident.reported_at - WINDOW,
        reported_at__lte=incident.reported_at + WINDOW,
    ).exclude(pk=incident.pk)
    alike = near.annotate(trigram=TrigramSimilarity("description", incident.description))
    rows: Iterable[Any] = with_place(alike.order_by("-trigram", "-pk"))[:MOST_LOOKED_AT]
    return {row: row.trigram for row in rows}


def _vocabulary(incidents: Sequence[Incident]) -> Vocabulary:
    """How telling each n-gram is: the tagger's own, once it has learnt. Before, all count alike."""
    versions = versions_now()
    reader = reader_of(versions) if versions else None
    if reader and reader.model:
        return reader.model.vocabulary
    known = sorted({gram for incident in incidents for gram in grams(incident.description)})
    return Vocabulary(known, np.ones(len(known), dtype=np.float32))


def _other_door(one: Incident, other: Incident) -> bool:
    """Both name a door, a building or a stairwell, and not the same."""
    mine, theirs = _doors(one), _doors(other)
    return any(mine[sort].isdisjoint(theirs[sort]) for sort in mine.keys() & theirs.keys())


def _doors(incident: Incident) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for number, sort in _DOOR.findall(f"{incident.description} {incident.place_note}"):
        found.setdefault(sort, set()).add(number)
    return found


def _same_spot(one: Incident, other: Incident) -> bool:
    """Both say where exactly, in words of which one contains the other."""
    mine, theirs = ("".join(note.split()) for note in (one.place_note, other.place_note))
    return len(mine) > 1 and len(theirs) > 1 and (mine in theirs or theirs in mine)


def _shared(one: str, other: str) -> list[str]:
    """The longest stretches of two or more characters that both texts have, at most two."""
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    found = [one[block.a : block.a + block.size].strip("，。、；！？ ,.") for block in blocks]
    words = sorted(dict.fromkeys(word for word in found if len(word) > 1), key=lambda word: -len(word))
    return [f"“{word[:8]}”" for word in words[:2]]
