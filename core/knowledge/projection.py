"""Keeping the knowledge store equal to the ledger's heads. One projector per home, under its lock (DESIGN 7)."""

import asyncio
from collections.abc import Sequence

import numpy as np
import structlog
from numpy.typing import NDArray

from core.domain.documents import DOCUMENT
from core.domain.ids import EntryId
from core.domain.knowledge import KnowledgeEntry, Revision, StoredEntry
from core.knowledge.chunking import parts_of
from core.ports.clock import Clock
from core.ports.embedder import Embedder
from core.ports.knowledge_store import KnowledgeStore
from core.ports.records import Records

log = structlog.get_logger(__name__)

KNOWLEDGE = "knowledge"
"""The key of the jobs that are about all of the store."""
BATCH = 64
BATCHES_BETWEEN_MAINTENANCE = 25
PARTS_AT_ONCE = 256
"""Parts of documents that are embedded and written together."""


async def entry_vectors(
    entries: Sequence[KnowledgeEntry], embedder: Embedder
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give the unit vectors of whole entries and of their answers alone, each of shape ``(len(entries), dimension)``. An entry
    lies between its question and its answer, each of which is embedded by itself, so that a long question does not push the
    answer out of the model's window. A part of a document has no question: with its title it is both."""
    answers = [e.answer if e.question else "\n".join(part for part in (e.title, e.answer) if part) for e in entries]
    said = await embedder.embed(answers, "passage")
    asking = [n for n, e in enumerate(entries) if e.question]
    asked = said.copy()
    if asking:
        asked[asking] = await embedder.embed([entries[n].question for n in asking], "passage")
    whole = asked + said
    norms = np.linalg.norm(whole, axis=1, keepdims=True)
    return np.where(norms > 0, whole / np.maximum(norms, np.finfo(np.float32).tiny), said).astype(np.float32), said


async def stored_entries(entries: Sequence[tuple[KnowledgeEntry, int]], embedder: Embedder) -> list[StoredEntry]:
    """Give entries at their revisions with their vectors."""
    vectors, answers = await entry_vectors([entry for entry, _ in entries], embedder)
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

    async def maintain(self, *, anew: bool = False) -> None:
        """Have the store maintained; ``anew`` as ``KnowledgeStore.maintain`` says."""
        await self._store.maintain(self._clock.now(), anew=anew)

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
        entries = [(r.after, r.n) for r in revisions if r.after.kind != DOCUMENT]
        if entries:
            await self._store.put(await stored_entries(entries, self._embedder))
        for documents in await asyncio.to_thread(_together, [r for r in revisions if r.after.kind == DOCUMENT]):
            parts = [(part, r.n) for r in documents for part in parts_of(r.after)]
            stored = [
                row
                for n in range(0, len(parts), PARTS_AT_ONCE)
                for row in await stored_entries(parts[n : n + PARTS_AT_ONCE], self._embedder)
            ]
            await self._store.put(stored, replacing=[r.subject_id for r in documents])


def _together(documents: Sequence[Revision]) -> list[list[Revision]]:
    """Documents by as many as have ``PARTS_AT_ONCE`` parts together; cuts them, which takes a while for long ones."""
    groups: list[list[Revision]] = [[]]
    for one in documents:
        groups[-1].append(one)
        if sum(len(parts_of(r.after)) for r in groups[-1]) >= PARTS_AT_ONCE:
            groups.append([])
    return [group for group in groups if group]
