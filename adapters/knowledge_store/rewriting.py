"""Writing the table anew, so that nothing of what was replaced or dropped stays on disk.

Compacting alone does not do that: LanceDB leaves a fragment as it is while few of its rows are gone, and an index keeps the
words of rows that are (seen: the bytes of a replaced row after ``optimize`` without old versions).
"""

import warnings
from datetime import timedelta
from typing import TYPE_CHECKING

from adapters.knowledge_store.full_text import full_text_indexes

if TYPE_CHECKING:
    from lancedb import AsyncConnection, AsyncTable

_AT_ONCE = timedelta(milliseconds=1)


async def written_anew(connection: "AsyncConnection", table: "AsyncTable") -> "AsyncTable":
    """Give the table written anew from its rows, their vectors too, with its full-text indexes and without any old version; the
    other indexes are missing. Takes memory for all rows."""
    rows = await table.query().to_arrow()
    anew = await connection.create_table(table.name, rows.cast(await table.schema()), mode="overwrite")
    await index_texts(anew)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"optimize\(cleanup_older_than=0\)", category=UserWarning)
        await anew.optimize(cleanup_older_than=_AT_ONCE, delete_unverified=True)
    return anew


async def index_texts(table: "AsyncTable") -> None:
    """Make the full-text indexes that are missing: all of a new table, some where the making was cut off."""
    have = {column for index in await table.list_indices() for column in index.columns}
    for column, config in full_text_indexes().items():
        if column not in have:
            await table.create_index(column, config=config)
