"""The port for a cross-encoder."""

from collections.abc import Sequence
from typing import Protocol


class Reranker(Protocol):
    """Scores a query against texts, reading both together."""

    @property
    def identity(self) -> str:
        """Names the model and its exact weights."""
        ...

    async def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Give one relevance 0..1 per text, in order, higher is better. Raises ``FinalError`` when the model is missing."""
        ...
