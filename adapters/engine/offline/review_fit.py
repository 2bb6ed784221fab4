"""Fitting the reviewer on the project's own reviews (``reviews.jsonl`` beside this file), and choosing where it is sure."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.engine.offline.linear import Linear, fit_linear
from adapters.engine.offline.review import LEAST_CORRECTED, Correction, ReviewWeights, likeliest
from adapters.engine.offline.review_signs import DELETE, DETAIL, NONE, SIBLING, Case, features_of
from core.domain.people import Role
from core.domain.reviews import Verdict
from core.ports.embedder import Embedder

_INVERSE_PENALTY = 0.1
_DELETE_PRECISION, _UPDATE_PRECISION = 0.95, 0.97
"""Least share of deletes, and of updates, that must be right among the own reviews, each judged by a fit that saw no other of
its product. What is an update is told less alike by different writers: with .95 the reviews in ``core/evaluate/own`` fall
below it."""
_FOLDS, _SHUFFLES = 8, 5
_NEVER = 2.0
"""A cutoff that no probability reaches: where a model's vectors do not tell corrections apart, nothing is changed."""


@dataclass(frozen=True, slots=True, eq=False)
class _Reviewed:
    """An own review: what is seen of each analyst's message and its label, by its place in the dialogue; what the review comes
    to, and the product it is about."""

    case: Case
    features: dict[int, NDArray[np.float32]]
    labels: dict[int, str]
    comes_to: str
    product: str


async def fit_reviews(embedder: Embedder, statements: Linear) -> ReviewWeights:
    """Fit the classifier, and take the lowest cutoffs that keep the precision under cross-validation."""
    lines = files(__package__).joinpath("reviews.jsonl").read_text("utf-8").splitlines()
    rows = [await _reviewed(json.loads(line), embedder, statements) for line in lines]
    held = [pair for shuffle in range(_SHUFFLES) for pair in _held_out(rows, shuffle)]
    delete_at = _cutoff([(found.delete, label == DELETE) for found, label in held], _DELETE_PRECISION)
    update_at = _cutoff([(found.update, label in (DETAIL, SIBLING)) for found, label in held], _UPDATE_PRECISION)
    return ReviewWeights(_fit(rows), delete_at, update_at)


async def _reviewed(row: Mapping[str, Any], embedder: Embedder, statements: Linear) -> _Reviewed:
    entry, product = row["entry"], str(row["entry"]["title"]).partition(":")[0]
    said = tuple((Role(one["role"]), str(one["text"])) for one in row["follow_up"])
    case = Case(row["question"], row["answer"], entry["question"] or entry["title"], entry["answer"], said)
    update = SIBLING if row["sibling"] else DETAIL
    comes_to = {Verdict.KEEP: NONE, Verdict.DELETE: DELETE, Verdict.UPDATE: update}[row["verdict"]]
    labels = {i: comes_to if one["id"] == row["correction"] else NONE for i, one in enumerate(row["follow_up"])}
    return _Reviewed(case, await features_of(case, statements, embedder), labels, comes_to, product)


def _fit(rows: Sequence[_Reviewed]) -> Linear:
    seen = [(features, row.labels[place]) for row in rows for place, features in row.features.items()]
    return fit_linear(np.stack([one for one, _ in seen]), [label for _, label in seen], _INVERSE_PENALTY)


def _held_out(rows: Sequence[_Reviewed], shuffle: int) -> list[tuple[Correction, str]]:
    """What is found in each review by a fit on the other folds, with what it comes to; a product is in one fold."""
    folds: dict[int, list[_Reviewed]] = {}
    for row in rows:
        folds.setdefault(zlib.crc32(f"{shuffle} {row.product}".encode()) % _FOLDS, []).append(row)
    judged: list[tuple[Correction, str]] = []
    for held, mine in folds.items():
        linear = _fit([row for fold, others in folds.items() if fold != held for row in others])
        judged += [(likeliest(row.case, row.features, linear), row.comes_to) for row in mine]
    return judged


def _cutoff(judged: Sequence[tuple[float, bool]], precision: float) -> float:
    """The lowest probability, never below ``LEAST_CORRECTED``, from which on the precision is kept."""
    sure = sorted((pair for pair in judged if pair[0] >= LEAST_CORRECTED), reverse=True)
    right = np.cumsum([is_right for _, is_right in sure])
    kept = [i for i, n in enumerate(right) if n >= precision * (i + 1)]
    return round(sure[kept[-1]][0], 4) if kept else _NEVER
