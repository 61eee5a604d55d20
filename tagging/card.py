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

    code: str
    category: Category | str
    words: int
    figures: OfLabel | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """How often one category was taken for another, and the dictionary's words that spoke for the wrong one."""

    count: int
    truth: Category | str
    said: Category | str
    words: Sequence[str]


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

    @property
    def is_behind(self) -> bool:
        """The dictionary was edited after the training in use."""
        return bool(self.tagger and self.dictionary and self.tagger.dictionary_id != self.dictionary.pk)


def card(*, at: datetime, most: int | None = MOST_MISTAKES) -> Card:
    """The card as it stands at a moment; six queries. `most`: so many mistakes, the most frequent ones."""
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
        mistakes=_mistakes(report, names)[:most],
        answers=_answers(at - SINCE),
        earlier=[each for each in trainings if each is not tagger],
    )


def _lines(report: Report | None, names: Mapping[str, Category], words: Mapping[str, int]) -> list[Line]:
    """Every entry that can be reported under, whether anything was held out for it or not."""
    figures = report.labels if report else {}
    codes = sorted({code for code, row in names.items() if row.is_reportable} | figures.keys())
    return [Line(code, names.get(code, code), words.get(code, 0), figures.get(code)) for code in codes]


def _mistakes(report: Report | None, names: Mapping[str, Category]) -> list[Mistake]:
    if report is None:
        return []
    return [
        Mistake(count, names.get(truth, truth), names.get(said, said), report.misled.get(truth, {}).get(said, ()))
        for count, truth, said in report.mistakes()
    ]


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
