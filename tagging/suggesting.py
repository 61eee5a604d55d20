"""What a report is probably about, at which level, for whom, and because of which words. People decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Subquery

import clock
from grids.models import Department, Unit
from incidents.models import Category, Incident
from incidents.proposals import proposals_for
from incidents.selectors import reportable_categories
from incidents.services.triage import Party
from tagging.learning import model_of
from tagging.models import DictionaryVersion, Tagger
from tagging.reading import Reader
from tagging.texts import without
from tagging.words import dictionary_of


@dataclass(frozen=True, slots=True)
class Suggested:
    """`lead` None: nobody who serves the place is proposed. Not `is_sure`: show it as a question, if at all."""

    category: Category
    level: int
    lead: Party | None
    confidence: float
    is_sure: bool
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Versions:
    """Which dictionary and which training speak now."""

    dictionary_id: int
    tagger_id: int | None


def suggest(text: str, unit: Unit, *, at: datetime | None = None) -> Suggested | None:
    """Of a text that somebody types about a place; nothing is kept. None when no word says anything."""
    versions = versions_now()
    if versions is None:
        return None
    categories = categories_now()
    opinion = reader_of(versions).read(without(text, [unit.name]), among=categories)
    if opinion is None:
        return None
    category = categories[opinion.code]
    lead = lead_for(category, unit, at=at or clock.now())
    return Suggested(category, category.level or 1, lead, opinion.confidence, opinion.is_sure, opinion.words)


def lead_for(category: Category, unit: Unit, *, at: datetime) -> Party | None:
    """Whom a rule or the catalogue would propose for such an incident there, as far as they serve the place."""
    return leads_for([(category, unit)], at=at)[0]


def leads_for(matters: Sequence[tuple[Category, Unit]], *, at: datetime) -> list[Party | None]:
    """The same of many at once; no more queries than of one when the categories come with their departments."""
    imagined = [
        Incident(
            category=category,
            level=category.level or 1,
            unit=unit,
            reported_at=at,
            **{f"{tier}_id": getattr(unit, f"{tier}_id") for tier in ("street", "community", "grid", "micro_grid")},
        )
        for category, unit in matters
    ]
    proposals = proposals_for(imagined, at=at)
    return [_serving(found.lead, one.street_id) for one, found in zip(imagined, proposals, strict=True)]


def _serving(lead: Party | None, street_id: int) -> Party | None:
    serves = not isinstance(lead, Department) or (lead.is_active and lead.street_id in {None, street_id})
    return lead if serves else None


def versions_now() -> Versions | None:
    """None before the starting dictionary was loaded. One query: it is asked on every page that suggests."""
    newest = Tagger.objects.filter(in_use=True).order_by("-pk").values("pk")[:1]
    row = DictionaryVersion.objects.order_by("-number").values_list("pk", Subquery(newest)).first()
    return Versions(*row) if row else None


@lru_cache(maxsize=2)
def reader_of(versions: Versions) -> Reader:
    """Kept by the process: a version and a training never change."""
    dictionary = dictionary_of(versions.dictionary_id)
    if versions.tagger_id is None:
        return Reader(dictionary)
    tagger = Tagger.objects.get(pk=versions.tagger_id)
    return Reader(dictionary, model_of(tagger), tagger.dictionary_share, tagger.threshold)


def categories_now() -> dict[str, Category]:
    """What may be suggested, by code: an entry that was retired since is suggested no more."""
    entries = reportable_categories().select_related("lead").prefetch_related("assisting")
    return {category.code: category for category in entries}
