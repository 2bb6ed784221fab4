"""Step 4: the best passages above the calibrated cutoff (DESIGN 5.4)."""

from collections.abc import Sequence
from dataclasses import replace

from core.domain.calibration import Calibration
from core.domain.knowledge import KnowledgeEntry, Passage
from core.ports.reranker import Reranker
from core.respond.relevance import Field, codes, relevance
from core.text.terms import term_set

BEST = 5
FOUND_WEIGHT = 0.5
"""What the store's rank score counts beside the relevance, in the order alone: it compares the passages of one query well,
relevance those of different queries. On the own matches the right entry comes first in .88 instead of .81, on documents in a
dialogue in .78 instead of .73; from .25 to 1 the same."""


async def rerank(
    query: str,
    passages: Sequence[Passage],
    calibration: Calibration,
    reranker: Reranker | None = None,
    best: int = BEST,
    *,
    later: bool = False,
) -> list[Passage]:
    """Give the ``best`` passages with their calibrated relevance, best first, those below the cutoff included: generate decides
    what may be cited, and the record shows what was close. Where a cross-encoder is configured, its score is the relevance and
    the order; else the order is that of relevance and the store's rank score together. ``later``: the query goes on in a
    dialogue."""
    if reranker is None:
        field = Field.of(passages, later=later)
        scores = [relevance(query, p, field, calibration.relevance_of(p.entry.kind)) for p in passages]
        order = [score + FOUND_WEIGHT * p.relevance for score, p in zip(scores, passages, strict=True)]
    else:
        order = scores = await reranker.score(query, [rerank_text(p.entry) for p in passages])
    scores = with_siblings(query, passages, scores)
    scored = [(place, replace(p, relevance=score)) for p, score, place in zip(passages, scores, order, strict=True)]
    return [p for _, p in sorted(scored, key=lambda one: (-one[0], one[1].entry.id))[:best]]


SIBLING_AT_LEAST = 0.6
"""The share of the best sibling's relevance that another one needs by itself; set by hand."""
MOST_SIBLINGS = 3
"""A name that more of the passages share is no code of an error but what the team works with."""


def with_siblings(query: str, passages: Sequence[Passage], scores: Sequence[float]) -> list[float]:
    """Let entries that answer every code named in the query, under other conditions or with another cause, come together
    (DESIGN 5.3): each as relevant as the best of them, unless its condition is contradicted or it comes nowhere near."""
    named = codes(query)
    same = [
        i for i, p in enumerate(passages) if named and named <= codes(f"{p.entry.question}\n{' '.join(p.entry.keys)}")
    ]
    best = max(same, key=lambda i: scores[i], default=None)
    if best is None or len(same) > MOST_SIBLINGS:
        return list(scores)
    top = passages[best].entry
    return [
        scores[best] if i in same and score >= SIBLING_AT_LEAST * scores[best] and _apart(p.entry, top) else score
        for i, (p, score) in enumerate(zip(passages, scores, strict=True))
    ]


def _apart(one: KnowledgeEntry, other: KnowledgeEntry) -> bool:
    terms = term_set(one.answer), term_set(other.answer)
    return one.conditions != other.conditions or 2 * len(terms[0] & terms[1]) < min(len(terms[0]), len(terms[1]))


def rerank_text(entry: KnowledgeEntry) -> str:
    """What a cross-encoder reads of an entry."""
    return f"{entry.title}\n{entry.answer}"
