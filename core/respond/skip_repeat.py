"""Step 6: never say the same twice in a session (DESIGN 5.6; arXiv 2604.09579 uses a cosine of 0.7 for its own model)."""

import math
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from core.domain.knowledge import Vector
from core.ports.embedder import Embedder
from core.text.terms import content_terms

OFF = 1.0
FEATURES = ("bias", "cosine", "words", "runs")
"""What tells a repeat: the cosine of the two answers, and the shares of words and of runs of four characters that both have.
With numbers, pairs of words and sentence by sentence coverage the own pairs, held out, are told apart no better (AUC .885, .894
without); sixteen features were better on them (.898) and far worse on answer_dedup_mtrag (.867, .963 with these)."""
_RUN = 4
_SPACES = re.compile(r"\s+")


async def find_repeat(
    text: str, sent: Sequence[str], embedder: Embedder, weights: tuple[float, ...], theta: float,
    vectors: Mapping[str, Vector] = MappingProxyType({}),
) -> int | None:  # fmt: skip
    """Give the index of the sent answer that ``text`` repeats, the likeliest one if several, or ``None``.

    Texts carry no citation markers; ``vectors`` are those that are known already, by text. ``weights`` are logistic, in the
    order of ``FEATURES``; ``theta`` is the probability from above which it is a repeat; from 1.0 on the test is off.
    """
    if not sent or theta >= OFF:
        return None
    likely = [likeness(weights, seen) for seen in await repeat_features(text, sent, embedder, vectors)]
    nearest = int(np.argmax(likely))
    return nearest if likely[nearest] > theta else None


async def repeat_features(
    text: str, sent: Sequence[str], embedder: Embedder, vectors: Mapping[str, Vector] = MappingProxyType({})
) -> list[tuple[float, ...]]:
    """What is seen of a text beside each sent one, in the order of ``FEATURES``; cosines -1..1, shares 0..1."""
    missing = [one for one in dict.fromkeys((text, *sent)) if one not in vectors]
    rows = {**vectors, **dict(zip(missing, await embedder.embed(missing, "passage"), strict=True))}
    words, runs = set(content_terms(text)), _runs(text)
    return [
        (1.0, float(rows[one] @ rows[text]), _share(words, set(content_terms(one))), _share(runs, _runs(one)))
        for one in sent
    ]


def likeness(weights: Sequence[float], seen: Sequence[float]) -> float:
    """Give how likely it is a repeat, 0..1. Raises ``ValueError`` when the lengths differ."""
    return 1.0 / (1.0 + math.exp(-sum(weight * value for weight, value in zip(weights, seen, strict=True))))


def _runs(text: str) -> set[str]:
    plain = _SPACES.sub(" ", text.lower())
    return {plain[i : i + _RUN] for i in range(max(1, len(plain) - _RUN + 1))}


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0
