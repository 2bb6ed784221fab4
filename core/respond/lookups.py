"""What one turn has looked up, so that nothing is looked up twice: most bursts are one question in the burst's own words, for
which identify has asked before."""

from core.domain.knowledge import Passage
from core.respond.rerank import rerank
from core.respond.retrieve import retrieve
from core.respond.situation import Situation, Tools


class Lookups:
    """The passages found in one ``situation``, remembered by question and context."""

    def __init__(self, situation: Situation, tools: Tools) -> None:
        self._situation, self._tools = situation, tools
        self._found: dict[tuple[str, str], list[Passage]] = {}
        self._ranked: dict[tuple[str, str], list[Passage]] = {}

    async def found(self, text: str, context: str) -> list[Passage]:
        """The passages nearest to a question in the dialogue that it stands in, as ``retrieve`` gives them."""
        if (text, context) not in self._found:
            self._found[text, context] = await retrieve(
                text, context, viewer=self._situation.viewer, now=self._situation.now,
                embedder=self._tools.embedder, store=self._tools.store,
            )  # fmt: skip
        return self._found[text, context]

    async def ranked(self, text: str, context: str, *, crossed: bool) -> list[Passage]:
        """The best of them as ``rerank`` gives them, ``crossed`` by the cross-encoder where one is configured."""
        found, reranker = await self.found(text, context), self._tools.reranker if crossed else None
        if reranker is None and (text, context) in self._ranked:
            return self._ranked[text, context]
        later = bool(self._situation.dialogue)
        ranked = await rerank(text, found, self._tools.calibration, reranker, later=later)
        if reranker is None:
            self._ranked[text, context] = ranked
        return ranked
