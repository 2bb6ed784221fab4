"""Keeping the knowledge store equal to the ledger's heads. One projector per home, under its lock (DESIGN 7)."""

import asyncio
from collections.abc import Sequence

import numpy as np
import structlog

from core.domain.ids import EntryId
from core.domain.knowledge import KnowledgeEntry, Revision, StoredEntry
from core.ports.clock import Clock
from core.ports.embedder import Embedder
from core.ports.knowledge_store import KnowledgeStore
from core.ports.records import Records

log = structlog.get_logger(__name__)

BATCH = 64
BATCHES_BETWEEN_MAINTENANCE = 25


def embedding_text(entry: KnowledgeEntry) -> str:
    """What an entry's vector stands for: the question it answers first, then the answer."""
    return "\n".join(part for part in (entry.question or entry.title, entry.answer) if part)


async def stored_entries(entries: Sequence[tuple[KnowledgeEntry, int]], embedder: Embedder) -> list[StoredEntry]:
    """Give entries at their revisions with their vectors. A part of a document has no question, so one vector serves twice."""
    whole = [embedding_text(entry) for entry, _ in entries]
    alone = [entry.answer if entry.question else text for (entry, _), text in zip(entries, whole, strict=True)]
    vectors, answers = await embedder.embed(whole, "passage"), await embedder.embed(alone, "passage")
    return [
        StoredEntry(entry, n, np.ascontiguousarray(vector), np.ascontiguousarray(answer))
        for (entry, n), vector, answer in zip(entries, vectors, answers, strict=True)
    ]


class Projector:
    """Writes pending revisions to the store in batches."""

    def __init__(self, records: Records, store: KnowledgeStore, embedder: Embedder, clock: Clock) -> None:
        self._records, self._store, self._embedder, self._clock = records, store, embedder, clock
        self._turn = asyncio.Lock()

    async def flush(self) -> int:
        """Project everything pending; gives how many entries. Safe to repeat: a put is by id, the mark comes after it."""
        done = 0
        async with self._turn:
            while pending := await self._pending():
                await self._put(pending)
                async with self._records.begin() as work:
                    await work.projections.mark([(r.subject_id, r.n) for r in pending], self._clock.now())
                done += len(pending)
        return done

    async def maintain(self) -> None:
        """Have the store maintained."""
        await self._store.maintain(self._clock.now())

    async def lost(self) -> list[EntryId]:
        """The entries that count as projected but are not in the store as the ledger has them: its folder is gone, or a
        rebuild was cut off."""
        stored = await self._store.inventory()
        async with self._records.read() as work:
            return await work.projections.lost(stored)

    async def mend(self) -> int:
        """Put what was lost anew; gives how many entries. What is pending stays so: it has jobs of its own."""
        async with self._turn:
            lost = await self.lost()
            for n, first in enumerate(range(0, len(lost), BATCH), 1):
                async with self._records.read() as work:
                    heads = [await work.ledger.head(entry) for entry in lost[first : first + BATCH]]
                await self._put([head for head in heads if head is not None])
                if n % BATCHES_BETWEEN_MAINTENANCE == 0:
                    await self.maintain()
        if lost:
            log.warning("knowledge_store_mended", entries=len(lost))
        return len(lost)

    async def refill(self) -> int:
        """Fill a store that was emptied, from the ledger; gives how many entries. Cut off, it is finished by ``mend``."""
        done = await self.mend() + await self.flush()
        await self.maintain()
        return done

    async def _pending(self) -> list[Revision]:
        async with self._records.read() as work:
            return await work.projections.pending(BATCH)

    async def _put(self, revisions: Sequence[Revision]) -> None:
        await self._store.put(await stored_entries([(r.after, r.n) for r in revisions], self._embedder))
