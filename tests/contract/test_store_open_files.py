"""A store that is kept up for weeks holds no more open files than on its first day, whatever goes on meanwhile."""

import asyncio
import random
import resource
from pathlib import Path

import pytest

from adapters.knowledge_store import open_store
from adapters.knowledge_store.store import LanceStore
from core.domain.errors import TransientError
from tests.contract.test_knowledge_store import DIM, NOW, entry, query, stored

ENTRIES = 200
"""So many that the full-text index is read from its files."""
UPKEEPS = 30
AT_ONCE = 20


def open_files() -> int:
    """How many files, sockets and pipes this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def words(chance: random.Random) -> str:
    """Thirty words of two thousand."""
    return " ".join(f"word{chance.randrange(2_000)}" for _ in range(30))


async def lived(store: LanceStore, chance: random.Random, n: int) -> None:
    """Write, look up, keep up."""
    await store.put([stored(entry(f"e{n:03}", words(chance)))])
    await store.search(query(words(chance)))
    await store.maintain(NOW)


async def test_thirty_upkeeps_leave_no_file_open(tmp_path: Path) -> None:
    store = await open_store(str(tmp_path), "model@1", DIM)
    chance = random.Random(1)
    await store.put([stored(entry(f"s{n:03}", words(chance))) for n in range(ENTRIES)])
    await lived(store, chance, 0)
    before = open_files()
    for n in range(1, UPKEEPS):
        await lived(store, chance, n)
    assert open_files() <= before + 5
    assert len(await store.inventory()) == ENTRIES + UPKEEPS


async def test_searches_and_puts_go_on_through_upkeep_and_each_put_is_seen_at_once(tmp_path: Path) -> None:
    store = await open_store(str(tmp_path), "model@1", DIM)
    await store.put([stored(entry("first"))])
    done = asyncio.Event()

    async def keep_up() -> None:
        while not done.is_set():
            await store.maintain(NOW)

    async def look_up() -> None:
        while not done.is_set():
            assert await store.search(query())

    others = [asyncio.create_task(one) for one in (keep_up(), look_up())]
    for n in range(AT_ONCE):
        await store.put([stored(entry(f"e{n:03}"))])
        assert f"e{n:03}" in await store.inventory(), "it is there once the put is done"
    done.set()
    await asyncio.gather(*others)
    assert len(await store.inventory()) == AT_ONCE + 1


async def test_too_many_open_files_are_told_as_such_and_tried_again(tmp_path: Path) -> None:
    await (await open_store(str(tmp_path), "model@1", DIM)).put([stored(entry("a"))])
    other = await open_store(str(tmp_path), "model@1", DIM)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        with pytest.raises(TransientError, match="Too many files are open"):
            await other.search(query())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert len(await other.search(query())) == 1
