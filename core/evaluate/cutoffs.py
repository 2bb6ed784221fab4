"""A cross-encoder's scores of the own matches, and where to cut scores that are no probabilities."""

from collections.abc import Sequence

import numpy as np

from core.domain.knowledge import KnowledgeEntry
from core.ports.reranker import Reranker
from core.respond.rerank import rerank_text


async def reranked(pairs: Sequence[tuple[str, KnowledgeEntry]], reranker: Reranker) -> list[float]:
    """Give the score 0..1 of each question with its entry."""
    return [(await reranker.score(question, [rerank_text(entry)]))[0] for question, entry in pairs]


def cheapest_cutoff(
    scores: Sequence[float], labels: Sequence[bool], shares: Sequence[float], wrong_costs: float
) -> float:
    """Give the score (0..1) from which on answering costs least, where a wrong answer costs ``wrong_costs`` and a missed one 1,
    each times its share. Where answering never pays, a cutoff above every score."""
    order = np.argsort(-np.asarray(scores, dtype=float), kind="stable")
    score, share = np.asarray(scores, dtype=float)[order], np.asarray(shares, dtype=float)[order]
    gain = np.cumsum(np.where(np.asarray(labels, dtype=bool)[order], share, -wrong_costs * share))
    ends = np.flatnonzero(np.append(score[1:] < score[:-1], True))  # equal scores pass together
    best = ends[int(np.argmax(gain[ends]))]
    return float(score[best]) if gain[best] > 0 else float(np.nextafter(score[0], 2.0))
