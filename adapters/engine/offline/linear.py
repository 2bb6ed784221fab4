"""A linear classifier as plain arrays: fitted by scikit-learn, applied by numpy alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Classes with one row of ``weights`` (shape ``(classes, features)``) and one ``bias`` each."""

    classes: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def shares(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give the probability of each class, shape ``(rows, classes)``; each row sums to 1. Raises ``ValueError`` when the
        features are not those that were fitted."""
        scores = features @ self.weights.T + self.bias
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(scores / scores.sum(axis=1, keepdims=True), dtype=np.float32)

    def share(self, features: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        """Give the probability of one class, shape ``(rows,)``."""
        return np.asarray(self.shares(features)[:, self.classes.index(name)], dtype=np.float32)

    def with_contrast(self, name: str, at: int, weight: float) -> "Linear":
        """Of two classes: the same with feature ``at`` speaking for ``name`` with this log-odds weight."""
        weights = self.weights.copy()
        weights[:, at] = [weight / 2 if one == name else -weight / 2 for one in self.classes]
        return Linear(self.classes, weights, self.bias)


def fit_linear(
    features: NDArray[np.float32],
    labels: Sequence[str],
    inverse_penalty: float,
    shares: NDArray[np.float64] | None = None,
) -> Linear:
    """Fit a logistic regression. ``inverse_penalty`` is scikit-learn's ``C``; ``shares`` is how much each row counts, shape
    ``(rows,)``: as ``balanced`` gives it by default."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=inverse_penalty, max_iter=2000)
    model.fit(features, list(labels), sample_weight=balanced(labels) if shares is None else shares)
    weights, bias = np.asarray(model.coef_), np.asarray(model.intercept_)
    if len(weights) == 1:  # of two classes scikit-learn keeps the second only
        weights, bias = np.vstack([-weights / 2, weights / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    return Linear(tuple(str(c) for c in model.classes_), weights.astype(np.float32), bias.astype(np.float32))


def balanced(labels: Sequence[str], shares: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Give the shares (1 by default) with those of each class summing to the same, and all of them to what they summed to."""
    given, named = np.ones(len(labels)) if shares is None else shares, np.asarray(labels)
    classes = np.unique(named)
    factors = [given.sum() / len(classes) / given[named == one].sum() for one in classes]
    return np.asarray(given * np.select([named == one for one in classes], factors), dtype=np.float64)
