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
from adapters.engine.offline.review import LEAST_CORRECTED, Correction, ReviewWeights, correction
from adapters.engine.offline.review_signs import DELETE, DETAIL, NONE, SIBLING, Case, features_of
from core.domain.people import Role
from core.domain.reviews import Verdict
from core.ports.embedder import Embedder

_INVERSE_PENALTY = 0.1
_PRECISION = 0.96
"""Least share of deletes, and of updates, that must be right among the own reviews, each judged by a fit that saw no other of
its product: a little above the 0.95 that is promised, because others write in other ways."""
_FOLDS, _SHUFFLES = 8, 5
_NEVER = 2.0
"""A cutoff that no probability reaches: where a model's vectors do not tell corrections apart, nothing is changed."""


@dataclass(frozen=True, slots=True, eq=False)
class _Message:
    """An analyst's message of a review (``case``, ``place``), what is seen of it, its label and the product it is about."""

    case: Case
    place: int
    features: NDArray[np.float32]
    label: str
    product: str


async def fit_reviews(embedder: Embedder, statements: Linear) -> ReviewWeights:
    """Fit the classifier, and take the lowest cutoffs that keep the precision under cross-validation."""
    rows = [json.loads(line) for line in files(__package__).joinpath("reviews.jsonl").read_text("utf-8").splitlines()]
    messages = [one for row in rows for one in await _messages(row, embedder, statements)]
    held = [pair for shuffle in range(_SHUFFLES) for pair in _held_out(messages, shuffle)]
    delete_at = _cutoff([(found.delete, label == DELETE) for found, label in held])
    update_at = _cutoff([(found.update, label in (DETAIL, SIBLING)) for found, label in held])
    return ReviewWeights(_fit(messages), delete_at, update_at)


async def _messages(row: Mapping[str, Any], embedder: Embedder, statements: Linear) -> list[_Message]:
    entry, product = row["entry"], str(row["entry"]["title"]).partition(":")[0]
    said = tuple((Role(one["role"]), str(one["text"])) for one in row["follow_up"])
    case = Case(row["question"], row["answer"], entry["question"] or entry["title"], entry["answer"], said)
    does = {Verdict.DELETE: DELETE, Verdict.UPDATE: SIBLING if row["sibling"] else DETAIL}
    labels = [does[row["verdict"]] if one["id"] == row["correction"] else NONE for one in row["follow_up"]]
    features = await features_of(case, statements, embedder)
    return [_Message(case, place, one, labels[place], product) for place, one in features.items()]


def _fit(messages: Sequence[_Message]) -> Linear:
    return fit_linear(np.stack([one.features for one in messages]), [one.label for one in messages], _INVERSE_PENALTY)


def _held_out(messages: Sequence[_Message], shuffle: int) -> list[tuple[Correction, str]]:
    """What is found in each message by a fit on the other folds, with its label; a product is in one fold."""
    fold = [zlib.crc32(f"{shuffle} {one.product}".encode()) % _FOLDS for one in messages]
    judged: list[tuple[Correction, str]] = []
    for held in set(fold):
        linear = _fit([one for one, at in zip(messages, fold, strict=True) if at != held])
        mine = [one for one, at in zip(messages, fold, strict=True) if at == held]
        judged += [(correction(one.case, one.place, one.features, linear), one.label) for one in mine]
    return judged


def _cutoff(judged: Sequence[tuple[float, bool]]) -> float:
    """The lowest probability, never below ``LEAST_CORRECTED``, from which on the precision is kept."""
    sure = sorted((pair for pair in judged if pair[0] >= LEAST_CORRECTED), reverse=True)
    right = np.cumsum([is_right for _, is_right in sure])
    kept = [i for i, n in enumerate(right) if n >= _PRECISION * (i + 1)]
    return round(sure[kept[-1]][0], 4) if kept else _NEVER
