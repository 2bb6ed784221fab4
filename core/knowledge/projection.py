"""Keeping the knowledge store equal to the ledger's heads. One projector per home, under its lock (DESIGN 7)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.domain.ids import EntryId
from core.domain.knowledge import KnowledgeEntry, Revision, StoredEntry
from core.ports.clock import Clock
from core.ports.embedder import Embedder
from core.ports.knowledge_store import KnowledgeStore
from core.ports.records import Records

BATCH = 64
PUTS_BETWEEN_MAINTENANCE = 50
"""LanceDB leaves about three files and a version per put; upserts slow down twofold after 100 (measured)."""


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


@dataclass(frozen=True, slots=True)
class Difference:
    """Where store and ledger disagree: entries missing or outdated in the store, and entries the ledger does not know."""

    behind: tuple[EntryId, ...]
    unknown: tuple[EntryId, ...]


class Projector:
    """Writes pending revisions to the store in batches."""

    def __init__(self, records: Records, store: KnowledgeStore, embedder: Embedder, clock: Clock) -> None:
        self._records, self._store, self._embedder, self._clock = records, store, embedder, clock
        self._turn = asyncio.Lock()
        self._puts = 0

    async def flush(self) -> int:
        """Project everything pending; gives how many entries. Safe to repeat: a put is by id, the mark comes after it."""
        done = 0
        async with self._turn:
            while pending := await self._pending():
                await self._store.put(await self._rows(pending))
                self._puts += 1
                async with self._records.begin() as work:
                    await work.projections.mark([(r.subject_id, r.n) for r in pending], self._clock.now())
                done += len(pending)
        return done

    def wants_maintenance(self) -> bool:
        """Whether enough was put since the store was last maintained."""
        return self._puts >= PUTS_BETWEEN_MAINTENANCE

    def maintained(self) -> None:
        """Start counting puts anew."""
        self._puts = 0

    async def rebuild(self) -> int:
        """Make the store anew from the ledger; gives how many entries it then has."""
        await self._store.reset()
        async with self._records.begin() as work:
            await work.projections.unmark_all()
        return await self.flush()

    async def difference(self) -> Difference:
        """Compare both sides."""
        stored = dict(await self._store.inventory())
        behind: list[EntryId] = []
        async with self._records.read() as work:
            after: EntryId | None = None
            while heads := await work.ledger.heads(after, limit=1000):
                behind += [head.subject_id for head in heads if stored.pop(head.subject_id, 0) != head.n]
                after = heads[-1].subject_id
        return Difference(tuple(behind), tuple(sorted(stored)))

    async def _pending(self) -> list[Revision]:
        async with self._records.read() as work:
            return await work.projections.pending(BATCH)

    async def _rows(self, revisions: Sequence[Revision]) -> list[StoredEntry]:
        return await stored_entries([(r.after, r.n) for r in revisions], self._embedder)
