"""Learning from letters whose category is known. In the worker and in commands only: scikit-learn is loaded here.

Letters are divided for good by their key: one that a model is tried on was never learnt from, not last night and not
tonight, so that two models can be compared on the same letters.
"""

import hashlib
import math
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

import numpy as np

from tagging.dictionary import Dictionary
from tagging.evaluation import Report, Verdict, judge, threshold_for
from tagging.grams import grams
from tagging.linear import LinearModel, Vector, Vocabulary
from tagging.reading import SURE_UNTRAINED, Reader

LEAST_SEEN: Final = 3
"""An n-gram of fewer letters is not kept: it teaches little, and may be somebody's name."""
MOST_WEIGHTS: Final = 2_000_000
"""N-grams times categories: about 4 MB a model."""
TARGET: Final = 0.9
"""Sure means: right in nine of ten letters held out."""
LEAST_TO_TUNE: Final = 30
SHARES: Final = (0.0, 0.15, 0.3, 0.5, 0.7)
TEMPERATURES: Final = (0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
_UNTUNED_SHARE: Final = 0.7
_UNTUNED_THRESHOLD: Final = 0.35
"""The dictionary has most of the say: one decisive word alone is as sure as when nothing is learnt."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A text, what it is about, and what keeps it in its part for good: the incident's number, or the text itself."""

    text: str
    label: str
    key: str


class Part(Enum):
    """Seven of ten letters are learnt from, one sets how sure is sure, two are for the report alone."""

    LEARN = "learn"
    TUNE = "tune"
    TRY = "try"


@dataclass(frozen=True)
class Trained:
    """A reader that has learnt, and how well it did on the letters held out."""

    reader: Reader
    report: Report
    learnt_from: int

    @property
    def model(self) -> LinearModel:
        if self.reader.model is None:
            raise TypeError("A trained reader has a model.")
        return self.reader.model


class TooLittle(ValueError):
    """Fewer than two categories have letters to learn from."""


def part_of(key: str) -> Part:
    tenth = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % 10
    return Part.TRY if tenth < 2 else Part.TUNE if tenth == 2 else Part.LEARN


def train(letters: Sequence[Letter], *, dictionary: Dictionary | None = None) -> Trained:
    """Learn, tune, try. What the dictionary says of a category is learnt too, as one more letter about it.

    Raises `TooLittle`. With too few letters to tune on, the dictionary keeps most of the say.
    """
    dictionary = dictionary or Dictionary(())
    parts: dict[Part, list[Letter]] = {part: [] for part in Part}
    for letter in letters:
        parts[part_of(letter.key)].append(letter)
    told = [Letter(text, code, "") for code, text in dictionary.as_texts().items()]
    first = Reader(dictionary, fit(parts[Part.LEARN], told))
    tuned = tune(first, parts[Part.TUNE])
    # What is tuned needs no letters of its own any more: they are learnt from too, under the settings they gave.
    model = fit([*parts[Part.LEARN], *parts[Part.TUNE]], told)
    settled = replace(tuned, model=replace(model, temperature=_model_of(tuned).temperature))
    report = judge(verdicts_of(settled, parts[Part.TRY]), threshold=settled.threshold)
    return Trained(settled, report, len(parts[Part.LEARN]) + len(parts[Part.TUNE]))


def fit(letters: Sequence[Letter], told: Sequence[Letter] = ()) -> LinearModel:
    """The weights that divide these letters. `told`: of the catalogue, every n-gram of which counts."""
    from scipy.sparse import csr_matrix  # here: a web process never trains, and shall not carry this
    from sklearn.svm import LinearSVC

    everything = [*letters, *told]
    labels = sorted({letter.label for letter in everything})
    if len(labels) < 2:
        raise TooLittle("Letters of at least two categories are needed.")
    vocabulary = vocabulary_of([letter.text for letter in letters], [letter.text for letter in told], len(labels))
    vectors = [vocabulary.vector(letter.text) for letter in everything]
    rows = csr_matrix(_sparse(vectors), shape=(len(vectors), len(vocabulary.grams)))
    machine = LinearSVC(C=0.7, class_weight="balanced", random_state=0)
    with warnings.catch_warnings():  # few letters of many categories are no mistake here: it begins with the dictionary
        warnings.filterwarnings("ignore", message="The number of unique classes")
        machine.fit(rows, [letter.label for letter in everything])
    weights, bias = machine.coef_, machine.intercept_
    if len(labels) == 2:  # one row says both
        weights, bias = np.vstack([-weights, weights]), np.array([-bias[0], bias[0]])
    return LinearModel(labels, vocabulary, weights.T.astype(np.float16), bias.astype(np.float32))


def vocabulary_of(texts: Iterable[str], told: Iterable[str], labels: int) -> Vocabulary:
    """The n-grams of at least `LEAST_SEEN` texts, or of the catalogue; the commonest, if they are too many."""
    count, seen, kept = 0, Counter[str](), set[str]()
    for count, text in enumerate(texts, start=1):  # noqa: B007 (the last count is used)
        seen.update(set(grams(text)))
    for text in told:
        found = set(grams(text))
        seen.update(found)
        kept |= found
        count += 1
    often = [gram for gram, times in seen.most_common() if times >= LEAST_SEEN or gram in kept]
    chosen = sorted(often[: MOST_WEIGHTS // labels])
    idf = [math.log((1 + count) / (1 + seen[gram])) + 1 for gram in chosen]
    return Vocabulary(chosen, np.array(idf, dtype=np.float16).astype(np.float32))  # as precise as it is kept


def tune(reader: Reader, letters: Sequence[Letter]) -> Reader:
    """Set temperature, the dictionary's share and the threshold by letters that were not learnt from."""
    if len(letters) < LEAST_TO_TUNE:
        return replace(reader, dictionary_share=_UNTUNED_SHARE, threshold=_UNTUNED_THRESHOLD)
    model = _model_of(reader)
    hot = min(TEMPERATURES, key=lambda each: _surprise(replace(model, temperature=each), letters))
    cooled = replace(reader, model=replace(model, temperature=hot))
    shares = SHARES if reader.dictionary.codes else (0.0,)
    tried = {share: verdicts_of(replace(cooled, dictionary_share=share), letters) for share in shares}
    best = max(shares, key=lambda share: (judge(tried[share]).macro_f1, -share))
    threshold = threshold_for(tried[best], target=TARGET)
    if threshold <= min(verdict.confidence for verdict in tried[best]):  # no letter was doubtful: half is enough
        threshold = min(threshold, SURE_UNTRAINED)
    return replace(cooled, dictionary_share=best, threshold=threshold)


def verdicts_of(reader: Reader, letters: Iterable[Letter]) -> list[Verdict]:
    verdicts = []
    for letter in letters:
        confidences = reader.confidences(letter.text)
        said = max(confidences, key=lambda code: (confidences[code], code)) if confidences else ""
        words = (
            tuple(entry.text for entry in reader.dictionary.found(letter.text, said)) if said != letter.label else ()
        )
        verdicts.append(Verdict(letter.label, said, confidences.get(said, 0.0), words))
    return verdicts


def _surprise(model: LinearModel, letters: Sequence[Letter]) -> float:
    """How unlikely the model held what was true, on average; the smaller the better (log loss)."""
    chances: Iterable[Mapping[str, float]] = (model.chances(letter.text) for letter in letters)
    losses = [
        -math.log(max(chance.get(letter.label, 0), 1e-6)) for letter, chance in zip(letters, chances, strict=True)
    ]
    return sum(losses) / len(losses)


def _sparse(vectors: Sequence[Vector]) -> tuple[Any, Any, Any]:
    """The vectors as the three arrays of a sparse matrix: values, columns, where each row begins."""
    values = np.concatenate([weights for _columns, weights in vectors])
    columns = np.concatenate([np.array(columns, dtype=np.int32) for columns, _weights in vectors])
    begins = np.cumsum([0, *(len(columns) for columns, _weights in vectors)])
    return values, columns, begins


def _model_of(reader: Reader) -> LinearModel:
    if reader.model is None:
        raise TypeError("Only a reader with a model can be tuned.")
    return reader.model
