"""``make bench``: speed as ratios in one run, so that a busy machine shows in both sides.

Prints the hot path's steps against one embedding call of the same text, the upkeep of the store against its size, what our code
adds to a call of Claude, and the running bot.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import structlog

from adapters.embedding import open_embedder
from adapters.knowledge_store import open_store
from adapters.records import open_records
from benchmarks.claude import claude_bench
from benchmarks.scale.command import main as scale
from benchmarks.slack import slack_bench
from bot.settings import load_settings, prepare_environment
from core.domain.ids import EntryId
from core.domain.knowledge import QA, SHARED, KnowledgeEntry, SearchQuery, StoredEntry, Viewer
from core.domain.sessions import Session
from core.ports.embedder import Embedder
from core.ports.knowledge_store import KnowledgeStore

ROWS = 10_000
CALLS = 60
WORDS = "bucket upload region timeout key policy version restore retry header token queue client error limit console".split()


async def main() -> None:
    """Run everything and print a table."""
    settings = load_settings()
    embedder = await open_embedder(settings.embedding_model, settings.cache)
    rng = np.random.default_rng(1)
    texts = [" ".join(rng.choice(WORDS, 24)) for _ in range(CALLS)]
    bare = await _median_ms([_embed(embedder, t) for t in texts])
    print(f"embedding of one question              {bare:8.1f} ms   1.0")
    with tempfile.TemporaryDirectory(prefix="vigil-bench-") as folder:
        for rows in (1_000, ROWS):
            store = await _filled(str(Path(folder) / str(rows)), rows, embedder, rng)
            found = await _median_ms([_search(store, embedder, t) for t in texts])
            print(f"hybrid search, {rows:>6} entries          {found:8.1f} ms   {found / bare:.1f} of an embedding")
        commit = await _commit(Path(folder))
        print(f"one record committed (SQLite, FULL)    {commit:8.1f} ms   {commit / bare:.1f} of an embedding")
    await claude_bench()
    await slack_bench()


def _embed(embedder: Embedder, text: str) -> Callable[[], Awaitable[object]]:
    async def call() -> object:
        return await embedder.embed([text], "query")

    return call


async def _filled(uri: str, rows: int, embedder: Embedder, rng: np.random.Generator) -> KnowledgeStore:
    store = await open_store(uri, embedder.identity, embedder.dimension)
    now = datetime.now(UTC)
    for start in range(0, rows, 1_000):
        vectors = rng.normal(size=(1_000, embedder.dimension)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        await store.put(
            [_entry(f"{start + i}", " ".join(rng.choice(WORDS, 60)), now, v) for i, v in enumerate(vectors)]
        )
    await store.maintain(now)
    return store


def _entry(name: str, text: str, now: datetime, vector: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> StoredEntry:
    entry = KnowledgeEntry(
        id=EntryId(name), kind=QA, audience=SHARED, title=text[:60], answer=text, created_at=now, updated_at=now
    )
    return StoredEntry(entry, 1, vector, vector)


def _search(store: KnowledgeStore, embedder: Embedder, text: str) -> Callable[[], Awaitable[object]]:
    async def call() -> object:
        vector = (await embedder.embed([text], "query"))[0]
        return await store.search(SearchQuery(text, vector, Viewer((SHARED,)), datetime.now(UTC)))

    return call


async def _commit(folder: Path) -> float:
    from core.domain.channels import ChannelRef
    from core.domain.ids import SessionId
    from core.domain.people import Person

    records = await open_records(f"sqlite+aiosqlite:///{folder / 'records.db'}")
    now = datetime.now(UTC)

    def put(n: int) -> Callable[[], Awaitable[object]]:
        async def call() -> None:
            async with records.begin() as work:
                ref = ChannelRef("terminal", "T", "C")
                await work.sessions.put(Session(SessionId(f"s{n}"), ref, str(n), Person("U"), now, now))

        return call

    spent = await _median_ms([put(n) for n in range(CALLS)])
    await records.close()
    return spent


async def _median_ms(calls: list[Callable[[], Awaitable[object]]]) -> float:
    spent: list[float] = []
    for call in calls:
        begun = time.perf_counter()
        await call()
        spent.append((time.perf_counter() - begun) * 1000)
    return statistics.median(spent)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    if sys.argv[1:2] == ["scale"]:
        scale(sys.argv[2:])
    else:
        prepare_environment()
        asyncio.run(main())
        scale([])
