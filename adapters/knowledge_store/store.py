"""The knowledge store: hybrid search with the filter inside the query, batched upserts, upkeep."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import structlog

from adapters.knowledge_store import access
from adapters.knowledge_store.failures import told
from adapters.knowledge_store.filters import one_of, quote, visible
from adapters.knowledge_store.full_text import lexical
from adapters.knowledge_store.fusion import WEIGHTS, fuse
from adapters.knowledge_store.opening import TABLE, open_table
from adapters.knowledge_store.recent import MARK, WHOLE, RecentRows, mark_of
from adapters.knowledge_store.rewriting import index_texts, written_anew
from adapters.knowledge_store.rows import schema, table_of
from adapters.retry import retrying
from core.domain.ids import EntryId
from core.domain.knowledge import Passage, SearchQuery, StoredEntry, question_cosine

if TYPE_CHECKING:
    from lancedb import AsyncConnection, AsyncTable
    from lancedb.query import FullTextQuery

log = structlog.get_logger(__name__)

CANDIDATES = 30
"""Rows fetched per leg and kind before fusion: three times a quota of ten keeps what one leg ranks low."""
KEEP_VERSIONS = timedelta(hours=1)
_SCALARS = {"id": "btree", "subject": "btree", "audience": "bitmap", "status": "bitmap", "kind": "bitmap"}


class LanceStore:
    """A ``KnowledgeStore`` on one LanceDB table."""

    def __init__(self, connection: "AsyncConnection", identity: str, dimension: int) -> None:
        self._connection, self._identity, self._dimension = connection, identity, dimension
        self._table: AsyncTable | None = None
        self._rows = 0
        self._kinds: frozenset[str] = frozenset()
        self._kinds_at = -1
        self._recent = RecentRows()

    async def open(self) -> None:
        """Open or make the table. Raises ``StoreMismatchError`` when it is another model's."""
        table = await open_table(self._connection, self._identity, self._dimension)
        self._table = table or await self._create()
        await index_texts(self._table)
        self._rows = await self._table.count_rows()

    async def _create(self) -> "AsyncTable":
        table = await self._connection.create_table(
            TABLE, schema=schema(self._identity, self._dimension), mode="overwrite"
        )
        await index_texts(table)
        return table

    async def search(self, query: SearchQuery) -> list[Passage]:
        """See ``KnowledgeStore.search``. A kind that is not held is not looked for: a query costs 10 ms even then."""
        with told():
            there = await self._held()
            found = [await self._of_kind(query, kind, most) for kind, most in query.kinds if kind in there]
        passages = [passage for kind in found for passage in kind]
        return sorted(passages, key=lambda p: (-p.relevance, p.entry.id))

    async def _held(self) -> frozenset[str]:
        """The kinds that the table held at its version now; asked again after each change, another process's too."""
        version = await self._open.version()
        if self._kinds_at != version:
            table = await self._open.query().select(["kind"]).to_arrow()
            self._kinds_at, self._kinds = version, frozenset(table["kind"].unique().to_pylist())
        return self._kinds

    async def _of_kind(self, query: SearchQuery, kind: str, most: int) -> list[Passage]:
        condition, weights = visible(query.viewer, kind, query.now), WEIGHTS.get(query.language, WEIGHTS["en"])
        near, words, pairs = await asyncio.gather(
            self._near(query, condition),
            self._lexical(lexical(query, "text"), condition),
            self._lexical(lexical(query, "pairs") if weights.pairs else None, condition),
        )
        rows = await self._whole((*pairs, *words, *near), condition)
        near, words, pairs = ([row for row in leg if row["id"] in rows] for leg in (near, words, pairs))
        scores = {row["id"]: float(row["_score"]) for row in words}
        fused = fuse(
            [
                (weights.near, {row["id"]: float(np.dot(query.vector, rows[row["id"]].vector)) for row in near}),
                (weights.words, scores),
                (weights.pairs, {row["id"]: float(row["_score"]) for row in pairs}),
            ]
        )
        best = max(scores.values(), default=0.0) or 1.0
        ranked = sorted(fused, key=lambda one: (-fused[one], one))[:most]
        return [_passage(rows[one], query, fused[one], scores.get(one, 0.0) / best) for one in ranked]

    async def _whole(self, found: Sequence[Mapping[str, Any]], condition: str) -> dict[str, StoredEntry]:
        """The entries behind what the legs found, by id; one that no longer meets the condition is left out."""
        marks = {mark_of(row) for row in found}
        rows = self._recent.known(marks)
        unread = sorted({mark[0] for mark in marks} - rows.keys())
        if unread:
            wanted = self._open.query().where(f"{condition} AND {one_of('id', unread)}").select(WHOLE)
            rows |= self._recent.remember(await wanted.to_arrow())
        return rows

    async def _near(self, query: SearchQuery, condition: str) -> list[dict[str, Any]]:
        nearest = self._open.query().where(condition).nearest_to(query.vector).column("vector")
        search = nearest.distance_type("cosine").limit(CANDIDATES)
        if access.plan_for(self._rows).vector_index:
            kept = await self._open.count_rows(condition)
            exact = access.scans_exactly(self._rows, kept)
            search = search.bypass_vector_index() if exact else search.ef(150)
        return await self._fetch(search.select([*MARK, "_distance"]))

    async def _lexical(self, wanted: "FullTextQuery | None", condition: str) -> list[dict[str, Any]]:
        if wanted is None:
            return []
        search = self._open.query().where(condition).nearest_to_text(wanted).limit(CANDIDATES)
        return await self._fetch(search.select([*MARK, "_score"]))

    async def _fetch(self, search: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = (await search.to_arrow()).to_pylist()
        return rows

    async def put(self, entries: Sequence[StoredEntry], replacing: Collection[EntryId] = ()) -> None:
        """See ``KnowledgeStore.put``."""
        if entries:
            await self._merge(entries)
        if replacing:
            await self._drop(replacing, but={stored.entry.id for stored in entries})

    async def _drop(self, subjects: Collection[EntryId], but: AbstractSet[EntryId]) -> None:
        gone = one_of("subject", sorted(subjects)) + (f" AND NOT {one_of('id', sorted(but))}" if but else "")

        async def delete() -> None:
            with told():
                await self._open.delete(gone)

        with told():
            there = await self._open.query().where(gone).select(["id"]).to_arrow()
        if there.num_rows:
            await retrying(delete)
            self._recent.forget(set(there["id"].to_pylist()))
            self._rows = await self._open.count_rows()

    async def _merge(self, entries: Sequence[StoredEntry]) -> None:
        table = table_of(entries, self._identity, self._dimension)
        with told():
            before = await self._open.version()

        async def merge() -> None:
            with told():
                await (
                    self._open.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(table)
                )

        await retrying(merge)
        self._recent.forget({stored.entry.id for stored in entries})
        self._rows = await self._open.count_rows()
        await self._keep_kinds(before, {stored.entry.kind for stored in entries})

    async def _keep_kinds(self, before: int, put: AbstractSet[str]) -> None:
        """Go on from the kinds known at the version before, unless somebody else has written since."""
        now = await self._open.version()
        if self._kinds_at == before == now - 1:
            self._kinds_at, self._kinds = now, self._kinds | put

    async def inventory(self) -> Mapping[EntryId, int]:
        """See ``KnowledgeStore.inventory``."""
        with told():
            table = await self._open.query().select(["subject", "revision"]).to_arrow()
        lowest = table.group_by("subject").aggregate([("revision", "min")])
        return dict(zip(lowest["subject"].to_pylist(), lowest["revision_min"].to_pylist(), strict=True))

    async def maintain(self, now: datetime, *, anew: bool = False) -> None:
        """See ``KnowledgeStore.maintain``; versions are aged by the real clock, ``now`` changes nothing here."""
        with told():
            log.debug("store_maintained", at=now.isoformat(), rows=self._rows)
            if anew:
                self._table, self._recent = await written_anew(self._connection, self._open), RecentRows()
            else:
                await self._open.optimize(cleanup_older_than=KEEP_VERSIONS)
            await self._build_indexes()

    async def _build_indexes(self) -> None:
        from lancedb.index import Bitmap, BTree, HnswSq

        have = {column for index in await self._open.list_indices() for column in index.columns}
        plan = access.plan_for(self._rows)
        for column, kind in _SCALARS.items():
            if plan.scalar_indexes and column not in have:
                await self._open.create_index(column, config=BTree() if kind == "btree" else Bitmap())
        if plan.vector_index and "vector" not in have:
            await self._open.create_index("vector", config=HnswSq(distance_type="cosine"))

    async def reset(self) -> None:
        """See ``KnowledgeStore.reset``."""
        with told():
            self._table = await self._create()
        self._rows, self._recent = 0, RecentRows()

    @property
    def _open(self) -> "AsyncTable":
        assert self._table is not None, f"the table {quote(TABLE)} is opened before the store is handed out"
        return self._table


def _passage(stored: StoredEntry, query: SearchQuery, relevance: float, lexical: float) -> Passage:
    cosine, answer_cosine = (float(np.dot(query.vector, one)) for one in (stored.vector, stored.answer_vector))
    asked = question_cosine(cosine, answer_cosine, float(np.dot(stored.vector, stored.answer_vector)))
    return Passage(stored.entry, stored.revision, relevance, cosine, answer_cosine, lexical, asked)
