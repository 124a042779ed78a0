"""Spam: a model of its own, since one honest message lost weighs more than a hundred advertisements read."""

import re
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]

from domain.triage import IssueType
from integrations.assistant.local.linear import Linear, Matrix
from integrations.assistant.local.patterns import read_patterns
from integrations.assistant.local.terms import Terms, letters, words
from integrations.assistant.local.training import Example
from integrations.assistant.local.wording import even_out

SPAM_THRESHOLD = 0.9
"""From this probability on a message is set aside. High, since an honest message lost costs more than spam read."""
SPAM_THRESHOLD_OF_A_REQUEST = 0.99
"""The same for a message that reads like a clear request to a store."""

_WEIGHT_OF_MARKS = 0.5
"""Beside words and letters, whose features have length 1 each. Fitted by grouped cross-validation."""
_SPAM, _HONEST = "spam", "honest"
_LONG_NUMBER = re.compile(r"\d[\d\s.-]{8,}\d")


class SpamFilter:
    """Tells advertisements, prizes, phishing and the like from what a customer writes."""

    def __init__(self) -> None:
        self._terms = Terms(words(2), letters(2, 4))
        self._model = Linear(looseness=10)

    def fit(self, examples: Sequence[Example]) -> None:
        """Train on all examples, honest and not."""
        labels = [_SPAM if example.issue is IssueType.SPAM else _HONEST for example in examples]
        marks = csr_matrix(np.array([_marks(example.text) for example in examples]))
        terms = self._terms.fit([even_out(example.text) for example in examples])
        self._model.fit(csr_matrix(hstack([terms, marks])), labels)

    def probability(self, text: str) -> float:
        """How likely the text is spam."""
        logs = self._model.log_probabilities_of(*self._terms.row(even_out(text)), _marks(text))
        return float(np.exp(logs[self._model.classes.index(_SPAM)]))


def _marks(text: str) -> Matrix:
    """How often each kind of mark occurs (two count as many), how many kinds do, and how the numbers look."""
    counts = [min(len(pattern.findall(text)), 2) / 2 for pattern in read_patterns("spam").values()]
    kinds = sum(count > 0 for count in counts)
    digits = sum(letter.isdigit() for letter in text) / (len(text) or 1)
    numbers = (min(digits * 5, 1), bool(_LONG_NUMBER.search(text)))
    return (
        np.array([*counts, *(kinds >= least for least in range(1, 6)), *numbers], dtype=np.float64) * _WEIGHT_OF_MARKS
    )
