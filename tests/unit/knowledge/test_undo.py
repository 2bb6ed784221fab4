"""Everything can be undone: whatever happened to an entry, each of its revisions can be had back (DESIGN 1, promise 5)."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.knowledge_store import open_store
from core.domain.ids import EntryId, MessageId
from core.domain.knowledge import (
    QA,
    SHARED,
    Audience,
    EntryStatus,
    KnowledgeEntry,
    Passage,
    Revision,
    SearchQuery,
    Viewer,
)
from core.knowledge.ledger import Because, add, approve, confirm, lose_source, restore, retire, take_back, update
from core.knowledge.projection import Projector
from core.ports.records import UnitOfWork
from tests.fakes.clock import FakeClock
from tests.fakes.embedder import HashEmbedder
from tests.fakes.unit_of_work import MemoryRecords

NAMES = [EntryId(name) for name in ("a", "b", "c")]
SOURCES = {"a": (), "b": (NAMES[0],), "c": (NAMES[1], NAMES[0])}
Step = Callable[[UnitOfWork, EntryId, Because, int], Awaitable[object]]


def fresh(name: EntryId, clock: FakeClock, answer: str) -> KnowledgeEntry:
    now = clock.now()
    return KnowledgeEntry(
        id=name, kind=QA, audience=SHARED, title="why does it fail?", question="why does it fail?", answer=answer,
        created_at=now, updated_at=now, derived_from=SOURCES[name],
    )  # fmt: skip


async def _overrule(work: UnitOfWork, name: EntryId, because: Because, n: int) -> object:
    head = await work.ledger.head(name)
    assert head is not None
    audience = (SHARED, Audience.customer("T1"))[n % 2]
    changed = replace(head.after, answer=f"Use {n}.", audience=audience, updated_at=because.at)
    return await update(work, changed, replace(because, from_messages=(*head.from_messages, *because.from_messages)))


async def _add_again(work: UnitOfWork, name: EntryId, because: Because, n: int) -> object:
    head = await work.ledger.head(name)
    assert head is not None
    again = replace(head.after, status=EntryStatus.ACTIVE, answer=f"Use {n}.", updated_at=because.at)
    return await add(work, again, because) if head.after.status is EntryStatus.RETIRED else None


async def _restore(work: UnitOfWork, name: EntryId, because: Because, n: int) -> object:
    return await restore(work, name, n % len(await work.ledger.history(name)) + 1, because)


STEPS: dict[str, Step] = {
    "add": _add_again,
    "overrule": _overrule,
    "confirm": lambda work, name, because, _: confirm(work, name, because),
    "retire": lambda work, name, because, _: retire(work, name, because),
    "take_back": lambda work, name, because, _: take_back(work, name, because),
    "lose_source": lambda work, name, because, n: lose_source(work, name, MessageId(f"m{n}"), because),
    "approve": lambda work, name, because, _: approve(work, name, because),
    "restore": _restore,
}
JOBS = ("extract:1", "extract:2", "review:1", "accept:1")
CHANGES = st.lists(
    st.tuples(st.sampled_from(list(STEPS)), st.sampled_from(NAMES), st.sampled_from(JOBS), st.integers(0, 3)),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHANGES)
def test_every_sequence_of_changes_can_be_undone_to_any_revision(
    changes: list[tuple[str, EntryId, str, int]],
) -> None:
    asyncio.run(_undone(changes))


async def _undone(changes: list[tuple[str, EntryId, str, int]]) -> None:
    records, embedder, clock = MemoryRecords(), HashEmbedder(), FakeClock()
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(str(Path(folder)), embedder.identity, embedder.dimension)
        projector = Projector(records, store, embedder, clock)
        async with records.begin() as work:
            for name in NAMES:
                await add(work, fresh(name, clock, "Use 9."), Because("first", f"extract:{name}", clock.now()))
        for step, name, job, n in changes:
            clock.pass_s(1)
            async with records.begin() as work:
                because = Because(f"{job} {step}", job, clock.now(), (MessageId(f"m{n}"),))
                await STEPS[step](work, name, because, n)
        for name in NAMES:
            await _back_to_each(records, name, clock)
        await projector.flush()
        assert await _stored(store.search, embedder, clock) == _active(await _whole(records))
        assert dict(await store.inventory()) == {head.subject_id: head.n for head in await _whole(records)}


async def _whole(records: MemoryRecords) -> list[Revision]:
    async with records.read() as work:
        histories = [await work.ledger.history(name) for name in NAMES]
    assert all([one.n for one in history] == list(range(1, len(history) + 1)) for history in histories)
    return [history[-1] for history in histories]


async def _back_to_each(records: MemoryRecords, name: EntryId, clock: FakeClock) -> None:
    """Every revision of an entry comes back as it was, with its sources."""
    async with records.read() as work:
        past = await work.ledger.history(name)
    for one in past:
        clock.pass_s(1)
        async with records.begin() as work:
            await restore(work, name, one.n, Because("back", f"hand:{one.n}", clock.now()))
            head = await work.ledger.head(name)
        assert head is not None
        assert (head.after, head.from_messages) == (one.after, one.from_messages)


def _active(heads: list[Revision]) -> dict[EntryId, tuple[KnowledgeEntry, int]]:
    return {one.subject_id: (one.after, one.n) for one in heads if one.after.status is EntryStatus.ACTIVE}


async def _stored(
    search: Callable[[SearchQuery], Awaitable[list[Passage]]], embedder: HashEmbedder, clock: FakeClock
) -> dict[EntryId, tuple[KnowledgeEntry, int]]:
    vector = (await embedder.embed(["why does it fail?"], "query"))[0]
    query = SearchQuery("why does it fail?", vector, Viewer.operator(), clock.now() + timedelta(seconds=1))
    return {one.entry.id: (one.entry, one.revision) for one in await search(query)}
