"""The offline engine's fitted numbers, one file of plain arrays per embedding model."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.engine.offline.linear import Linear
from adapters.engine.offline.review import ReviewWeights
from core.domain.errors import FinalError, MissingCalibrationError

COMMAND = "vigil engine fit"
FORMAT = 4
"""Which features the arrays belong to; raised when a part sees its rows in another way."""
_LINEARS = ("assistance", "scope", "statements")
_REVIEWS = "reviews"


@dataclass(frozen=True, slots=True, eq=False)
class OfflineWeights:
    """Every learned part: the two stages of identify (``assistance``, ``scope``), the classifier of sentences, and that of
    reviews with its cutoffs."""

    assistance: Linear
    scope: Linear
    statements: Linear
    reviews: ReviewWeights


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
    arrays: dict[str, Any] = {"format": np.array(FORMAT)}
    for name in _LINEARS:
        arrays |= _arrays(name, getattr(weights, name))
    reviews = weights.reviews
    arrays |= _arrays(_REVIEWS, reviews.linear)
    arrays[f"{_REVIEWS}_cutoffs"] = np.array([reviews.delete_at, reviews.update_at])
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
            if int(arrays["format"]) != FORMAT:
                raise KeyError(FORMAT)
            delete_at, update_at = (float(one) for one in arrays[f"{_REVIEWS}_cutoffs"])
            reviews = ReviewWeights(_linear(_REVIEWS, arrays), delete_at, update_at)
            assistance, scope, statements = (_linear(name, arrays) for name in _LINEARS)
            return OfflineWeights(assistance, scope, statements, reviews)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise FinalError(f"{path.name} holds no weights that this version can use: run `{COMMAND}` again.") from error
