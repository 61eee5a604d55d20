"""A linear classifier at work: weights of n-grams, kept as a few arrays. Knows nothing of how they were found.

Every web process predicts, so this needs numpy alone; `tagging.training`, in the worker, needs scikit-learn.
"""

import io
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from tagging.grams import grams

Vector = tuple[list[int], "np.ndarray[Any, Any]"]
"""The columns of the n-grams that stand in a text, and their weights; of length 1."""
_MOST_IN_A_WORD: Final = 6
_DIVIDES: Final = "\n"


@dataclass(frozen=True)
class Vocabulary:
    """The n-grams that count, with how telling each is (idf)."""

    grams: Sequence[str]
    idf: "np.ndarray[Any, Any]"

    @cached_property
    def columns(self) -> Mapping[str, int]:
        return {gram: column for column, gram in enumerate(self.grams)}

    def vector(self, text: str) -> Vector:
        """What a text says, however long it is: often said counts more, but not as often as it is said."""
        counts = Counter(column for gram in grams(text) if (column := self.columns.get(gram)) is not None)
        columns = list(counts)
        weights = np.array([1 + math.log(counts[column]) for column in columns], dtype=np.float32)
        weights *= self.idf[columns] if columns else 1
        length = float(np.linalg.norm(weights))
        return columns, weights / length if length else weights

    def likeness(self, one: str, other: str) -> float:
        """0 for texts that have nothing in common, 1 for texts that say the same (cosine)."""
        left, right = (dict(zip(*self.vector(text), strict=True)) for text in (one, other))
        return float(sum(weight * right.get(column, 0) for column, weight in left.items()))


@dataclass(frozen=True)
class LinearModel:
    """One column of weights per category. `temperature` turns margins into chances that held-out letters bear out."""

    labels: Sequence[str]
    vocabulary: Vocabulary
    weights: "np.ndarray[Any, Any]"
    bias: "np.ndarray[Any, Any]"
    temperature: float = 1.0

    def margins(self, text: str) -> "np.ndarray[Any, Any]":
        columns, values = self.vocabulary.vector(text)
        return values @ self.weights[columns].astype(np.float32) + self.bias if columns else self.bias

    def chances(self, text: str) -> dict[str, float]:
        """How likely each category is; together 1."""
        scores = self.margins(text) / self.temperature
        powers = np.exp(scores - scores.max())
        return dict(zip(self.labels, (powers / powers.sum()).tolist(), strict=True))

    def telling(self, text: str, label: str, *, most: int = 3) -> list[str]:
        """The stretches of the text that speak most for a category, against the others, in their order of force."""
        if label not in self.labels:
            return []
        columns, values = self.vocabulary.vector(text)
        rows = self.weights[columns].astype(np.float32)
        force = values * (rows[:, self.labels.index(label)] - rows.mean(axis=1))
        named = [(float(force[at]), self.vocabulary.grams[column]) for at, column in enumerate(columns)]
        strong = sorted((pair for pair in named if pair[0] > 0 and len(pair[1]) > 1), reverse=True)[: most * 4]
        return _stretches(text.lower(), [gram for _force, gram in strong])[:most]

    def to_bytes(self) -> bytes:
        """Compact, and without pickle: what comes out of the database is data, never a program."""
        out = io.BytesIO()
        np.savez_compressed(
            out,
            labels=_packed(self.labels),
            grams=_packed(self.vocabulary.grams),
            idf=self.vocabulary.idf.astype(np.float16),
            weights=self.weights.astype(np.float16),
            bias=self.bias.astype(np.float32),
            temperature=np.float32(self.temperature),
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "LinearModel":
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            vocabulary = Vocabulary(_unpacked(kept["grams"]), kept["idf"].astype(np.float32))
            return cls(_unpacked(kept["labels"]), vocabulary, kept["weights"], kept["bias"], float(kept["temperature"]))


def _packed(words: Iterable[str]) -> "np.ndarray[Any, Any]":
    return np.frombuffer(_DIVIDES.join(words).encode(), dtype=np.uint8)


def _unpacked(words: "np.ndarray[Any, Any]") -> list[str]:
    return words.tobytes().decode().split(_DIVIDES)


def _stretches(text: str, strong: Sequence[str]) -> list[str]:
    """Overlapping n-grams as the readable stretches that they make up in the text: 路灯不, 灯不亮 → 路灯不亮."""
    told: list[str] = []
    covered = [False] * len(text)
    for gram in strong:
        start = text.find(gram)
        if start < 0 or all(covered[start : start + len(gram)]):
            continue
        end = start + len(gram)
        for other in strong:  # widened by those that overlap it on either side
            at = text.find(other)
            if at >= 0 and at < end and at + len(other) > start:
                widened = min(start, at), max(end, at + len(other))
                if widened[1] - widened[0] <= _MOST_IN_A_WORD:
                    start, end = widened
        if any(covered[start:end]):
            continue
        covered[start:end] = [True] * (end - start)
        told.append(text[start:end])
    return told
