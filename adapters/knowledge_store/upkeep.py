"""Keeping the table fit: compacting, indexes, old versions. What would hold up the bot is done by a process beside it."""

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from adapters.knowledge_store import access
from adapters.knowledge_store.access import Coverage
from adapters.knowledge_store.building import Building

if TYPE_CHECKING:
    from lancedb import AsyncTable
    from lancedb.index import Bitmap, BTree

log = structlog.get_logger(__name__)

KEEP_VERSIONS = timedelta(minutes=10)
"""Longer than anybody reads one. At 272,325 entries each upkeep leaves 50 MB of indexes behind."""
KEYS = ("id", "subject")
FILTERS = ("audience", "status", "kind", "expires_at")
VECTOR = "vector"


async def maintain(table: "AsyncTable", building: Building) -> bool:
    """Compact, bring indexes up to date, drop old versions, and begin to build the vector index where it is wanted; gives
    whether the table may be another now. While the index is being built, by whomever, the table is left as it is: compacting
    would move the rows that the index names, and undo the work."""
    if building.running:
        log.info("store_left_as_it_is", why="its index is being built")
        return False
    with building.held_off() as free:
        if not free:
            log.info("store_left_as_it_is", why="another process is building its index")
            return False
        rows, there = await table.count_rows(), await coverage(table)
        if there is None or not access.is_heavy(there):
            await table.optimize(cleanup_older_than=KEEP_VERSIONS)
            await index_keys(table, rows)
            if there:
                await index_filters(table)
    if access.wants_vector_index(rows, there):
        building.start()
    return True


async def coverage(table: "AsyncTable") -> Coverage | None:
    """What the vector index covers; ``None`` where there is none."""
    names = [index.name for index in await table.list_indices() if VECTOR in index.columns]
    stats = await table.index_stats(names[0]) if names else None
    if stats is None:
        return None
    return Coverage(stats.num_unindexed_rows, stats.num_indices or 1)


async def index_keys(table: "AsyncTable", rows: int) -> None:
    """Index what puts look rows up by."""
    from lancedb.index import BTree

    if rows >= access.KEYED_FROM:
        await _index(table, KEYS, BTree())


async def index_filters(table: "AsyncTable") -> None:
    """Index what searches filter by; beside a vector index only, because a scan of all vectors is slower with them (half of
    10,000 rows: 21 ms, not 11). A tree of ``expires_at`` makes a search 5 ms slower than a bitmap, which holds in one piece
    those that never do."""
    from lancedb.index import Bitmap

    await _index(table, FILTERS, Bitmap())


async def _index(table: "AsyncTable", columns: tuple[str, ...], config: "Bitmap | BTree") -> None:
    have = {column for index in await table.list_indices() for column in index.columns}
    for column in columns:
        if column not in have:
            await table.create_index(column, config=config)
