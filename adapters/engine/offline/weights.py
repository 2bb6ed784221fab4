"""The offline engine's fitted numbers, one set per embedding model."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfflineWeights:
    """Logistic weights of the two stages of identify, in the order of their features; made by ``vigil calibrate``."""

    assistance: tuple[float, ...]
    scope: tuple[float, ...]


def logistic(weights: Sequence[float], features: Sequence[float]) -> float:
    """Give the probability, 0..1, of a logistic model. Raises ``ValueError`` when the lengths differ."""
    score = sum(weight * feature for weight, feature in zip(weights, features, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))
