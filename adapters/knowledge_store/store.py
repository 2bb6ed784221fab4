"""The knowledge store: hybrid search with the filter inside the query, batched upserts, upkeep."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from adapters.knowledge_store import upkeep
from adapters.knowledge_store.building import Building
from adapters.knowledge_store.failures import told
from adapters.knowledge_store.filters import one_of, quote
from adapters.knowledge_store.opening import TABLE, open_table
from adapters.knowledge_store.recent import RecentRows
from adapters.knowledge_store.rewriting import index_texts, written_anew
from adapters.knowledge_store.rows import schema, table_of
from adapters.knowledge_store.search import found_in
from adapters.knowledge_store.snapshots import Snapshots
from adapters.retry import retrying
from core.domain.ids import EntryId
from core.domain.knowledge import Passage, SearchQuery, StoredEntry

if TYPE_CHECKING:
    from lancedb import AsyncConnection, AsyncTable

log = structlog.get_logger(__name__)


class LanceStore:
    """A ``KnowledgeStore`` on one LanceDB table. ``close`` it when it is done with: an index may be in the making."""

    def __init__(
        self,
        connection: "AsyncConnection",
        connect: "Callable[[], Awaitable[AsyncConnection]]",
        identity: str,
        dimension: int,
        building: Building,
    ) -> None:
        self._connection, self._connect, self._identity, self._dimension = connection, connect, identity, dimension
        self._table: AsyncTable | None = None
        self._writing = asyncio.Lock()
        self._snapshots, self._recent = Snapshots(connection), RecentRows()
        self._building = building

    async def open(self) -> None:
        """Open or make the table. Raises ``StoreMismatchError`` when it is another model's."""
        table = await open_table(self._connection, self._identity, self._dimension)
        self._table = table or await self._create()
        await index_texts(self._table)

    async def _create(self) -> "AsyncTable":
        table = await self._connection.create_table(
            TABLE, schema=schema(self._identity, self._dimension), mode="overwrite"
        )
        await index_texts(table)
        return table

    async def search(self, query: SearchQuery) -> list[Passage]:
        """See ``KnowledgeStore.search``."""
        with told():
            snapshot = await self._snapshots.newest(self._open)
            return await found_in(snapshot, query, self._recent)

    async def put(self, entries: Sequence[StoredEntry], replacing: Collection[EntryId] = ()) -> None:
        """See ``KnowledgeStore.put``."""
        if entries:
            await self._merge(entries)
        if replacing:
            await self._drop(replacing, but={stored.entry.id for stored in entries})

    async def _drop(self, subjects: Collection[EntryId], but: AbstractSet[EntryId]) -> None:
        gone = one_of("subject", sorted(subjects)) + (f" AND NOT {one_of('id', sorted(but))}" if but else "")

        async def delete() -> None:
            async with self._writing:
                with told():
                    await self._open.delete(gone)

        with told():
            there = await self._open.query().where(gone).select(["id"]).to_arrow()
        if there.num_rows:
            await retrying(delete)
            self._recent.forget(set(there["id"].to_pylist()))

    async def _merge(self, entries: Sequence[StoredEntry]) -> None:
        table = table_of(entries, self._identity, self._dimension)

        async def merge() -> None:
            async with self._writing:
                with told():
                    merging = self._open.merge_insert("id").when_matched_update_all().when_not_matched_insert_all()
                    await merging.execute(table)

        await retrying(merge)
        self._recent.forget({stored.entry.id for stored in entries})

    async def inventory(self) -> Mapping[EntryId, int]:
        """See ``KnowledgeStore.inventory``."""
        with told():
            table = await self._open.query().select(["subject", "revision"]).to_arrow()
        lowest = table.group_by("subject").aggregate([("revision", "min")])
        return dict(zip(lowest["subject"].to_pylist(), lowest["revision_min"].to_pylist(), strict=True))

    async def maintain(self, now: datetime, *, anew: bool = False) -> None:
        """See ``KnowledgeStore.maintain``; versions are aged by the real clock, ``now`` changes nothing here."""
        log.debug("store_maintained", at=now.isoformat())
        with told():
            if anew:
                self._building.stop()
                self._table, self._recent = await written_anew(self._connection, self._open), RecentRows()
                self._snapshots.forget()
            if await upkeep.maintain(self._open, self._building) or anew:
                await self._renew()

    async def _renew(self) -> None:
        """Go on with caches that are empty. Upkeep writes full-text indexes under names of their own, and LanceDB keeps those
        before them, and their open files, for as long as its session lives: 2 files for each upkeep (measured).
        Searches that run end on what they began with; no write comes between, so that each is seen once it is done."""
        async with self._writing:
            connection = await self._connect()
            table = await connection.open_table(TABLE)
            self._connection, self._table, self._snapshots = connection, table, Snapshots(connection)

    async def reset(self) -> None:
        """See ``KnowledgeStore.reset``."""
        self._building.stop()
        with told():
            self._table = await self._create()
        self._snapshots.forget()
        self._recent = RecentRows()

    async def built(self) -> None:
        """Wait until no index is in the making, and see it."""
        await asyncio.to_thread(self._building.wait)
        with told():
            await self._open.checkout_latest()

    def close(self) -> None:
        """End what is in the making."""
        self._building.stop()

    @property
    def _open(self) -> "AsyncTable":
        assert self._table is not None, f"the table {quote(TABLE)} is opened before the store is handed out"
        return self._table
