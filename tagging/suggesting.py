"""What a report is probably about, at which level, for whom, and because of which words. People decide."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Subquery

import clock
from grids.models import Department, Unit
from incidents.models import Category, Incident
from incidents.proposals import proposal_for
from incidents.selectors import reportable_categories
from incidents.services.triage import Party
from tagging.learning import model_of
from tagging.models import DictionaryVersion, Suggestion, Tagger
from tagging.reading import Opinion, Reader
from tagging.texts import matter_of, without
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
class Advice:
    """What a panel shows beside an incident: the kept suggestion, whom it would go to, whether it stands so already."""

    suggestion: Suggestion
    lead: Party | None
    agrees: bool


@dataclass(frozen=True, slots=True)
class Versions:
    """Which dictionary and which training speak now."""

    dictionary_id: int
    tagger_id: int | None


def suggest(text: str, unit: Unit, *, at: datetime | None = None) -> Suggested | None:
    """Of a text that somebody types about a place; nothing is kept. None when no word says anything."""
    versions = versions_now()
    said = _read(without(text, [unit.name]), versions) if versions else None
    if said is None:
        return None
    category, opinion = said
    lead = lead_for(category, unit, at=at or clock.now())
    return Suggested(category, category.level or 1, lead, opinion.confidence, opinion.is_sure, opinion.words)


def suggestion_for(incident: Incident, *, at: datetime | None = None) -> Suggestion | None:
    """What the tagger of now says about an incident (its place loaded). Said once a version and kept with it."""
    versions = versions_now()
    if versions is None:
        return None
    kept = Suggestion.objects.filter(
        incident=incident, dictionary=versions.dictionary_id, tagger=versions.tagger_id
    ).select_related("category__lead")
    return kept.first() or _make(incident, versions, at or clock.now())


def advice_for(incident: Incident, *, at: datetime) -> Advice | None:
    """For whoever sorts the incident (its place and category loaded); None when the tagger has nothing to say."""
    suggestion = suggestion_for(incident, at=at)
    if suggestion is None:
        return None
    agrees = suggestion.category.code == incident.category.code
    lead = None if agrees else lead_for(suggestion.category, incident.unit, at=at)
    return Advice(suggestion, lead, agrees)


def lead_for(category: Category, unit: Unit, *, at: datetime) -> Party | None:
    """Whom a rule or the catalogue would propose for such an incident there, as far as they serve the place."""
    imagined = Incident(
        category=category,
        level=category.level or 1,
        unit=unit,
        reported_at=at,
        **{f"{tier}_id": getattr(unit, f"{tier}_id") for tier in ("street", "community", "grid", "micro_grid")},
    )
    lead = proposal_for(imagined, at=at).lead
    serves = not isinstance(lead, Department) or (lead.is_active and lead.street_id in {None, unit.street_id})
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


def _read(text: str, versions: Versions) -> tuple[Category, Opinion] | None:
    """Among what can be reported under now: an entry that was retired since is suggested no more."""
    categories = {category.code: category for category in reportable_categories().select_related("lead")}
    opinion = reader_of(versions).read(text, among=categories)
    return (categories[opinion.code], opinion) if opinion else None


def _make(incident: Incident, versions: Versions, at: datetime) -> Suggestion | None:
    said = _read(matter_of(incident), versions)
    if said is None:
        return None
    category, opinion = said
    which: dict[str, Any] = {
        "incident": incident,
        "dictionary_id": versions.dictionary_id,
        "tagger_id": versions.tagger_id,
    }
    made, _is_new = Suggestion.objects.get_or_create(
        **which,
        defaults={
            "category": category,
            "confidence": round(opinion.confidence, 3),
            "is_sure": opinion.is_sure,
            "words": list(opinion.words),
            "made_at": at,
        },
    )
    return made
