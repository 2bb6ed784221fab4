"""What is measured besides the hot path: recall, search beside a writer and beside upkeep, backfill, cold start, memory."""

import asyncio
import sys
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from adapters.knowledge_store.store import LanceStore
from benchmarks.scale.hot_path import median, p
from benchmarks.scale.synthetic import NOW, Asked, Synthetic, batches, viewers
from core.domain.ids import EntryId, make_id
from core.domain.knowledge import CHUNK, QA, SearchQuery, StoredEntry, Viewer
from core.knowledge.projection import BATCH, stored_entries
from core.ports.embedder import Embedder

NEAREST = 10
ASKED = "why does the upload fail?"


async def recall(store: LanceStore, asked: Sequence[Asked], rows: int, dimension: int) -> dict[str, float]:
    """The share of the ten entries nearest by meaning that a search gives, by how much of everything the filter keeps; exact is
    what a comparison with every vector gives in the same run."""
    best = await asyncio.to_thread(_exact, asked, rows, dimension)
    told: dict[str, float] = {}
    for name, viewer in viewers().items():
        right = wanted = 0
        for one, near in zip(asked, best[name], strict=True):
            query = SearchQuery("", one.vector, viewer, NOW, ((QA, NEAREST),))
            right += len({str(found.entry.id) for found in await store.search(query)} & near)
            wanted += len(near)
        told[name] = right / wanted
    return told


def _exact(asked: Sequence[Asked], rows: int, dimension: int) -> dict[str, list[set[str]]]:
    """The nearest ids of each question under each filter; keeps a batch of vectors at a time."""
    known, questions = Synthetic(dimension), np.stack([one.vector for one in asked])
    best: dict[str, list[list[tuple[float, str]]]] = {name: [[] for _ in asked] for name in viewers()}
    for start, end in batches(rows, 5_000):
        held = [one for one in known.batch(start, end) if _is_held(one)]
        cosines = questions @ np.stack([one.vector for one in held]).T
        for name, viewer in viewers().items():
            seen = np.array([n for n, one in enumerate(held) if viewer.may_see(one.entry.audience)])
            for place, row in enumerate(cosines[:, seen]):
                top = [(float(row[n]), str(held[seen[n]].entry.id)) for n in np.argsort(-row)[:NEAREST]]
                best[name][place] = sorted([*best[name][place], *top], reverse=True)[:NEAREST]
    return {name: [{one for _, one in top} for top in tops] for name, tops in best.items()}


def _is_held(one: StoredEntry) -> bool:
    ends = one.entry.expires_at
    return one.entry.kind == QA and (ends is None or ends > NOW)


async def search_ms(store: LanceStore, asked: Sequence[Asked], viewer: Viewer) -> list[float]:
    """Milliseconds of each look-up over both kinds, without its embedding."""
    spent: list[float] = []
    for one in asked:
        begun = time.perf_counter()
        await store.search(SearchQuery(one.text, one.vector, viewer, NOW, ((QA, 10), (CHUNK, 10))))
        spent.append((time.perf_counter() - begun) * 1000)
    return spent


async def beside_a_writer(store: LanceStore, asked: Sequence[Asked], dimension: int) -> list[float]:
    """The same while entries are put one by one, ten a second."""

    async def write() -> None:
        rows = Synthetic(dimension).batch(1 << 30, (1 << 30) + 500)
        for one in rows:
            await store.put([one])
            await asyncio.sleep(0.1)

    return await _beside(write(), store, asked)


async def beside_upkeep(store: LanceStore, asked: Sequence[Asked]) -> tuple[float, list[float]]:
    """Seconds that an upkeep takes, and look-ups while one runs after the other."""
    begun = time.perf_counter()
    await store.maintain(datetime.now(UTC))
    took_s = time.perf_counter() - begun

    async def keep_up() -> None:
        while True:
            await store.maintain(datetime.now(UTC))

    return took_s, await _beside(keep_up(), store, asked)


async def _beside(work: Coroutine[Any, Any, None], store: LanceStore, asked: Sequence[Asked]) -> list[float]:
    task = asyncio.create_task(work)
    try:
        return await search_ms(store, asked, viewers()["50 %"])
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def filling_share(store: LanceStore, embedder: Embedder, count: int = 256) -> float:
    """How fast entries are embedded and written, batch by batch, against the encoder alone on the same texts: the median of
    repeated pairs, each on texts of its own that the cache has not seen."""
    shares: list[float] = []
    for turn in range(3):
        first = (1 << 31) + 2 * turn * count
        bare, whole = (_fresh(embedder.dimension, first + n * count, count) for n in range(2))
        begun = time.process_time()
        for start, end in batches(count, BATCH):
            texts = [one.entry.question or one.entry.title for one in bare[start:end]]
            await embedder.embed([*texts, *(one.entry.answer for one in bare[start:end])], "passage")
        alone = time.process_time() - begun
        begun = time.process_time()
        for start, end in batches(count, BATCH):
            await store.put(await stored_entries([(one.entry, 1) for one in whole[start:end]], embedder))
        shares.append(alone / (time.process_time() - begun))
    return median(shares)


def _fresh(dimension: int, first: int, count: int) -> list[StoredEntry]:
    made = Synthetic(dimension).batch(first, first + 2 * count)
    kept = [one for one in made if one.entry.kind == QA][:count]
    return [replace(one, entry=replace(one.entry, id=EntryId(make_id("fill", first, n)))) for n, one in enumerate(kept)]


async def cold_ask_s(home: Path, times: int = 5) -> tuple[float, float]:
    """Seconds of ``vigil ask`` from the process's start to its answer, and its processor time to the end: medians."""
    walls: list[float] = []
    busies: list[float] = []
    for _ in range(times):
        before, begun = _children_s(), time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            "env", f"VIGIL_HOME={home}", "VIGIL_ENGINE=offline", sys.executable, "-m", "bot.cli", "ask", ASKED,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdout is not None
        await process.stdout.readline()
        walls.append(time.perf_counter() - begun)
        await process.communicate()
        busies.append(_children_s() - before)
    return median(walls), median(busies)


def _children_s() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resident_mb() -> float:
    """What this process holds in memory now."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def told(values: Sequence[float]) -> str:
    """Median and p95."""
    return f"{median(values):8.1f} {p(values, 0.95):8.1f}"
