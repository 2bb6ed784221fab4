"""Step 4: the best passages above the calibrated cutoff (DESIGN 5.4)."""

from collections.abc import Sequence
from dataclasses import replace

from core.domain.calibration import Calibration
from core.domain.knowledge import KnowledgeEntry, Passage
from core.ports.reranker import Reranker
from core.respond.relevance import Field, relevance

BEST = 5


async def rerank(
    query: str,
    passages: Sequence[Passage],
    calibration: Calibration,
    reranker: Reranker | None = None,
    best: int = BEST,
) -> list[Passage]:
    """Give the ``best`` passages by calibrated relevance, best first, those below the cutoff included: generate decides what
    may be cited, and the record shows what was close. Uses the cross-encoder where one is configured."""
    if reranker is None:
        field = Field.of(passages)
        scores = [relevance(query, passage, field, calibration.relevance) for passage in passages]
    else:
        scores = await reranker.score(query, [rerank_text(p.entry) for p in passages])
    scored = [replace(passage, relevance=score) for passage, score in zip(passages, scores, strict=True)]
    return sorted(scored, key=lambda p: (-p.relevance, p.entry.id))[:best]


def rerank_text(entry: KnowledgeEntry) -> str:
    """What a cross-encoder reads of an entry."""
    return f"{entry.title}\n{entry.answer}"
