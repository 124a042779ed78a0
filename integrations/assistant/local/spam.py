"""Spam: a model of its own, since one honest message lost weighs more than a hundred advertisements read."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from domain.triage import IssueType
from integrations.assistant.local.classifier import Embedder, Linear, Matrix
from integrations.assistant.local.patterns import read_patterns
from integrations.assistant.local.training import Example
from integrations.assistant.local.wording import even_out

SPAM_THRESHOLD = 0.92
"""From this probability on a message is set aside. High on purpose: an honest message lost costs more than spam read."""


class SpamFilter:
    """Tells advertisements, prizes, phishing and the like from what a customer writes."""

    def __init__(self) -> None:
        self._letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2)
        self._by_letters = Linear(weight=5)
        self._by_marks = Linear(weight=5)

    def fit(self, examples: Sequence[Example], embedder: Embedder) -> None:
        """Train on all examples."""
