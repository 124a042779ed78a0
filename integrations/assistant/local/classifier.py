"""The issue classifier: static embeddings and TF-IDF, each under a logistic regression, averaged and calibrated."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import wordllama
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from domain.triage import IssueType
from integrations.assistant.local.training import Example
from integrations.assistant.local.wording import even_out

CODE_VERSION = "1"
"""Part of the cached model's key: raise it whenever a change to this module or to `wording` alters the model."""

TEMPERATURE = 1.0
"""Sharpens (below 1) or flattens (above 1) the averaged probabilities, so that a confidence of 0.8 is right in 0.8 of
cases. Fitted on out-of-fold predictions of own examples (`python -m bench.triage`)."""

Matrix = npt.NDArray[np.float64]
Ranking = list[tuple[IssueType, float]]


class Embedder:
    """Static word embeddings that come inside the `wordllama` package; nothing is downloaded."""

    def __init__(self) -> None:
        folder = Path(wordllama.__file__).parent
        self._model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """One normalised row for each text."""
        return np.asarray(self._model.embed(list(texts), norm=True), dtype=np.float64)


class IssueClassifier:
    """Gives each issue type a calibrated probability. Spam has a model of its own and is not among them."""

    def __init__(self) -> None:
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, min_df=2)
        self._terms = FeatureUnion([("words", words), ("letters", letters)])
        self._by_meaning = LogisticRegression(C=3, max_iter=300, tol=1e-3, class_weight="balanced")
        self._by_terms = LogisticRegression(C=10, max_iter=300, tol=1e-3, class_weight="balanced")

    def fit(self, examples: Sequence[Example], embedder: Embedder) -> None:
        """Train on examples of all issue types but spam."""
        honest = [example for example in examples if example.issue is not IssueType.SPAM]
        texts = [even_out(example.text) for example in honest]
        labels = [str(example.issue) for example in honest]
        self._by_meaning.fit(embedder.embed(texts), labels)
        self._by_terms.fit(self._terms.fit_transform(texts), labels)

    def rank(self, texts: Sequence[str], embedder: Embedder) -> list[Ranking]:
        """For each text the issue types with their probabilities, best first."""
        evened = [even_out(text) for text in texts]
        logs = np.log(self._by_meaning.predict_proba(embedder.embed(evened)) + 1e-9)
        logs += np.log(self._by_terms.predict_proba(self._terms.transform(evened)) + 1e-9)
        return [_ranking(self._by_terms.classes_, row) for row in _probabilities(logs / 2)]


def _probabilities(logs: Matrix) -> Matrix:
    raised = np.exp(logs / TEMPERATURE)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _ranking(classes: Sequence[str], row: Matrix) -> Ranking:
    return [(IssueType(classes[index]), float(row[index])) for index in np.argsort(-row)]
