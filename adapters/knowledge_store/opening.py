"""Opening the store: the table of this model, or a clear refusal."""

import json
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from adapters.knowledge_store.failures import UNREADABLE, told
from adapters.knowledge_store.rows import SCHEMA_VERSION, schema
from core.domain.errors import FinalError, OlderStoreError, StoreMismatchError

if TYPE_CHECKING:
    from lancedb import AsyncConnection, AsyncTable

    from adapters.knowledge_store.store import LanceStore

log = structlog.get_logger(__name__)

TABLE = "entries"
SEES_OTHERS_WITHIN = timedelta(seconds=1)
METADATA_BYTES = 16 * 2**20
"""What LanceDB keeps of manifests and files. Its own bound is a gigabyte, and every write fills it by 195 KB: after 600
writes a process held 117 MB more, with this 33 (measured)."""


async def open_store(
    uri: str,
    identity: str,
    dimension: int,
    *,
    anew: bool = False,
    holds: bool = True,
    at_once: bool = False,
    builds: bool = True,
) -> "LanceStore":
    """Open the store at ``uri`` (a folder or any LanceDB URI) for this model, making it when it is not there.

    ``anew`` drops what is there, whoever wrote it, for a rebuild. Who ``holds`` the home empties a store of another version of
    Vigil, to be filled from the ledger. What others write is seen ``at_once`` or within a second. Unless it
    ``builds``, the vector index is left to others. Raises ``StoreMismatchError`` when another model wrote the store,
    ``OlderStoreError`` when another version did and the caller does not hold the home, ``FinalError`` when it cannot be
    read or written.
    """
    from adapters.knowledge_store.building import Building
    from adapters.knowledge_store.store import LanceStore

    with told():
        connect = partial(connected, uri, timedelta(0) if at_once else SEES_OTHERS_WITHIN)
        store = LanceStore(await connect(), connect, identity, dimension, Building(uri, starts=builds))
        try:
            await (store.reset() if anew else store.open())
        except OlderStoreError:
            if not holds:
                raise
            log.warning("knowledge_store_made_anew", reason="another version of Vigil has written it")
            await store.reset()
    return store


async def connected(uri: str, sees_within: timedelta) -> "AsyncConnection":
    """Give a connection with caches of its own, which go with it."""
    import lancedb

    session = lancedb.Session(metadata_cache_size_bytes=METADATA_BYTES)
    return await lancedb.connect_async(uri, read_consistency_interval=sees_within, session=session)


async def open_table(connection: "AsyncConnection", identity: str, dimension: int) -> "AsyncTable | None":
    """Give the table when it is there and of this model. Raises ``StoreMismatchError`` otherwise."""
    if TABLE not in (await connection.list_tables()).tables:
        return None
    table = await connection.open_table(TABLE)
    found = await table.schema()
    written = json.loads((found.metadata or {}).get(b"vigil", b"{}"))
    model = written.get("model")
    if model is None:
        raise FinalError(UNREADABLE)
    if model != identity:
        raise StoreMismatchError(
            f"The knowledge store was written by {model}, this process runs {identity}: run `vigil kb rebuild`."
        )
    if written.get("schema") != SCHEMA_VERSION or found.names != schema(identity, dimension).names:
        raise OlderStoreError(
            "The knowledge store was written by another version of Vigil: `vigil run` makes it anew from the ledger, and so "
            "does `vigil kb rebuild`."
        )
    return table
