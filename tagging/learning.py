"""Training on the product's own confirmed incidents, each night and by command."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

import clock
from accounts.models import User
from incidents.models import Incident, StatusChange
from incidents.selectors import PLACE
from incidents.workflow import Act, Status
from tagging.dictionary import Dictionary
from tagging.evaluation import Report, judge
from tagging.linear import LinearModel
from tagging.models import Tagger
from tagging.reading import Reader
from tagging.texts import matter_of
from tagging.training import Letter, Part, TooLittle, Trained, part_of, train, verdicts_of
from tagging.words import current_version, dictionary_of

MOST_LETTERS: Final = 40_000
"""The latest ones: what is called what changes with the catalogue, and a night is short."""
WORSE_BY: Final = 0.03
"""A training that does this much worse than the present one, on the same letters, is kept on record but not used."""
_LOCK: Final = 0x7461_6767  # "tagg": one training at a time, wherever it runs
_CONFIRMS: Final = (Act.VERIFY, Act.SETTLE)


def train_if_news(*, at: datetime | None = None) -> Tagger | None:
    """Train when incidents were closed or the dictionary was changed since the last training; None when not.

    Two at once train once: the second finds the lock taken and leaves.
    """
    last, version = Tagger.objects.order_by("pk").last(), current_version()
    is_same_dictionary = last and version and last.dictionary_id == version.pk
    if last and is_same_dictionary and not confirmed().filter(closed_at__gt=last.trained_at).exists():
        return None
    return train_on_own(at=at)


@transaction.atomic
def train_on_own(*, actor: User | None = None, at: datetime | None = None) -> Tagger | None:
    """Learn from the confirmed incidents and the dictionary of now; None when there is nothing to learn, or it runs.

    The new training makes the suggestions from now on, unless it does worse than the present one.
    """
    version = current_version()
    if version is None or not _is_alone():
        return None
    dictionary, letters = dictionary_of(version.pk), list(letters_of(confirmed()))
    try:
        trained = train(letters, dictionary=dictionary)
    except TooLittle:
        return None
    return Tagger.objects.create(
        trained_at=at or clock.now(),
        trained_by=actor,
        dictionary=version,
        letters=trained.learnt_from,
        weights=trained.model.to_bytes(),
        dictionary_share=trained.reader.dictionary_share,
        threshold=trained.reader.threshold,
        report=trained.report.as_json(),
        in_use=_is_good_enough(trained, letters, dictionary),
    )


def confirmed() -> QuerySet[Incident]:
    """Closed incidents whose category people stand by: somebody verified the work, or settled it on the spot.

    What was merged or void says nothing about its category; what a rule dispatched counts once people verified it.
    """
    by_people = StatusChange.objects.filter(incident=OuterRef("pk"), act__in=_CONFIRMS, actor__isnull=False)
    return Incident.objects.filter(Exists(by_people), status__in=(Status.CLOSED, Status.ARCHIVED))


def letters_of(incidents: QuerySet[Incident]) -> Iterator[Letter]:
    """The latest of them as letters, without the names of their places."""
    rows = incidents.select_related(*PLACE, "category").order_by("-closed_at", "-pk")[:MOST_LETTERS]
    for incident in rows:
        yield Letter(matter_of(incident), incident.category.code, incident.number)


def model_of(tagger: Tagger) -> LinearModel:
    return LinearModel.from_bytes(bytes(tagger.weights))


def _is_good_enough(trained: Trained, letters: list[Letter], dictionary: Dictionary) -> bool:
    """Both are tried on the same letters, which neither has learnt from."""
    present = Tagger.objects.filter(in_use=True).order_by("pk").last()
    if present is None:
        return True
    reader = Reader(dictionary, model_of(present), present.dictionary_share, present.threshold)
    before: Report = judge(verdicts_of(reader, [each for each in letters if part_of(each.key) == Part.TRY]))
    return trained.report.macro_f1 >= before.macro_f1 - WORSE_BY


def _is_alone() -> bool:
    """Whether no other process trains; until this transaction ends none will."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])
