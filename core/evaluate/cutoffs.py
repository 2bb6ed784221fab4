"""Weights fitted to labelled rows, and where to cut their scores or others."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.domain.knowledge import KnowledgeEntry
from core.ports.reranker import Reranker
from core.respond.rerank import rerank_text

RIDGE = 1.0


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


def fit_logistic(seen: Sequence[Sequence[float]], labels: Sequence[bool], shares: Sequence[float]) -> tuple[float, ...]:
    """Fit logistic weights to weighted rows with a ridge by Newton's method; the first feature is the bias."""
    x, y, share = np.asarray(seen, dtype=float), np.asarray(labels, dtype=float), np.asarray(shares, dtype=float)
    ridge = RIDGE * np.eye(x.shape[1])
    ridge[0, 0] = 1e-6
    weights = np.zeros(x.shape[1])
    for _ in range(100):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x * (share * p * (1 - p))[:, None]).T @ x + ridge
        step = np.linalg.solve(hessian, x.T @ (share * (p - y)) + ridge @ weights)
        weights -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    return tuple(round(float(w), 4) for w in weights)


def cutoff_at(scores: Sequence[float], labels: Sequence[bool], shares: Sequence[float], precision: float) -> float:
    """Give the lowest score from which on everything above is right in at least ``precision`` of the weighted cases."""
    order = np.argsort(scores)[::-1]
    share = np.asarray(shares, dtype=float)[order]
    right = np.cumsum(np.asarray(labels, dtype=float)[order] * share) / np.cumsum(share)
    good = np.flatnonzero(right >= precision)
    return round(float(np.asarray(scores)[order[good[-1]]]) if len(good) else 0.95, 4)


def best_threshold(values: Sequence[float], labels: Sequence[bool]) -> float:
    """Give the threshold with the best F1 weighted over both sides; of equals the middle one."""
    tries = np.round(np.arange(0.3, 0.96, 0.01), 2)
    scores = [_weighted_f1(np.asarray(values) > t, np.asarray(labels)) for t in tries]
    best = [float(t) for t, score in zip(tries, scores, strict=True) if score >= max(scores) - 1e-9]
    return round(best[len(best) // 2], 4)


def _weighted_f1(said: "np.ndarray[Any, Any]", true: "np.ndarray[Any, Any]") -> float:
    total = 0.0
    for side in (True, False):
        hit = float(((said == side) & (true == side)).sum())
        share = float((true == side).mean())
        total += share * (2 * hit / max(1.0, float((said == side).sum() + (true == side).sum())))
    return total
