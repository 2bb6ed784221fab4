"""The knowledge store follows the ledger, and comes back when it was lost (DESIGN 7)."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from core.domain.documents import DOCUMENT, Section
from core.domain.errors import FinalError
from core.domain.ids import EntryId
from core.domain.knowledge import CHUNK, QA, SHARED, KnowledgeEntry, SearchQuery, StoredEntry, Viewer
from core.knowledge import projection
from core.knowledge.ledger import Because, add, retire, update
from core.knowledge.outline import written
from core.knowledge.projection import BATCH, Projector
from tests.fakes.clock import FakeClock
from tests.fakes.embedder import HashEmbedder
from tests.fakes.knowledge_store import MemoryKnowledgeStore
from tests.fakes.unit_of_work import MemoryRecords
from tests.unit.desk.support import Table, table


class CountingStore(MemoryKnowledgeStore):
    """The twin of the store; notes how often it was maintained."""

    maintained = 0

    async def maintain(self, now: datetime, *, anew: bool = False) -> None:
        self.maintained += 1


class FullStore(MemoryKnowledgeStore):
    """Ends a rebuild in its middle, as a power cut would."""

    async def put(self, entries: Sequence[StoredEntry], replacing: Collection[EntryId] = ()) -> None:
        raise FinalError("the power is cut")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


async def _agrees(desk: Table) -> bool:
    async with desk.desk.records.read() as work:
        heads = await work.ledger.heads(None, 1000)
    return dict(await desk.desk.store.inventory()) == {head.subject_id: head.n for head in heads}


async def test_what_a_lost_store_held_is_put_anew_and_only_that(desk: Table) -> None:
    for name in ("a", "b"):
        await desk.know("why does it fail?", name=name)
    assert await desk.projector.mend() == 0
    await desk.desk.store.reset()
    await desk.know("how do I turn it on?", name="c")
    assert await desk.projector.lost() == ["a", "b"]
    assert await desk.desk.projector.flush() == 0, "it counts as projected"
    assert await desk.projector.mend() == 2
    assert await _agrees(desk)


async def test_what_is_pending_is_left_to_its_jobs(desk: Table) -> None:
    entry = await desk.know("why does it fail?")
    async with desk.desk.records.begin() as work:
        await retire(work, entry, Because("a test", "test:retire", desk.clock.now()))
    await desk.desk.store.reset()
    assert await desk.projector.mend() == 0
    assert await desk.desk.projector.flush() == 1
    assert await _agrees(desk)


async def test_a_rebuild_that_was_cut_off_is_mended(desk: Table) -> None:
    await desk.know("why does it fail?")
    await desk.desk.store.reset()
    embedder = HashEmbedder()
    cut = Projector(desk.desk.records, FullStore(embedder.dimension), embedder, desk.clock)
    with pytest.raises(FinalError, match="power"):
        await cut.refill()
    assert not await _agrees(desk)
    assert await desk.projector.mend() == 1
    assert await _agrees(desk)


async def test_a_store_is_maintained_while_it_is_filled_and_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "BATCHES_BETWEEN_MAINTENANCE", 2)
    records, embedder, clock = MemoryRecords(), HashEmbedder(), FakeClock()
    store = CountingStore(embedder.dimension)
    now = clock.now()
    async with records.begin() as work:
        for n in range(4 * BATCH):
            entry = KnowledgeEntry(
                id=EntryId(f"e{n}"), kind=QA, audience=SHARED, title="t", answer="a", created_at=now, updated_at=now
            )
            await add(work, entry, Because("a test", f"test:{n}", now))
        await work.projections.mark([(EntryId(f"e{n}"), 1) for n in range(4 * BATCH)], now)
    assert await Projector(records, store, embedder, clock).refill() == 4 * BATCH
    assert len(await store.inventory()) == 4 * BATCH
    assert store.maintained == 3


async def test_a_document_is_projected_as_its_parts_and_leaves_none_behind(desk: Table) -> None:
    now = desk.clock.now()
    document = KnowledgeEntry(
        id=EntryId("doc"), kind=DOCUMENT, audience=SHARED, title="T", created_at=now, updated_at=now,
        answer=written([Section(name, f"{name} says enough. " * 20, name) for name in ("one", "two", "three")]),
    )  # fmt: skip
    assert await _held(desk, document) == ["doc#0", "doc#1", "doc#2"]
    shorter = replace(document, answer=written([Section("one", "Only one is left. " * 20)]))
    assert await _held(desk, shorter) == ["doc#0"]
    async with desk.desk.records.begin() as work:
        await retire(work, document.id, Because("gone", "test:gone", now))
    await desk.desk.projector.flush()
    assert await desk.desk.store.inventory() == {"doc": 3}, "it stays, retired"
    assert await desk.desk.store.search(_query(desk)) == []
    await desk.desk.store.reset()
    own = Projector(desk.desk.records, desk.desk.store, desk.desk.embedder, desk.desk.clock)
    assert await own.lost() == ["doc"]
    assert await own.mend() == 1


async def _held(desk: Table, document: KnowledgeEntry) -> list[str]:
    """The document is written and projected; gives the parts that are found then."""
    async with desk.desk.records.begin() as work:
        head = await work.ledger.head(document.id)
        await (update if head else add)(
            work, document, Because("read", f"test:{len(document.answer)}", desk.clock.now())
        )
    await desk.desk.projector.flush()
    return sorted(passage.entry.id for passage in await desk.desk.store.search(_query(desk)))


def _query(desk: Table) -> SearchQuery:
    vector = np.full(64, 1 / 8, np.float32)
    return SearchQuery("says enough", vector, Viewer.operator(), desk.clock.now(), ((CHUNK, 10),))
