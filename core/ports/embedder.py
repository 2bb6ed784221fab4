"""The port for sentence embeddings."""

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

EmbedRole = Literal["query", "passage"]


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def identity(self) -> str:
        """Names the model and its exact weights, e.g. ``all-MiniLM-L6-v2@1f3c0a92``; the key of calibration and caches."""
        ...

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        ...

    async def embed(self, texts: Sequence[str], role: EmbedRole) -> NDArray[np.float32]:
        """Give one L2-normalised row per text, shape ``(len(texts), dimension)``; cosine is the dot product.

        Some models want another prefix for queries than for passages: ``role`` says which it is. Texts longer than the
        model's window are cut by the model. An empty sequence gives shape ``(0, dimension)``. Does not block the event loop.
        Raises ``FinalError`` when the model cannot be loaded.
        """
        ...
