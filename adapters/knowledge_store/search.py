"""One hybrid look-up in a snapshot: by meaning, by words, by pairs of Han characters, each leg under the filter."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from adapters.knowledge_store import access
from adapters.knowledge_store.filters import visible
from adapters.knowledge_store.full_text import lexical
from adapters.knowledge_store.fusion import WEIGHTS, Weights, fuse
from adapters.knowledge_store.recent import ADDRESS, RecentRows
from adapters.knowledge_store.snapshots import Snapshot
from core.domain.knowledge import Passage, SearchQuery, StoredEntry, Vector, question_cosine

if TYPE_CHECKING:
    from lancedb import AsyncTable
    from lancedb.query import FullTextQuery

CANDIDATES = 30
"""Rows fetched per leg and kind before fusion: three times a quota of ten keeps what one leg ranks low."""
Scores = dict[int, float]
"""What a leg found: its score by the row's address."""


async def found_in(snapshot: Snapshot, query: SearchQuery, recent: RecentRows) -> list[Passage]:
    """Give what ``KnowledgeStore.search`` promises. A kind that is not held is not looked for: that costs 10 ms even then."""
    kinds = [(kind, most) for kind, most in query.kinds if await snapshot.holds(kind)]
    weights = WEIGHTS.get(query.language, WEIGHTS["en"])
    legs = await asyncio.gather(*(_legs(snapshot.table, query, kind, weights) for kind, _ in kinds))
    vectors = await recent.vectors({address for near, _, _ in legs for address in near}, snapshot.table)
    fused = [_fused(kind, vectors, query, weights) for kind in legs]
    best = [_best(found, most) for found, (_, most) in zip(fused, kinds, strict=True)]
    rows = await recent.at({address for found in best for address in found}, snapshot.table)
    passages = [
        passage
        for (_, most), (_, words, _), found in zip(kinds, legs, best, strict=True)
        for passage in _ranked(found, words, rows, query)[:most]
    ]
    return sorted(passages, key=_best_first)


async def _legs(table: "AsyncTable", query: SearchQuery, kind: str, weights: Weights) -> tuple[Scores, Scores, Scores]:
    condition = visible(query.viewer, kind, query.now)
    return await asyncio.gather(
        _near(table, query, condition),
        _lexical(table, lexical(query, "text"), condition),
        _lexical(table, lexical(query, "pairs") if weights.pairs else None, condition),
    )


async def _near(table: "AsyncTable", query: SearchQuery, condition: str) -> Scores:
    nearest = table.query().where(condition).nearest_to(query.vector).column("vector").distance_type("cosine")
    return await _scores(nearest.ef(access.EF).limit(CANDIDATES), "_distance")


async def _lexical(table: "AsyncTable", wanted: "FullTextQuery | None", condition: str) -> Scores:
    if wanted is None:
        return {}
    return await _scores(table.query().where(condition).nearest_to_text(wanted).limit(CANDIDATES), "_score")


async def _scores(search: Any, column: str) -> Scores:
    """The rows of a leg; its score is always selected, else LanceDB writes a line about it to standard error."""
    found = await search.select([column]).with_row_id().to_arrow()
    return dict(zip(found[ADDRESS].to_pylist(), found[column].to_pylist(), strict=True))


def _fused(
    legs: tuple[Scores, Scores, Scores], vectors: Mapping[int, Vector], query: SearchQuery, weights: Weights
) -> Scores:
    """The relevance of what the legs found of one kind. The index tells distances roughly: they are computed anew."""
    near, words, pairs = legs
    cosines = {address: float(np.dot(query.vector, vectors[address])) for address in near}
    return fuse([(weights.near, cosines), (weights.words, words), (weights.pairs, pairs)])


def _best(fused: Scores, most: int) -> Scores:
    """The best of them, with all that are as good as the last one: to read a whole row takes .1 ms of CPU."""
    last = sorted(fused.values(), reverse=True)[:most][-1:]
    return {address: relevance for address, relevance in fused.items() if last and relevance >= last[0]}


def _ranked(fused: Scores, words: Scores, rows: Mapping[int, StoredEntry], query: SearchQuery) -> list[Passage]:
    best = max(words.values(), default=0.0) or 1.0
    passages = [_passage(rows[one], query, relevance, words.get(one, 0.0) / best) for one, relevance in fused.items()]
    return sorted(passages, key=_best_first)


def _best_first(passage: Passage) -> tuple[float, str]:
    return -passage.relevance, passage.entry.id


def _passage(stored: StoredEntry, query: SearchQuery, relevance: float, lexical: float) -> Passage:
    cosine, answer_cosine = (float(np.dot(query.vector, one)) for one in (stored.vector, stored.answer_vector))
    asked = question_cosine(cosine, answer_cosine, float(np.dot(stored.vector, stored.answer_vector)))
    vectors = stored.vector, stored.answer_vector
    return Passage(stored.entry, stored.revision, relevance, cosine, answer_cosine, lexical, asked, vectors)
