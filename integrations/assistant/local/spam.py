"""Spam: a model of its own, since one honest message lost weighs more than a hundred advertisements read."""

import re
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from domain.triage import IssueType
from integrations.assistant.local.classifier import Embedder, Matrix
from integrations.assistant.local.training import Example
from integrations.assistant.local.wording import even_out

SPAM_THRESHOLD = 0.92
"""From this probability on a message is set aside. High on purpose: an honest message lost costs more than spam read."""

_MARKS = (
    re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|net|org|example|info|biz|ru|tv|co\.uk)\b|\bt\.me/", re.IGNORECASE),
    re.compile(r"\b0[589]\d{2,3}[\s-]?\d{3}[\s-]?\d{3,4}\b|\b0[89]\d{8,9}\b"),
    re.compile(r"\b(?:txt|text|reply|send|call|dial|ring|msg|sms|to)\b.{0,24}?\b(?:stop\b|\d{4,6}\b)", re.IGNORECASE),
    re.compile(
        r"\b(?:won|winner|prize|claim|reward|awarded|redeem|voucher|lottery|cash|bonus|gift card)\b", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:free|half price|special offer|discount|guaranteed|limited|selected|chosen|entitled)\b", re.IGNORECASE
    ),
    re.compile(
        r"\bt&?cs?\b|\b(?:18\+|16\+|\d+ppm|std (?:txt|rates?)|subscri|unsub|opt[ -]?out)|\bper (?:min|msg|wk)",
        re.IGNORECASE,
    ),
    re.compile(r"\b\d+(?:\.\d+)?\s?(?:p|pence)\b(?:/|\s?(?:per|a)\b)?|\d\s?/\s?(?:wk|min|msg|mth|mo)\b", re.IGNORECASE),
    re.compile(r"[£$€]\s?\d|\b\d+\s?(?:%|usd|dollars)|\b\d+k\b", re.IGNORECASE),
    re.compile(
        r"\b(?:viagra|casino|crypto|bitcoin|loans?|credit check|seo|backlinks?|google|singles|dating|sexy?|babes?|xxx|adult"
        r"|ringtones?|tones?|poly|nokia|handset|camera phone|mins|horoscope|wallpaper|download)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:your website|our (?:services|price list|best price|team)|wholesale|factory|moq|supplier|manufacturer"
        r"|leads?|followers|guest post|marketing|proposal|funding|invest\w*|profit|earn|million|inheritance|confidential)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:suspended|verify|unusual activity|locked|click (?:here|the|below)|log ?in|wallet|virus|expires?)\b",
        re.IGNORECASE,
    ),
)
"""Links, dear or premium numbers, calls to reply, prizes, bargains, small print, prices per message, sums of money, goods
and services of the trade, pitches to businesses, phishing."""


class SpamFilter:
    """Tells advertisements, prizes, phishing and the like from what a customer writes."""

    def __init__(self) -> None:
        self._letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2)
        self._model = LogisticRegression(C=5, max_iter=400, tol=1e-3, class_weight="balanced")

    def fit(self, examples: Sequence[Example], embedder: Embedder) -> None:
        """Train on all examples."""
        texts = [example.text for example in examples]
        letters = self._letters.fit_transform([even_out(text) for text in texts])
        self._model.fit(
            self._features(texts, letters, embedder), [example.issue is IssueType.SPAM for example in examples]
        )

    def probability(self, texts: Sequence[str], embedder: Embedder) -> list[float]:
        """How likely each text is spam."""
        letters = self._letters.transform([even_out(text) for text in texts])
        scores = self._model.predict_proba(self._features(texts, letters, embedder))
        return [float(score) for score in scores[:, 1]]

    @staticmethod
    def _features(texts: Sequence[str], letters: csr_matrix, embedder: Embedder) -> csr_matrix:
        marks = np.array([_marks(text) for text in texts])
        return csr_matrix(
            hstack([letters, csr_matrix(embedder.embed([even_out(text) for text in texts])), csr_matrix(marks)])
        )


def _marks(text: str) -> Matrix:
    counts = [min(len(pattern.findall(text)), 2) / 2 for pattern in _MARKS]
    kinds = sum(count > 0 for count in counts)
    return np.array([*counts, kinds >= 1, kinds >= 2, kinds >= 3])
