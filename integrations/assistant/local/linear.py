"""A logistic regression reduced to its weights: scikit-learn's checks at each call would cost more than the sums."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression

Matrix = npt.NDArray[np.float64]


class Linear:
    """Multinomial logistic regression with balanced classes. `looseness` is the inverse of the regularisation (C)."""

    def __init__(self, looseness: float) -> None:
        self._looseness = looseness
        self.classes: tuple[str, ...] = ()
        self._weights: Matrix = np.zeros((0, 0))
        self._bias: Matrix = np.zeros(0)

    def fit(self, rows: "Matrix | csr_matrix", labels: Sequence[str]) -> None:
        """Train on one row for each label."""
        model = LogisticRegression(C=self._looseness, max_iter=300, tol=1e-3, class_weight="balanced")
        model.fit(rows, list(labels))
        two = len(model.classes_) == 2
        weights = np.vstack([-model.coef_, model.coef_]) / 2 if two else model.coef_
        bias = np.concatenate([-model.intercept_, model.intercept_]) / 2 if two else model.intercept_
        self.classes = tuple(str(label) for label in model.classes_)
        self._weights, self._bias = np.ascontiguousarray(weights.T), bias

    def log_probabilities(self, rows: Matrix) -> Matrix:
        """One row for each input, one column for each of `classes`."""
        scores = np.asarray(rows @ self._weights) + self._bias
        scores -= scores.max(axis=1, keepdims=True)
        return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))

    def log_probabilities_of(
        self, columns: npt.NDArray[np.int64], values: Matrix, dense: Matrix | None = None
    ) -> Matrix:
        """The same for one sparse row, with one value for each column; `dense` are the last columns, all of them."""
        scores = values @ self._weights[columns] + self._bias
        if dense is not None:
            scores = scores + dense @ self._weights[-len(dense) :]
        scores = scores - scores.max()
        return np.asarray(scores - np.log(np.exp(scores).sum()))
