"""The issue classifier: static embeddings and TF-IDF, each under a logistic regression, averaged and calibrated."""

from collections.abc import Sequence

import numpy as np

from domain.triage import IssueType
from integrations.assistant.local.embedder import Embedder
from integrations.assistant.local.linear import Linear, Matrix
from integrations.assistant.local.terms import Terms, letters, words
from integrations.assistant.local.training import MAIN_LANGUAGE, Example
from integrations.assistant.local.wording import Wording, worded

CODE_VERSION = "7"
"""Part of the cached model's key: raise it whenever a change of code or patterns alters the trained model."""

TEMPERATURE = 0.75
"""Sharpens (below 1) or flattens (above 1) the averaged probabilities, so that a confidence of 0.8 is right in 0.8 of
cases. Fitted on out-of-fold predictions of own examples (`python -m bench.triage`)."""

Ranking = list[tuple[IssueType, float]]


class IssueClassifier:
    """Gives each issue type a calibrated probability. Spam has a model of its own and is not among them."""

    def __init__(self) -> None:
        self._terms = Terms(words(2), letters(3, 4))
        self._by_meaning = Linear(looseness=3)
        self._by_terms = Linear(looseness=10)

    def fit(self, examples: Sequence[Example], embedder: Embedder) -> None:
        """Train on examples of all issue types but spam, in all languages."""
        honest = [example for example in examples if example.issue is not IssueType.SPAM]
        rows = [worded(example.text, example.language) for example in honest]
        labels = [str(example.issue) for example in honest]
        self._by_meaning.fit(embedder.embed([row.meaning for row in rows]), labels)
        self._by_terms.fit(self._terms.fit([row.terms for row in rows]), labels)

    def rank(
        self,
        texts: Sequence[str],
        embedder: Embedder,
        language: str = MAIN_LANGUAGE,
        temperature: float = TEMPERATURE,
    ) -> list[Ranking]:
        """For each text, all in one language, the issue types with their probabilities, best first."""
        rows = [worded(text, language) for text in texts]
        return self.rank_worded(rows, embedder.embed([row.meaning for row in rows]), temperature)

    def rank_worded(self, rows: Sequence[Wording], meanings: Matrix, temperature: float = TEMPERATURE) -> list[Ranking]:
        """The same for texts whose wording is even already and whose meanings are embedded."""
        logs = self._by_meaning.log_probabilities(meanings)
        logs += np.array([self._by_terms.log_probabilities_of(*self._terms.row(row.terms)) for row in rows])
        raised = np.exp(logs / (2 * temperature))
        return [_ranking(self._by_terms.classes, row) for row in raised / raised.sum(axis=1, keepdims=True)]


def _ranking(classes: Sequence[str], row: Matrix) -> Ranking:
    return [(IssueType(classes[index]), float(row[index])) for index in np.argsort(-row)]
