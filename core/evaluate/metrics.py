"""Metrics with bootstrap intervals. All are 0..1, higher is better; only kappa may fall below 0."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

T = TypeVar("T")
RESAMPLES = 500
_SEED = 7
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure over ``n`` rows, and its 95 % interval from resampling them."""

    value: float
    low: float
    high: float
    n: int = 0


def measured(rows: Sequence[T], metric: Callable[[Sequence[T]], float]) -> Measured:
    """Compute a metric on the rows and its interval over 500 seeded resamples."""
    if not rows:
        return Measured(0.0, 0.0, 0.0)
    rng = np.random.default_rng(_SEED)
    draws = [metric([rows[i] for i in rng.integers(0, len(rows), len(rows))]) for _ in range(RESAMPLES)]
    low, high = np.percentile(draws, [2.5, 97.5])
    return Measured(round(metric(rows), 4), round(float(low), 4), round(float(high), 4), len(rows))


def measured_share(hits: Sequence[bool]) -> Measured:
    """The share of true values with Wilson's 95 % interval: resampling rows of which none hits would claim that none can."""
    if not hits:
        return Measured(0.0, 0.0, 1.0)
    n, value = len(hits), share(hits)
    middle, scale = value + _Z**2 / (2 * n), 1 + _Z**2 / n
    half = _Z * math.sqrt(value * (1 - value) / n + _Z**2 / (4 * n**2))
    low, high = max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
    return Measured(round(value, 4), round(low, 4), round(high, 4), n)


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean F1 over the true classes of (true, said) pairs."""
    classes = sorted({true for true, _ in pairs})
    return sum(_f1(pairs, one) for one in classes) / len(classes) if classes else 0.0


def weighted_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """F1 per true class, weighted by how often the class is true."""
    counts = {one: sum(true == one for true, _ in pairs) for one in {true for true, _ in pairs}}
    return sum(_f1(pairs, one) * count for one, count in counts.items()) / max(1, len(pairs))


def weighted_precision(pairs: Sequence[tuple[str, str]]) -> float:
    """Precision per true class, weighted by how often the class is true; 0 for a class that is never said."""
    said = {one: sum(s == one for _, s in pairs) for one in {true for true, _ in pairs}}
    hits = {one: sum(true == s == one for true, s in pairs) for one in said}
    return mean([hits[true] / said[true] if said[true] else 0.0 for true, _ in pairs])


def weighted_recall(pairs: Sequence[tuple[str, str]]) -> float:
    """Recall per true class, weighted by how often the class is true: the share of the pairs that are right."""
    return share([true == said for true, said in pairs])


def cohens_kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """How far two raters agree beyond chance, -1..1 (Cohen 1960): (observed - expected) / (1 - expected), the expected share
    from how often each says what. 1 where both say one and the same throughout, 0 where there is nothing to rate."""
    if not pairs:
        return 0.0
    observed, n = share([one == other for one, other in pairs]), len(pairs)
    said = {rating for pair in pairs for rating in pair}
    expected = sum(sum(a == x for a, _ in pairs) * sum(b == x for _, b in pairs) for x in said) / (n * n)
    return 1.0 if expected == 1.0 else (observed - expected) / (1 - expected)


def pooled(counts: Sequence[tuple[int, int]]) -> float:
    """The share of all there is, from (hits, all) per row: a row counts by how much it holds."""
    whole = sum(n for _, n in counts)
    return sum(hits for hits, _ in counts) / whole if whole else 0.0


def f1_of(one: str) -> Callable[[Sequence[tuple[str, str]]], float]:
    """The metric that is the F1 of one class of (true, said) pairs, whatever the others."""
    return lambda pairs: _f1(pairs, one)


def _f1(pairs: Sequence[tuple[str, str]], one: str) -> float:
    hit = sum(true == said == one for true, said in pairs)
    total = sum(true == one for true, _ in pairs) + sum(said == one for _, said in pairs)
    return 2 * hit / total if total else 0.0


def precision_of(one: str) -> Callable[[Sequence[tuple[str, str]]], float]:
    """The share of the (true, said) pairs said to be of a class that are; 1 where none is said to be."""

    def precision(pairs: Sequence[tuple[str, str]]) -> float:
        said = [true == one for true, said in pairs if said == one]
        return sum(said) / len(said) if said else 1.0

    return precision


def recall_of(one: str) -> Callable[[Sequence[tuple[str, str]]], float]:
    """The share of the (true, said) pairs of a class that are said to be of it."""

    def recall(pairs: Sequence[tuple[str, str]]) -> float:
        return share([said == one for true, said in pairs if true == one])

    return recall


def ndcg_at_10(ranks: Sequence[tuple[Sequence[int], int]]) -> float:
    """Mean nDCG@10 of (1-based ranks of the relevant ones found, number of relevant ones) with binary relevance."""
    return mean([_ndcg(found, relevant) for found, relevant in ranks])


def _ndcg(found: Sequence[int], relevant: int) -> float:
    gain = sum(1 / math.log2(rank + 1) for rank in found if rank <= 10)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, 10) + 1))
    return gain / ideal if ideal else 0.0


def mrr_at_10(ranks: Sequence[tuple[Sequence[int], int]]) -> float:
    """Mean reciprocal rank of the first relevant one within ten."""
    return mean([max((1 / rank for rank in found if rank <= 10), default=0.0) for found, _ in ranks])


def recall_at_5(ranks: Sequence[tuple[Sequence[int], int]]) -> float:
    """Mean share of the relevant ones found within five."""
    return mean([sum(rank <= 5 for rank in found) / relevant if relevant else 0.0 for found, relevant in ranks])


def share(hits: Sequence[bool]) -> float:
    """The share of true values."""
    return mean([float(hit) for hit in hits])


def mean(values: Sequence[float]) -> float:
    """The mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0
