"""Spam: a model of its own, since one honest message lost weighs more than a hundred advertisements read."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer

from domain.triage import IssueType
from integrations.assistant.local.classifier import Embedder
from integrations.assistant.local.linear import Linear, Matrix
from integrations.assistant.local.patterns import read_patterns
from integrations.assistant.local.training import Example
from integrations.assistant.local.wording import even_out

SPAM_THRESHOLD = 0.95
"""From this probability on a message is set aside. High, since an honest message lost costs more than spam read."""

_SPAM, _HONEST = "spam", "honest"


class SpamFilter:
    """Tells advertisements, prizes, phishing and the like from what a customer writes."""

    def __init__(self) -> None:
        self._letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2)
        self._model = Linear(looseness=5)

    def fit(self, examples: Sequence[Example], embedder: Embedder) -> None:
        """Train on all examples."""
        texts = [example.text for example in examples]
        self._letters.fit([even_out(text) for text in texts])
        labels = [_SPAM if example.issue is IssueType.SPAM else _HONEST for example in examples]
        self._model.fit(self._features(texts, embedder), labels)

    def probability(self, text: str, embedder: Embedder) -> float:
        """How likely the text is spam; 0 without a single mark of it (a link, a prize, a premium number and so on)."""
        if not _marks(text).any():
            return 0.0
        logs = self._model.log_probabilities(self._features([text], embedder))
        return float(np.exp(logs[0, self._model.classes.index(_SPAM)]))

    def _features(self, texts: Sequence[str], embedder: Embedder) -> csr_matrix:
        evened = [even_out(text) for text in texts]
        marks = np.array([_marks(text) for text in texts])
        dense = np.hstack([embedder.embed(evened), marks])
        return csr_matrix(hstack([self._letters.transform(evened), csr_matrix(dense)]))


def _marks(text: str) -> Matrix:
    """How often each kind of mark occurs (two count as many), and whether one, two or three kinds do."""
    counts = [min(len(pattern.findall(text)), 2) / 2 for pattern in read_patterns("spam").values()]
    kinds = sum(count > 0 for count in counts)
    return np.array([*counts, kinds >= 1, kinds >= 2, kinds >= 3], dtype=np.float64)
