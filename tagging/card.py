"""The model card: what speaks now, what it learnt from, how well it does, and how often people agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, F, Q

from incidents.models import Category
from tagging.evaluation import OfLabel, Report
from tagging.models import DictionaryVersion, Suggestion, Tagger
from tagging.words import current_version, current_words

SINCE: Final = timedelta(days=30)
MOST_MISTAKES: Final = 15
EARLIER: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One category of the report."""

    category: Category | str
    words: int
    figures: OfLabel | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """How often one category was taken for another."""

    count: int
    truth: Category | str
    said: Category | str


@dataclass(frozen=True, slots=True)
class Answers:
    """What people made of the suggestions of the last thirty days."""

    made: int
    decided: int
    agreed: int
    sure: int
    sure_agreed: int


@dataclass(frozen=True)
class Card:
    dictionary: DictionaryVersion | None
    words: int
    tagger: Tagger | None
    report: Report | None
    lines: Sequence[Line]
    mistakes: Sequence[Mistake]
    answers: Answers
    earlier: Sequence[Tagger]


def card(*, at: datetime) -> Card:
    """The card as it stands at a moment; six queries."""
    trainings = list(Tagger.objects.select_related("dictionary").defer("weights")[: EARLIER + 1])
    tagger = next((each for each in trainings if each.in_use), None)
    report = Report.from_json(tagger.report) if tagger else None
    names = {row.code: row for row in Category.objects.filter(ended_at=None).order_by("code")}
    words: Mapping[str, int] = dict(current_words().order_by().values_list("category_code").annotate(count=Count("pk")))
    return Card(
        dictionary=current_version(),
        words=sum(words.values()),
        tagger=tagger,
        report=report,
        lines=_lines(report, names, words),
        mistakes=[
            Mistake(count, names.get(truth, truth), names.get(said, said))
            for count, truth, said in (report.mistakes()[:MOST_MISTAKES] if report else [])
        ],
        answers=_answers(at - SINCE),
        earlier=[each for each in trainings if each is not tagger],
    )


def _lines(report: Report | None, names: Mapping[str, Category], words: Mapping[str, int]) -> list[Line]:
    """Every entry that can be reported under, whether anything was held out for it or not."""
    figures = report.labels if report else {}
    codes = sorted({code for code, row in names.items() if row.is_reportable} | figures.keys())
    return [Line(names.get(code, code), words.get(code, 0), figures.get(code)) for code in codes]


def _answers(since: datetime) -> Answers:
    decided = Q(chosen__isnull=False)
    agreed = Q(chosen__code=F("category__code"))
    counts = Suggestion.objects.filter(made_at__gte=since).aggregate(
        made=Count("pk"),
        decided=Count("pk", filter=decided),
        agreed=Count("pk", filter=agreed),
        sure=Count("pk", filter=decided & Q(is_sure=True)),
        sure_agreed=Count("pk", filter=agreed & Q(is_sure=True)),
    )
    return Answers(**counts)
