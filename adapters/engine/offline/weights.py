"""The offline engine's fitted numbers, one file of plain arrays per embedding model."""

import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.engine.offline.linear import Linear
from adapters.engine.offline.review import ReviewWeights
from core.domain.errors import FinalError, MissingCalibrationError

COMMAND = "vigil calibrate"


@dataclass(frozen=True, slots=True, eq=False)
class OfflineWeights:
    """The two stages of identify, the second as logistic weights in the order of its features, the classifier of
    sentences, and those of reviews."""

    assistance: Linear
    scope: tuple[float, ...]
    statements: Linear
    reviews: ReviewWeights


def logistic(weights: Sequence[float], features: Sequence[float]) -> float:
    """Give the probability, 0..1, of a logistic model. Raises ``ValueError`` when the lengths differ."""
    score = sum(weight * feature for weight, feature in zip(weights, features, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def load_weights(identity: str, home: Path) -> OfflineWeights:
    """Give the weights for an embedding model, the home's own before the shipped ones. Raises ``MissingCalibrationError`` when
    there are none and ``FinalError`` when the file is damaged."""
    own = weights_file(home, identity)
    if own.is_file():
        return _read(own)
    shipped = files(__package__).joinpath("fitted", own.name)
    if not shipped.is_file():
        raise MissingCalibrationError(
            f"The offline engine was not fitted for the model {identity}: run `{COMMAND}` once."
        )
    with as_file(shipped) as path:
        return _read(path)


def weights_file(home: Path, identity: str) -> Path:
    """Where a home keeps the weights that it has fitted itself."""
    return home / "engine" / f"{identity.replace('/', '--')}.npz"


def save_weights(path: Path, weights: OfflineWeights) -> None:
    """Write the weights, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    arrays = {
        "scope": np.array(weights.scope),
        **_arrays("assistance", weights.assistance),
        **_arrays("statements", weights.statements),
        **_arrays("corrected", weights.reviews.corrected),
        **_arrays("unfit", weights.reviews.unfit),
        **_arrays("other_cause", weights.reviews.other_cause),
    }
    with partial.open("wb") as out:
        np.savez_compressed(out, allow_pickle=False, **arrays)
    partial.replace(path)


def _arrays(name: str, linear: Linear) -> dict[str, Any]:
    return {f"{name}_classes": np.array(linear.classes), f"{name}_weights": linear.weights, f"{name}_bias": linear.bias}


def _linear(name: str, arrays: Mapping[str, NDArray[np.generic]]) -> Linear:
    weights = np.asarray(arrays[f"{name}_weights"], np.float32)
    bias = np.asarray(arrays[f"{name}_bias"], np.float32)
    return Linear(tuple(str(c) for c in arrays[f"{name}_classes"]), weights, bias)


def _read(path: Path) -> OfflineWeights:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return OfflineWeights(
                _linear("assistance", arrays),
                tuple(float(w) for w in arrays["scope"]),
                _linear("statements", arrays),
                ReviewWeights(*(_linear(name, arrays) for name in ("corrected", "unfit", "other_cause"))),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise FinalError(f"{path.name} holds no usable weights: run `{COMMAND}` again.") from error
