"""A cross-encoder that needs no model: the share of the query's words that a text has."""

from collections.abc import Sequence

from core.text.terms import coverage


class WordsReranker:
    """The same scores in every process."""

    identity = "words@1"

    async def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """0..1 each."""
        return [coverage(query, text) for text in texts]
