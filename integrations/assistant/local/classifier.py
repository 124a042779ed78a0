"""The issue classifier: static embeddings and TF-IDF, each under a logistic regression, averaged and calibrated."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import wordllama
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer

from domain.triage import IssueType
from integrations.assistant.local.linear import Linear, Matrix
from integrations.assistant.local.training import Example
from integrations.assistant.local.wording import even_out

CODE_VERSION = "4"
"""Part of the cached model's key: raise it whenever a change of code or patterns alters the trained model."""

TEMPERATURE = 0.7
"""Sharpens (below 1) or flattens (above 1) the averaged probabilities, so that a confidence of 0.8 is right in 0.8 of
cases. Fitted on out-of-fold predictions of own examples (`python -m bench.triage`)."""

Ranking = list[tuple[IssueType, float]]


class Embedder:
    """Static word embeddings that come inside the `wordllama` package; nothing is downloaded."""

    def __init__(self) -> None:
        folder = Path(wordllama.__file__).parent
        self._model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """One normalised row for each text; an empty one counts as a full stop, since it has no direction."""
        return np.asarray(self._model.embed([text or "." for text in texts], norm=True), dtype=np.float64)


class IssueClassifier:
    """Gives each issue type a calibrated probability. Spam has a model of its own and is not among them."""

    def __init__(self) -> None:
        self._words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")  # noqa: S106 - words, not a secret
        self._letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, min_df=2)
        self._by_meaning = Linear(looseness=3)
        self._by_terms = Linear(looseness=10)

    def fit(self, examples: Sequence[Example], embedder: Embedder) -> None:
        """Train on examples of all issue types but spam."""
        honest = [example for example in examples if example.issue is not IssueType.SPAM]
        texts = [even_out(example.text) for example in honest]
        labels = [str(example.issue) for example in honest]
        self._words.fit(texts)
        self._letters.fit(texts)
        self._by_meaning.fit(embedder.embed(texts), labels)
        self._by_terms.fit(self._terms(texts), labels)

    def rank(self, texts: Sequence[str], embedder: Embedder, temperature: float = TEMPERATURE) -> list[Ranking]:
        """For each text the issue types with their probabilities, best first."""
        evened = [even_out(text) for text in texts]
        logs = self._by_meaning.log_probabilities(embedder.embed(evened))
        logs += self._by_terms.log_probabilities(self._terms(evened))
        raised = np.exp(logs / (2 * temperature))
        return [_ranking(self._by_terms.classes, row) for row in raised / raised.sum(axis=1, keepdims=True)]

    def _terms(self, texts: Sequence[str]) -> csr_matrix:
        return csr_matrix(hstack([self._words.transform(texts), self._letters.transform(texts)]))


def _ranking(classes: Sequence[str], row: Matrix) -> Ranking:
    return [(IssueType(classes[index]), float(row[index])) for index in np.argsort(-row)]
