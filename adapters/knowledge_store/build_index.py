"""Builds the vector index of a table: ``python -m adapters.knowledge_store.build_index URI``, as ``building`` starts it.

Reading and writing go on meanwhile. Rows that are written after it began are found all the same, by comparing them one by one,
until the next upkeep adds them to the index.
"""

import asyncio
import os
import sys
import threading

from adapters.knowledge_store.building import BUILT_ELSEWHERE, alone
from adapters.knowledge_store.opening import TABLE
from adapters.knowledge_store.upkeep import VECTOR, index_filters, index_keys

NICENESS = 19
PATIENCE_S = 3.0
"""How long it waits for the upkeep of another process, which takes up to 2 s at 272,325 entries."""
_EFFORT = 150
"""Neighbours looked at for each row: 27 s of CPU for 60,000 rows. The usual 300 takes twice that and finds no more."""


async def build(uri: str) -> None:
    """Build the index, in place of an older one, and those that filters use beside it."""
    import lancedb
    from lancedb.index import HnswSq

    table = await (await lancedb.connect_async(uri)).open_table(TABLE)
    await table.create_index(VECTOR, config=HnswSq(distance_type="cosine", ef_construction=_EFFORT), replace=True)
    await index_filters(table)
    await index_keys(table, await table.count_rows())


def main(uri: str) -> int:
    """Build at the lowest priority; gives the exit code."""
    os.nice(NICENESS)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with alone(uri, PATIENCE_S) as free:
        if not free:
            return BUILT_ELSEWHERE
        asyncio.run(build(uri))
    return 0


def _end_with_parent() -> None:
    """Whoever started us holds the other end of our standard input, and lets go of it when they end, killed or not."""
    os.read(sys.stdin.fileno(), 1)  # past Python's buffer, whose lock would be held when we come to our own end
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
