"""Utterances whose class is known, as points in embedding space to measure others against.

They are the project's own labelled set (``utterances.jsonl`` beside this file), written without a look at any measured data.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from core.domain.sessions import QuestionClass
from core.ports.embedder import Embedder

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


async def load_exemplars(embedder: Embedder, utterances: Sequence[Utterance] | None = None) -> Exemplars:
    """Embed the utterances, as they stand in their dialogues, once per process."""
    rows = own_utterances() if utterances is None else utterances
    vectors = await embedder.embed([row.text for row in rows], "query")
    return Exemplars(vectors, tuple(row.label for row in rows), tuple(row.text for row in rows))
