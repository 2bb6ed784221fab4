"""Two processes at one store: what one writes the other sees, and neither undoes the index that the other builds."""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.knowledge_store import access, open_store
from adapters.knowledge_store.store import LanceStore
from adapters.knowledge_store.upkeep import coverage
from tests.contract.test_knowledge_store import DIM, NOW, entry, query, stored
from tests.contract.test_store_index import until_locked

ROWS = 300


@pytest.fixture
async def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LanceStore]:
    """A table of who holds the home; it counts as large."""
    monkeypatch.setattr(access, "FLAT_UP_TO", 100)
    made = await open_store(str(tmp_path), "model@1", DIM)
    await made.put([stored(entry(f"e{n:03}"), n % DIM) for n in range(ROWS)])
    yield made
    made.close()


async def test_who_opened_a_free_home_beside_sees_at_once_what_a_later_bot_writes(tmp_path: Path) -> None:
    backfill = await open_store(str(tmp_path), "model@1", DIM, holds=True, at_once=True)
    bot = await open_store(str(tmp_path), "model@1", DIM)
    await backfill.put([stored(entry("own"))])
    assert [p.entry.id for p in await backfill.search(query())] == ["own"]
    for n in range(5):
        await bot.put([stored(entry(f"e{n}"))])
        assert {p.entry.id for p in await backfill.search(query())} == {"own", *(f"e{one}" for one in range(n + 1))}
        await bot.maintain(NOW)


async def test_upkeep_leaves_the_table_as_it_is_while_another_process_builds(tmp_path: Path, store: LanceStore) -> None:
    await store.maintain(NOW)
    process = store._building._process
    assert process is not None
    until_locked(store)
    os.kill(process.pid, signal.SIGSTOP)
    other = await open_store(str(tmp_path), "model@1", DIM)
    await other.put([stored(entry("more"))])
    version = await other._open.version()
    await other.maintain(NOW)
    assert await other._open.version() == version, "compacting would undo what is being built"
    assert not other._building.running
    os.kill(process.pid, signal.SIGCONT)
    await store.built()
    assert await coverage(store._open) is not None


async def test_who_leaves_building_to_others_keeps_up_and_begins_no_index(tmp_path: Path, store: LanceStore) -> None:
    beside = await open_store(str(tmp_path), "model@1", DIM, at_once=True, builds=False)
    version = await beside._open.version()
    await beside.maintain(NOW)
    assert await beside._open.version() > version
    assert not beside._building.running
    await store.maintain(NOW)
    assert store._building.running
    await store.built()
