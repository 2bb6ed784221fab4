"""Giving space back to the disk, and leaving nothing of what was deleted in the files."""

import sqlite3

from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.records.failures import failures_told
from core.domain.errors import FinalError, TransientError

PAGES_AT_ONCE = 2_000
"""8 MB: some milliseconds in which nobody else writes."""
_READ = "Another program is reading the records, so that their file cannot be cleaned: end it and try again."
_FULL = "There is no room to write the records anew: free as much space as their file takes, and try again."


async def compacted(writer: AsyncEngine, *, whole: bool) -> None:
    """Compact the database of ``writer``, outside any transaction, and fold the write-ahead log into it."""
    with failures_told():
        async with writer.connect() as connection:
            bare = (await connection.get_raw_connection()).driver_connection
            assert bare is not None, "the pool gives connections that are open"
            try:
                folded = await bare.run(_compacted, whole)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
                    raise FinalError(_FULL) from error
                raise TransientError(_READ) from error
    if whole and not folded:
        raise TransientError(_READ)


def _compacted(connection: sqlite3.Connection, whole: bool) -> bool:
    """Whether all of the write-ahead log is in the file now."""
    if whole:
        connection.execute("VACUUM")
    else:
        connection.executescript(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})")  # execute would free one page
    busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy
