"""Utterances whose class is known, as points in embedding space to measure others against.

They are the project's own labelled set (``utterances.jsonl`` beside this file), written without a look at any measured data.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from core.domain.sessions import QuestionClass
from core.ports.embedder import Embedder

log = structlog.get_logger(__name__)

NEAREST = 5


@dataclass(frozen=True, slots=True)
class Utterance:
    """A labelled last message with what came before it: (role, text) pairs, oldest first, and the team's scope text."""

    id: str
    text: str
    history: tuple[tuple[str, str], ...]
    scope: str
    label: QuestionClass


def own_utterances() -> list[Utterance]:
    """Read the project's own labelled utterances."""
    rows = files(__package__).joinpath("utterances.jsonl").read_text(encoding="utf-8").splitlines()
    return [_utterance(json.loads(row)) for row in rows if row.strip()]


def _utterance(row: dict[str, object]) -> Utterance:
    history = row["history"]
    assert isinstance(history, list)
    pairs = tuple((str(h["role"]), str(h["text"])) for h in history)
    return Utterance(str(row["id"]), str(row["text"]), pairs, str(row["scope"]), QuestionClass(str(row["label"])))


@dataclass(frozen=True, slots=True)
class Exemplars:
    """Unit vectors of the utterances, shape ``(n, dimension)``, with their labels."""

    vectors: NDArray[np.float32]
    labels: tuple[QuestionClass, ...]
    texts: tuple[str, ...]

    def nearness(self, vector: NDArray[np.float32], label: QuestionClass, leave_out: int | None = None) -> float:
        """Mean cosine with the five nearest utterances of a label; ``leave_out`` passes over one row, for fitting."""
        cosines = self.vectors @ vector
        chosen = [i for i, one in enumerate(self.labels) if one is label and i != leave_out]
        return float(np.sort(cosines[chosen])[-NEAREST:].mean())


async def load_exemplars(
    embedder: Embedder, utterances: Sequence[Utterance] | None = None, cache: Path | None = None
) -> Exemplars:
    """Embed the utterances; ``cache`` is a folder where the vectors of this model and these texts are kept between starts."""
    rows = own_utterances() if utterances is None else utterances
    texts = [row.text for row in rows]
    kept = _kept_at(cache, embedder.identity, texts)
    vectors = _read(kept, (len(texts), embedder.dimension))
    if vectors is None:
        vectors = await embedder.embed(texts, "query")
        _keep(kept, vectors)
    return Exemplars(vectors, tuple(row.label for row in rows), tuple(texts))


def _kept_at(cache: Path | None, identity: str, texts: Sequence[str]) -> Path | None:
    mark = hashlib.sha256("\x1f".join((identity, *texts)).encode("utf-8", "replace")).hexdigest()[:16]
    return cache / f"exemplars-{mark}.npy" if cache else None


def _read(file: Path | None, shape: tuple[int, int]) -> NDArray[np.float32] | None:
    """The kept vectors; ``None`` when there are none or the file is not whole."""
    if file is None or not file.is_file():
        return None
    try:
        vectors: NDArray[np.float32] = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return vectors if vectors.shape == shape else None


def _keep(file: Path | None, vectors: NDArray[np.float32]) -> None:
    """Keep the vectors, whole or not at all; a cache that cannot be written costs time and nothing else."""
    if file is None:
        return
    partial = file.with_suffix(f".{os.getpid()}.partial")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as out:
            np.save(out, vectors, allow_pickle=False)
        partial.replace(file)
    except OSError as error:
        log.warning("exemplars_not_cached", error=type(error).__name__)
        partial.unlink(missing_ok=True)
