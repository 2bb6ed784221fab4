"""Seeded entries that look like a support team's to an index: words by Zipf's law, vectors in clusters, each cluster with words
of its own. No model could embed 272,325 texts in a benchmark's time, so vectors are drawn, not computed."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain.ids import EntryId, make_id, part_id
from core.domain.knowledge import CHUNK, QA, SHARED, Audience, KnowledgeEntry, StoredEntry, Viewer

EDITION = 3
"""Counts up whenever other entries are drawn, so that homes that were kept are made anew."""
SEED = 6
CENTRES = 2_000
DIRECTIONS = 24
"""Rank of the noise: entries of a cluster differ in few ways, as sentences about one matter do."""
NOISE = 0.5
"""Length of the noise beside a centre of length 1: two entries of a cluster then have a cosine of about .8."""
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 9, 1, tzinfo=UTC)
CUSTOMERS = 50
OTHERS = 0.5
"""Share of entries that belong to one of the customers, each to 1 % of all; the rest is shared."""
CHUNKS = 0.2
STOP_WORDS = (
    "the to and a of in is that it for on this with be not are if as at by an or no but into they was will then there their "
    "these such"
).split()
OWN = Path(__file__).resolve().parents[2] / "core" / "evaluate" / "own"
_VERBS = "set check run use remove restart increase open add delete".split()
_ONSETS, _VOWELS, _CODAS = (
    "b d f g k l m n p r s t v z br cl dr gr pl st tr".split(),
    "aeiou",
    ["", "n", "r", "s", "t", "l"],
)
VOCABULARY = 30_000
OWN_WORDS, OWN_UP_TO = 40, 6_000
"""Words that a cluster has beside everybody's, and how far down the vocabulary they are."""

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that somebody asks, and the vector that stands for it."""

    text: str
    vector: Vector


def viewers() -> dict[str, Viewer]:
    """Who looks, by how much of everything they see."""
    one = Audience.customer("C0")
    return {"1 %": Viewer((one,)), "50 %": Viewer((SHARED,)), "none": Viewer.operator()}


class Synthetic:
    """The entries of one size; entry ``n`` is the same in every size."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        rng = np.random.default_rng(SEED)
        self._centres = unit(rng.normal(size=(CENTRES, dimension)))
        self._directions = rng.normal(size=(CENTRES, DIRECTIONS, dimension)).astype(np.float32)
        self._own = rng.integers(100, OWN_UP_TO, size=(CENTRES, OWN_WORDS))

    @cached_property
    def words(self) -> list[str]:
        """The vocabulary, the commonest first: what our own labelled rows say, then words that are none, as codes and names."""
        rng = np.random.default_rng(SEED + 1)
        made: dict[str, None] = dict.fromkeys((*STOP_WORDS, *real_words()))
        while len(made) < VOCABULARY:
            made["".join(_syllable(rng) for _ in range(int(rng.integers(2, 4))))] = None
        return list(made)

    @cached_property
    def _shares(self) -> NDArray[np.float64]:
        frequency = 1.0 / (np.arange(VOCABULARY) + 2.7) ** 1.07
        return np.cumsum(frequency / frequency.sum())

    def batch(self, start: int, end: int) -> list[StoredEntry]:
        """Entries ``start`` to ``end``, of which one in a hundred has expired and one will; ``start`` is a multiple of the same
        batch size in every call."""
        rng = np.random.default_rng((SEED, start))
        clusters = rng.integers(CENTRES, size=end - start)
        whole, answers = self._near(clusters, rng), self._near(clusters, rng)
        return [
            StoredEntry(self._entry(start + i, int(cluster), rng), 1, whole[i], unit(whole[i] + answers[i]))
            for i, cluster in enumerate(clusters)
        ]

    def asked(self, count: int, seed: int = 0) -> list[Asked]:
        """Questions that nobody has asked yet, near what is known."""
        rng = np.random.default_rng((SEED, 1 << 40, seed))
        clusters = rng.integers(CENTRES, size=count)
        vectors = self._near(clusters, rng)
        return [Asked(self._text(12, int(c), rng) + "?", v) for c, v in zip(clusters, vectors, strict=True)]

    def _near(self, clusters: NDArray[np.int64], rng: np.random.Generator) -> Vector:
        weights = rng.normal(size=(len(clusters), DIRECTIONS)).astype(np.float32)
        noise = unit(np.einsum("nd,ndk->nk", weights, self._directions[clusters]))
        return unit(self._centres[clusters] + NOISE * noise)

    def _entry(self, n: int, cluster: int, rng: np.random.Generator) -> KnowledgeEntry:
        is_chunk, is_shared = rng.random() < CHUNKS, rng.random() >= OTHERS
        name, at = EntryId(make_id("bench", n)), BEGAN + timedelta(minutes=n)
        ends = {0: NOW - timedelta(days=1), 1: NOW + timedelta(days=1 + n % 300)}.get(int(rng.integers(100)))
        customer = Audience.customer(f"C{int(rng.integers(CUSTOMERS))}")
        answer = " ".join(
            f"{_VERBS[int(rng.integers(len(_VERBS)))].capitalize()} {self._text(13, cluster, rng)}." for _ in range(3)
        )
        return KnowledgeEntry(
            id=part_id(name, 0) if is_chunk else name, kind=CHUNK if is_chunk else QA,
            audience=SHARED if is_shared else customer, title=self._text(5, cluster, rng),
            question="" if is_chunk else self._text(12, cluster, rng) + "?", answer=answer, created_at=at, updated_at=at,
            expires_at=ends,
        )  # fmt: skip

    def _text(self, length: int, cluster: int, rng: np.random.Generator) -> str:
        ranks = np.searchsorted(self._shares, rng.random(length))
        own = rng.random(length) < 0.25
        ranks[own] = self._own[cluster, rng.integers(OWN_WORDS, size=int(own.sum()))]
        return " ".join(self.words[min(int(rank), VOCABULARY - 1)] for rank in ranks)


def batches(rows: int, size: int) -> Iterator[tuple[int, int]]:
    """The bounds of each batch."""
    yield from ((start, min(start + size, rows)) for start in range(0, rows, size))


def unit(rows: "np.ndarray[tuple[int, ...], np.dtype[np.floating]]") -> Vector:
    """Rows of length 1."""
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), dtype=np.float32)


def real_words() -> list[str]:
    """The words of our own labelled rows, by frequency."""
    counted: Counter[str] = Counter()
    for file in sorted(OWN.glob("*.jsonl")):
        counted.update(re.findall(r"[a-z]{2,}", file.read_text("utf-8").lower()))
    return sorted(counted, key=lambda word: (-counted[word], word))


def _syllable(rng: np.random.Generator) -> str:
    parts: Sequence[Sequence[str]] = (_ONSETS, _VOWELS, _CODAS)
    return "".join(str(part[int(rng.integers(len(part)))]) for part in parts)
