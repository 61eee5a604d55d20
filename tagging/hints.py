"""What the tagger says of each incident that waits, kept beside it: a list shows it without asking anything.

Reading a report takes some two milliseconds, and asking whom it would go to a few queries: too much for fifty rows on
fifty screens. So a worker does it, right after the report and again when dictionary or training have changed. Beat asks
each minute what is owed, so a message that was lost costs a minute. A report never waits for the tagger, nor fails by
it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any, Final

from celery import current_app
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

import clock
from grids.models import Department
from incidents.models import Category, Incident
from incidents.selectors import PLACE
from incidents.workflow import OPEN, Status
from tagging.models import Hint, Suggestion
from tagging.reading import Opinion
from tagging.suggesting import Versions, categories_now, leads_for, reader_of, versions_now
from tagging.texts import matter_of

WAITING: Final = (Status.REPORTED, Status.RETURNED)
"""The command room decides on these; what was decided keeps the hint that it was decided with."""
BATCH: Final = 200
MOST: Final = 5_000
"""In one round: some ten seconds. The next minute goes on."""
_TASK: Final = "tagging.tasks.hint_waiting"
_ASKED: Final = "tagging:hints-asked"
_GIVEN_UP_AFTER: Final = 60


@dataclass(frozen=True, slots=True)
class Advice:
    """What a panel shows beside an incident: the suggestion, whom it would go to, whether it stands so already."""

    suggestion: Suggestion
    lead: Department | None
    agrees: bool


def advice_for(incident: Incident, *, at: datetime) -> Advice | None:
    """For whoever sorts the incident (its place and category loaded); None when the tagger has nothing to say."""
    hint = hint_for(incident, at=at)
    if hint is None or hint.suggestion is None:
        return None
    return Advice(hint.suggestion, hint.lead, agrees=hint.suggestion.category.code == incident.category.code)


def hint_for(incident: Incident, *, at: datetime | None = None) -> Hint | None:
    """By the dictionary and training of now, made if it isn't there yet; None before the dictionary was loaded."""
    versions = versions_now()
    if versions is None:
        return None
    kept = _by(versions).filter(incident=incident).select_related("suggestion__category", "lead")
    return kept.first() or _hint([incident], versions, at or clock.now())[0]


def hint_soon() -> None:
    """Have a worker read what waits as soon as this transaction is committed."""
    # Robust: a broker that is away must not turn a report into an error.
    transaction.on_commit(_ask_worker, robust=True)


def hint_waiting(*, at: datetime | None = None, most: int = MOST) -> int:
    """Read what waits and has no hint of the versions of now, the newest first; returns how many."""
    cache.delete(_ASKED)  # before looking: what is committed from here on asks anew
    versions = versions_now()
    if versions is None:
        return 0
    unread = ~Exists(_by(versions).filter(incident=OuterRef("pk")))
    return _read(_waiting().filter(unread)[:most], versions, at or clock.now())


def renew_hints(*, at: datetime | None = None) -> int:
    """Each night: forget what has ended, and read all that waits, for rules and catalogue may name others by now."""
    Hint.objects.exclude(incident__status__in=OPEN).delete()
    versions = versions_now()
    return _read(_waiting(), versions, at or clock.now()) if versions else 0


def _ask_worker() -> None:
    """Many reports at once ask for one round: whoever comes while one is asked for is seen by it."""
    if cache.add(_ASKED, True, timeout=_GIVEN_UP_AFTER):
        current_app.send_task(_TASK, [], retry=False)


def _by(versions: Versions) -> QuerySet[Hint]:
    return Hint.objects.filter(dictionary=versions.dictionary_id, tagger=versions.tagger_id)


def _waiting() -> QuerySet[Incident]:
    # The open ones as well: the partial index over these is what makes it quick.
    return Incident.objects.filter(status__in=OPEN).filter(status__in=WAITING).order_by("-pk")


def _read(incidents: QuerySet[Incident], versions: Versions, at: datetime) -> int:
    """In transactions of their own, so that a long round keeps nobody waiting and loses little when it is ended."""
    keys = list(incidents.values_list("pk", flat=True))
    for some in batched(keys, BATCH):
        _hint(list(Incident.objects.filter(pk__in=some).select_related(*PLACE)), versions, at)
    return len(keys)


@transaction.atomic
def _hint(incidents: Sequence[Incident], versions: Versions, at: datetime) -> list[Hint]:
    """Read these (their places loaded) and keep what is said. As many queries for one as for a hundred.

    Two at once write the same: rows are put in the same order, and the last one stays.
    """
    incidents = sorted(incidents, key=lambda incident: incident.pk)
    reader, categories = reader_of(versions), categories_now()
    opinions = {incident.pk: reader.read(matter_of(incident), among=categories) for incident in incidents}
    said = _keep({pk: opinion for pk, opinion in opinions.items() if opinion}, categories, versions, at)
    told = [incident for incident in incidents if incident.pk in said]
    leads = leads_for([(said[incident.pk].category, incident.unit) for incident in told], at=at)
    lead_by_incident = {incident.pk: lead for incident, lead in zip(told, leads, strict=True)}
    hints = []
    for incident in incidents:
        lead = lead_by_incident.get(incident.pk)
        hints.append(
            Hint(
                incident=incident,
                suggestion=said.get(incident.pk),
                lead=lead if isinstance(lead, Department) else None,
                made_at=at,
                **_named(versions),
            )
        )
    return Hint.objects.bulk_create(
        hints,
        update_conflicts=True,
        unique_fields=["incident"],
        update_fields=["suggestion", "lead", "dictionary", "tagger", "made_at"],
    )


def _keep(
    opinions: Mapping[int, Opinion], categories: Mapping[str, Category], versions: Versions, at: datetime
) -> dict[int, Suggestion]:
    """The suggestion of each incident by these versions, by the incident's key; one that was made already stays."""
    Suggestion.objects.bulk_create(
        [
            Suggestion(
                incident_id=pk,
                category=categories[opinion.code],
                confidence=round(opinion.confidence, 3),
                is_sure=opinion.is_sure,
                words=list(opinion.words),
                made_at=at,
                **_named(versions),
            )
            for pk, opinion in opinions.items()
        ],
        ignore_conflicts=True,
    )
    made = Suggestion.objects.filter(incident__in=list(opinions), **_named(versions))
    by_pk = {category.pk: category for category in categories.values()}
    said = {}
    for suggestion in made:
        if suggestion.category_id in by_pk:  # loaded already, with its departments
            suggestion.category = by_pk[suggestion.category_id]
        said[suggestion.incident_id] = suggestion
    return said


def _named(versions: Versions) -> dict[str, Any]:
    return {"dictionary_id": versions.dictionary_id, "tagger_id": versions.tagger_id}
