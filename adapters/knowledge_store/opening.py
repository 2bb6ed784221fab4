"""Opening the store: the table of this model, or a clear refusal."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from adapters.knowledge_store.failures import told
from adapters.knowledge_store.rows import SCHEMA_VERSION, schema
from core.domain.errors import StoreMismatchError

if TYPE_CHECKING:
    from lancedb import AsyncConnection, AsyncTable

    from adapters.knowledge_store.store import LanceStore

TABLE = "entries"
SEES_OTHERS_WITHIN = timedelta(seconds=1)


async def open_store(uri: str, identity: str, dimension: int, *, anew: bool = False) -> "LanceStore":
    """Open the store at ``uri`` (a folder or any LanceDB URI) for this model, making it when it is not there.

    ``anew`` drops what is there, whoever wrote it, for a rebuild. Raises ``StoreMismatchError`` when another model or schema
    wrote it, ``FinalError`` when it cannot be read or written.
    """
    import lancedb

    from adapters.knowledge_store.store import LanceStore

    with told():
        connection = await lancedb.connect_async(uri, read_consistency_interval=SEES_OTHERS_WITHIN)
        store = LanceStore(connection, identity, dimension)
        await (store.reset() if anew else store.open())
    return store


async def open_table(connection: "AsyncConnection", identity: str, dimension: int) -> "AsyncTable | None":
    """Give the table when it is there and of this model. Raises ``StoreMismatchError`` otherwise."""
    if TABLE not in (await connection.list_tables()).tables:
        return None
    table = await connection.open_table(TABLE)
    found = await table.schema()
    written = json.loads((found.metadata or {}).get(b"vigil", b"{}"))
    if written != {"model": identity, "schema": SCHEMA_VERSION} or found.names != schema(identity, dimension).names:
        model = written.get("model", "another version")
        raise StoreMismatchError(
            f"The knowledge store was written by {model}, this process runs {identity}: run `vigil kb rebuild`."
        )
    return table
