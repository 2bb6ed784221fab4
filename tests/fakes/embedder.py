"""An embedder that needs no model: texts that share words and letters lie near each other."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from core.ports.embedder import EmbedRole

_DIMENSION = 64
_MOST_CHARS = 8192
_WORD = re.compile(r"[\u3400-\u9fff]|\w+")


class HashEmbedder:
    """Bag of hashed words and letter triples; the same vectors in every process and on every machine.

    Case is ignored and both roles give the same vector. Texts that share nothing have a cosine around 0 (give or take
    0.2), the same words in another order nearly 1.
    """

    @property
    def identity(self) -> str:
        """A name like those of real models."""
        return "hash-64@000000000001"

    @property
    def dimension(self) -> int:
        """64."""
        return _DIMENSION

    async def embed(self, texts: Sequence[str], role: EmbedRole) -> NDArray[np.float32]:
        """One unit row per text; a text without a word is the first axis."""
        rows = np.zeros((len(texts), _DIMENSION), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for feature, weight in _features(text[:_MOST_CHARS].lower()):
                place, sign = _hashed(feature)
                row[place] += sign * weight
        rows[~rows.any(axis=1), 0] = 1.0
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def _features(text: str) -> Iterator[tuple[str, float]]:
    for word in _WORD.findall(text):
        yield word, 1.0
        for start in range(len(word) - 2):
            yield f"#{word[start : start + 3]}", 0.3


@lru_cache(maxsize=100_000)
def _hashed(feature: str) -> tuple[int, int]:
    digest = blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=2).digest()
    return digest[0] % _DIMENSION, 1 if digest[1] % 2 else -1
