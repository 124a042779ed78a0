"""Words and letters of a text as a sparse row, written for one text at a time: scikit-learn's own way costs ten times
the sums on a short message."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer

from integrations.assistant.local.linear import Matrix

_REMEMBERED = 20_000
"""Words whose letter sequences are kept; a language's common words are far fewer."""


class Row(NamedTuple):
    """The columns that are not zero, and what stands in them."""

    columns: npt.NDArray[np.int64]
    values: Matrix


def words(longest: int) -> TfidfVectorizer:
    """Single words and sequences of words."""
    return TfidfVectorizer(ngram_range=(1, longest), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")  # noqa: S106 - words, not a secret


def letters(shortest: int, longest: int, least_often: int = 2) -> TfidfVectorizer:
    """Sequences of letters within words."""
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(shortest, longest), sublinear_tf=True, min_df=least_often)


class Terms:
    """Several vectorizers side by side."""

    def __init__(self, *vectorizers: TfidfVectorizer) -> None:
        self._parts = [_Part(vectorizer) for vectorizer in vectorizers]

    @property
    def width(self) -> int:
        """Columns of a row."""
        return sum(part.width for part in self._parts)

    def fit(self, texts: Sequence[str]) -> csr_matrix:
        """Learn the vocabulary and give the rows for training."""
        return csr_matrix(hstack([part.fit(texts) for part in self._parts]))

    def row(self, text: str) -> Row:
        """One text's row."""
        offset, columns, values = 0, [], []
        for part in self._parts:
            row = part.row(text)
            columns.append(row.columns + offset)
            values.append(row.values)
            offset += part.width
        return Row(np.concatenate(columns), np.concatenate(values))


class _Part:
    def __init__(self, vectorizer: TfidfVectorizer) -> None:
        self._vectorizer = vectorizer
        self._by_word = vectorizer.analyzer == "char_wb"
        self._vocabulary: dict[str, int] = {}
        self._weights: list[float] = []
        self._analyze: Callable[[str], list[str]] | None = None
        self._known: dict[str, tuple[int, ...]] = {}

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_analyze": None, "_known": {}}

    @property
    def width(self) -> int:
        return len(self._weights)

    def fit(self, texts: Sequence[str]) -> csr_matrix:
        rows = self._vectorizer.fit_transform(texts)
        self._vocabulary = {term: int(column) for term, column in self._vectorizer.vocabulary_.items()}
        self._weights = [float(weight) for weight in self._vectorizer.idf_]
        self._vectorizer = TfidfVectorizer(**self._vectorizer.get_params())
        return rows

    def row(self, text: str) -> Row:
        counts = Counter(self._columns(text))
        columns = np.fromiter(counts, dtype=np.int64, count=len(counts))
        values = np.array([(1 + math.log(count)) * self._weights[column] for column, count in counts.items()])
        length = math.sqrt(float(values @ values)) if len(values) else 0.0
        return Row(columns, values / length if length else values)

    def _columns(self, text: str) -> list[int]:
        if not self._by_word:
            return list(self._look_up(text))
        return [column for word in text.split() for column in self._of_word(word)]

    def _of_word(self, word: str) -> tuple[int, ...]:
        known = self._known.get(word)
        if known is None:
            known = self._look_up(word)
            if len(self._known) < _REMEMBERED:
                self._known[word] = known
        return known

    def _look_up(self, text: str) -> tuple[int, ...]:
        analyze = self._analyze = self._analyze or self._vectorizer.build_analyzer()
        vocabulary = self._vocabulary
        return tuple(vocabulary[term] for term in analyze(text) if term in vocabulary)
