"""What LanceDB's vector index must not change: built beside the bot, killed, written to meanwhile, under a filter. The table is
small, and so is what counts as small."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from structlog.testing import capture_logs

from adapters.knowledge_store import access, open_store
from adapters.knowledge_store.access import Coverage
from adapters.knowledge_store.building import Building
from adapters.knowledge_store.search import found_in
from adapters.knowledge_store.store import LanceStore
from adapters.knowledge_store.upkeep import VECTOR, coverage
from core.domain.knowledge import QA, SHARED, Audience, SearchQuery, StoredEntry, Viewer
from tests.contract.test_knowledge_store import NOW, entry

DIM = 16
ROWS = 600
LOOK_S = 0.02
ONE = Audience.customer("T1")
Vectors = NDArray[np.float32]


@pytest.fixture
def vectors() -> Vectors:
    """Unit vectors in clusters, the same in every run."""
    rng = np.random.default_rng(3)
    centres = rng.normal(size=(12, DIM))
    rows = centres[rng.integers(12, size=ROWS)] + 0.5 * rng.normal(size=(ROWS, DIM))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
async def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LanceStore]:
    """An empty table that counts as large from 100 rows on."""
    monkeypatch.setattr(access, "FLAT_UP_TO", 100)
    monkeypatch.setattr(access, "KEYED_FROM", 100)
    made = await open_store(str(tmp_path / "k"), "model@1", DIM)
    yield made
    made.close()


def known(vectors: Vectors) -> list[StoredEntry]:
    """Entries along the vectors: every second one shared, every hundredth of one customer."""
    return [
        StoredEntry(
            entry(f"e{n:03}", audience=ONE if n % 100 == 1 else SHARED if n % 2 else Audience("other")), 1, v, v
        )
        for n, v in enumerate(vectors)
    ]


def nearest_to(vector: Vectors, viewer: Viewer) -> SearchQuery:
    """The ten entries nearest by meaning alone: there is no word to look for."""
    return SearchQuery("", vector, viewer, NOW, ((QA, 10),))


async def recall(store: LanceStore, vectors: Vectors, viewer: Viewer) -> float:
    """The share of the ten nearest entries that a search gives."""
    seen = [row for row in known(vectors) if viewer.may_see(row.entry.audience)]
    right = wanted = 0
    for vector in vectors[:20]:
        exact = sorted(seen, key=lambda row: -float(row.vector @ vector))[:10]
        found = {p.entry.id for p in await store.search(nearest_to(vector, viewer))}
        right, wanted = right + len(found & {row.entry.id for row in exact}), wanted + len(exact)
    return right / wanted


async def built(store: LanceStore) -> None:
    """Have the index built, to its end."""
    await store.maintain(NOW)
    await store.built()


async def test_a_large_table_gets_an_index_that_finds_what_a_scan_does(store: LanceStore, vectors: Vectors) -> None:
    await store.put(known(vectors))
    assert await coverage(store._open) is None
    await built(store)
    assert await coverage(store._open) == Coverage(unindexed=0, parts=1)
    assert {i.columns[0] for i in await store._open.list_indices()} >= {
        VECTOR,
        "audience",
        "status",
        "kind",
        "expires_at",
    }
    for viewer in (Viewer((ONE,)), Viewer((SHARED,)), Viewer.operator()):
        assert await recall(store, vectors, viewer) >= 0.98


async def test_rows_written_while_the_index_is_built_are_found_then_and_later(
    store: LanceStore, vectors: Vectors
) -> None:
    rows = known(vectors)
    await store.put(rows[:300])
    await store.maintain(NOW)
    written = 300
    while store._building.running and written < ROWS:
        await store.put([rows[written]])
        found = await store.search(nearest_to(vectors[written], Viewer.operator()))
        assert found[0].entry.id == rows[written].entry.id
        written += 1
    version = await store._open.version()
    if store._building.running:
        await store.maintain(NOW)
        assert await store._open.version() == version, "compacting would undo what is being built"
    await store.built()
    await store.put(rows[written:])
    assert await recall(store, vectors, Viewer.operator()) >= 0.98
    await store.maintain(NOW)
    there = await coverage(store._open)
    assert there is not None
    assert there.unindexed == 0
    assert await recall(store, vectors, Viewer.operator()) >= 0.98


async def test_a_killed_build_changes_nothing_and_is_begun_anew(store: LanceStore, vectors: Vectors) -> None:
    await store.put(known(vectors))
    await store.maintain(NOW)
    process = store._building._process
    assert process is not None
    until_locked(store)
    os.kill(process.pid, signal.SIGKILL)
    with capture_logs() as logs:
        await store.built()
    assert [line["event"] for line in logs] == ["index_not_built"]
    assert await coverage(store._open) is None
    assert await recall(store, vectors, Viewer.operator()) == 1.0
    await built(store)
    assert await coverage(store._open) == Coverage(unindexed=0, parts=1)


async def test_an_index_is_built_by_one_process_at_a_time(store: LanceStore, vectors: Vectors) -> None:
    await store.put(known(vectors))
    await store.maintain(NOW)
    process = store._building._process
    assert process is not None
    await store.maintain(NOW)
    assert store._building._process is process
    until_locked(store)
    os.kill(process.pid, signal.SIGSTOP)
    other = Building(store._connection.uri)
    other.start()
    with capture_logs() as logs:
        other.wait()
    assert [line["event"] for line in logs] == ["index_built_elsewhere"]


def until_locked(store: LanceStore) -> None:
    """Wait until the process that builds has made sure that it is the only one."""
    process = store._building._process
    assert process is not None
    while f" {process.pid} " not in Path("/proc/locks").read_text("ascii"):
        assert process.poll() is None
        time.sleep(LOOK_S)


def test_a_build_ends_with_the_process_that_began_it(tmp_path: Path) -> None:
    script = textwrap.dedent(f"""
        import os, signal, sys, time
        sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})
        import structlog
        from adapters.knowledge_store.building import Building
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
        building = Building({str(tmp_path)!r})
        building.start()
        os.kill(building._process.pid, signal.SIGSTOP)
        print(building._process.pid, flush=True)
        time.sleep(600)
    """)
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    os.kill(child, signal.SIGCONT)
    while lives(child):
        time.sleep(LOOK_S)


def lives(pid: int) -> bool:
    """Whether it has not ended; what nobody has asked for its exit code is a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_a_search_sees_one_version_of_the_table_whatever_is_written_meanwhile(
    store: LanceStore, vectors: Vectors
) -> None:
    rows = known(vectors[:50])
    await store.put(rows)
    snapshot = await store._snapshots.newest(store._open)
    await store.put([StoredEntry(entry("e000", "changed"), 2, vectors[0], vectors[0])])
    await store._open.optimize()
    before = await found_in(snapshot, nearest_to(vectors[0], Viewer.operator()), store._recent)
    after = await store.search(nearest_to(vectors[0], Viewer.operator()))
    assert [(p.entry.id, p.revision) for p in (before[0], after[0])] == [("e000", 1), ("e000", 2)]
    assert len({p.entry.id for p in after}) == 10


def test_an_index_is_wanted_by_size_by_what_it_misses_and_by_its_parts() -> None:
    large = access.FLAT_UP_TO + 1
    assert not access.wants_vector_index(access.FLAT_UP_TO, None)
    assert access.wants_vector_index(large, None)
    assert not access.wants_vector_index(large, Coverage(unindexed=access.MOST_ADDED, parts=access.MOST_PARTS))
    assert access.wants_vector_index(large, Coverage(unindexed=access.MOST_ADDED + 1, parts=1))
    assert access.wants_vector_index(large, Coverage(unindexed=0, parts=access.MOST_PARTS + 1))
