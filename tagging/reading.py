"""Reading a report: the dictionary and the classifier together, and the words that they went by. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from tagging.dictionary import Dictionary
from tagging.linear import LinearModel

SHARE_UNTRAINED = 1.0
SURE_UNTRAINED = 0.5
"""Before anything was learnt the dictionary speaks alone: sure from one decisive word and no other category's."""
_MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a text is about, how sure that is (0 to 1), and because of which words."""

    code: str
    confidence: float
    is_sure: bool
    words: tuple[str, ...]


@dataclass(frozen=True)
class Reader:
    """One dictionary and, once trained, one classifier. `dictionary_share` is how much of the say the first has."""

    dictionary: Dictionary
    model: LinearModel | None = None
    dictionary_share: float = SHARE_UNTRAINED
    threshold: float = SURE_UNTRAINED

    def confidences(self, text: str) -> dict[str, float]:
        """How much speaks for each category that anything speaks for."""
        told = self.dictionary.shares(text)
        if self.model is None:
            return told
        learnt = self.model.chances(text)
        return {
            code: self.dictionary_share * told.get(code, 0) + (1 - self.dictionary_share) * learnt.get(code, 0)
            for code in learnt.keys() | told.keys()
        }

    def read(self, text: str, *, among: Iterable[str] | None = None) -> Opinion | None:
        """The likeliest category, of those `among`; None when not a word says anything."""
        confidences = self.confidences(text)
        if among is not None:
            allowed = set(among)
            confidences = {code: confidence for code, confidence in confidences.items() if code in allowed}
        if not confidences:
            return None
        code = max(confidences, key=lambda each: (confidences[each], each))
        words = self.because(text, code)
        if not words:  # nothing to show for it: that is a guess at the commonest, not a suggestion
            return None
        return Opinion(code, confidences[code], confidences[code] >= self.threshold, words)

    def because(self, text: str, code: str) -> tuple[str, ...]:
        """The words that spoke for the category: those of the dictionary first, then what the classifier went by."""
        words = [entry.text for entry in self.dictionary.found(text, code)][:_MOST_WORDS]
        if self.model is not None and len(words) < _MOST_WORDS:
            others = self.model.telling(text, code)
            words += [word for word in others if not any(word in known or known in word for known in words)]
        return tuple(words[:_MOST_WORDS])
