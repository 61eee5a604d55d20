"""How well a classifier did on letters that it had not seen. Pure counting; nothing here quotes a letter."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

_MOST_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a letter is about, what was said of it, how sure, and by which words of the dictionary, if by any."""

    truth: str
    said: str
    confidence: float = 1.0
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfLabel:
    """One category: how many letters there were, how many of those called so were so, and how many were found."""

    letters: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one trial. `confusion` counts what was taken for what, the right ones included.

    `misled`: of what was taken for another, the words of the dictionary that spoke for the wrong one, the commonest
    first. They are the dictionary's own and quote nobody; whoever edits it sees where it leads astray.
    """

    letters: int
    accuracy: float
    macro_f1: float
    labels: Mapping[str, OfLabel] = field(default_factory=dict)
    confusion: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    sure: float = 0.0
    """The share of letters that it was sure of."""
    accuracy_when_sure: float = 0.0
    misled: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)

    def mistakes(self) -> list[tuple[int, str, str]]:
        """How often, what it was, what it was taken for; the most frequent first."""
        pairs = [
            (count, truth, said)
            for truth, row in self.confusion.items()
            for said, count in row.items()
            if said != truth
        ]
        return sorted(pairs, key=lambda pair: (-pair[0], pair[1:]))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Report":
        labels = {label: OfLabel(**figures) for label, figures in kept["labels"].items()}
        return cls(**{**kept, "labels": labels})


def judge(verdicts: Sequence[Verdict], *, threshold: float = 0.0) -> Report:
    """The figures of these verdicts. The macro-F1 is the plain mean over the categories that the letters are about."""
    if not verdicts:
        return Report(0, 0.0, 0.0)
    confusion: dict[str, Counter[str]] = {}
    for verdict in verdicts:
        confusion.setdefault(verdict.truth, Counter())[verdict.said] += 1
    said = Counter(verdict.said for verdict in verdicts)
    labels = {label: _of_label(label, row, said[label]) for label, row in sorted(confusion.items())}
    sure = [verdict for verdict in verdicts if verdict.confidence >= threshold]
    return Report(
        letters=len(verdicts),
        accuracy=_share_right(verdicts),
        macro_f1=sum(each.f1 for each in labels.values()) / len(labels),
        labels=labels,
        confusion={label: dict(row) for label, row in sorted(confusion.items())},
        sure=len(sure) / len(verdicts),
        accuracy_when_sure=_share_right(sure),
        misled=_misled(verdicts),
    )


def threshold_for(verdicts: Iterable[Verdict], *, target: float) -> float:
    """The lowest confidence from which on the verdicts are right often enough; above 1 when there is none.

    Of equal confidences all count or none.
    """
    ranked = sorted(verdicts, key=lambda verdict: -verdict.confidence)
    lowest, right = 1.01, 0
    for count, verdict in enumerate(ranked, start=1):
        right += verdict.said == verdict.truth
        is_last_of_its_confidence = count == len(ranked) or ranked[count].confidence < verdict.confidence
        if is_last_of_its_confidence and right / count >= target:
            lowest = verdict.confidence
    return lowest


def _of_label(label: str, row: Mapping[str, int], said: int) -> OfLabel:
    letters, right = sum(row.values()), row.get(label, 0)
    precision, recall = right / said if said else 0.0, right / letters
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return OfLabel(letters, precision, recall, f1)


def _misled(verdicts: Iterable[Verdict]) -> dict[str, dict[str, list[str]]]:
    counted: dict[str, dict[str, Counter[str]]] = {}
    for verdict in verdicts:
        if verdict.said != verdict.truth and verdict.words:
            counted.setdefault(verdict.truth, {}).setdefault(verdict.said, Counter()).update(verdict.words)
    return {
        truth: {said: [word for word, _count in words.most_common(_MOST_WORDS)] for said, words in row.items()}
        for truth, row in sorted(counted.items())
    }


def _share_right(verdicts: Sequence[Verdict]) -> float:
    return sum(verdict.said == verdict.truth for verdict in verdicts) / len(verdicts) if verdicts else 0.0
