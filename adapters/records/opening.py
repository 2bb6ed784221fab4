"""Opens the records: checks the schema, and brings it up to date when it is not."""

from collections.abc import Callable
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from filelock import AsyncFileLock, Timeout
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.records.connections import Connections
from adapters.records.database import open_engine
from adapters.records.failures import failures_told
from adapters.records.records import SqlRecords
from adapters.records.tables import REVISION
from core.domain.errors import CallerError, FinalError, HomeInUseError, TransientError

_UPGRADE_WITHIN_S = 60.0

Alone = Callable[[], AbstractContextManager[bool]]
"""Holds the home while the records are brought up to date; gives whether nobody else holds it."""
OLDER = (
    "The records are of an older version of Vigil, and one is working on them, which could not go on once they are "
    "brought up to date: stop `vigil run`, then call this again and start it anew."
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _alone() -> AbstractContextManager[bool]:
    return nullcontext(True)


async def open_records(url: str, real_now: Callable[[], datetime] = _utc_now, alone: Alone = _alone) -> SqlRecords:
    """Open the records at ``url``, e.g. ``sqlite+aiosqlite:////home/vigil/records.db``, made or upgraded where necessary.

    ``real_now`` gives real time in UTC: leases are compared with it. Raises ``CallerError`` for a URL that is none of a SQLite
    file, ``HomeInUseError`` for records of an older version where we are not ``alone``, ``StoreMismatchError`` for records of a
    newer one, else as the port says.
    """
    where = _checked(url)
    writer, reader = open_engine(where, write=True), open_engine(where, write=False)
    async with AsyncExitStack() as unless_open:
        unless_open.push_async_callback(reader.dispose)
        unless_open.push_async_callback(writer.dispose)
        with failures_told():
            if not await _is_ready(reader):
                with alone() as is_alone:
                    if not is_alone and await _is_older(reader):
                        raise HomeInUseError(OLDER)
                    await _upgrade(writer, Path(f"{_file(where)}.lock"))
        unless_open.pop_all()
    return SqlRecords(Connections(writer), Connections(reader), real_now)


def _checked(url: str) -> URL:
    try:
        where = make_url(url)
    except ArgumentError as error:
        raise CallerError(
            "VIGIL_RECORDS_URL is not a URL: write it like sqlite+aiosqlite:////home/vigil/records.db."
        ) from error
    if where.get_backend_name() != "sqlite" or where.database in {None, "", ":memory:"}:
        raise CallerError(
            "VIGIL_RECORDS_URL must name a SQLite file, like sqlite+aiosqlite:////home/vigil/records.db: "
            "no other database is supported yet."
        )
    return where.set(drivername="sqlite+aiosqlite")


def _file(where: URL) -> str:
    return str(where.database).removeprefix("file:")


async def _is_ready(reader: AsyncEngine) -> bool:
    async with reader.connect() as connection:
        journal = await connection.exec_driver_sql("PRAGMA journal_mode")
        return journal.scalar() == "wal" and await _revisions(connection) == [REVISION]


async def _is_older(reader: AsyncEngine) -> bool:
    """Whether an older version has made the records; revisions are numbers of four digits."""
    async with reader.connect() as connection:
        return any(one < REVISION for one in await _revisions(connection))


async def _revisions(connection: AsyncConnection) -> list[str]:
    """The schema that the records have; none where there are none yet."""
    try:
        found = await connection.exec_driver_sql("SELECT version_num FROM alembic_version")
    except OperationalError as error:
        if "no such table" in str(error.orig):
            return []
        raise
    return [str(one) for one in found.scalars()]


async def _upgrade(writer: AsyncEngine, lock: Path) -> None:
    from adapters.records.upgrade import upgrade  # loads Alembic

    try:
        async with AsyncFileLock(lock, timeout=_UPGRADE_WITHIN_S), writer.begin() as connection:
            await connection.run_sync(upgrade)
    except Timeout as error:
        raise TransientError(
            "Another process has been preparing the records for a minute: try again when it is done."
        ) from error
    except OSError as error:
        raise FinalError(
            "The records cannot be made or brought up to date: Vigil's user may not write in their folder, or it is missing. "
            "Check VIGIL_HOME and VIGIL_RECORDS_URL."
        ) from error
