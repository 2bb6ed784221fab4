"""Connections: one that writes, some that read, and what a store does with the one of its transaction."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Executable, RowMapping, Table, event
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.records.connection import OnceConnection, connect
from adapters.records.failures import failures_told

T = TypeVar("T")
Params = Mapping[str, object]

# How long SQLite itself waits for another process's write; the shared retry policy waits on top of it.
_BUSY_MS = 1000
_AT_ONCE = 400
"""Values in one statement: SQLite takes expressions a thousand deep."""
_LOG_BYTES = 8 * 2**20
"""To what the log is cut once it is in the database: a long transaction or reader must not leave a large one behind."""


def open_engine(url: URL, *, write: bool) -> AsyncEngine:
    """Give connections of one kind; nothing is opened yet.

    ``isolation_level=None`` keeps the driver from beginning transactions by itself, as SQLAlchemy's page on SQLite
    transactions advises; the ``begin`` event then begins them where SQLAlchemy means to.
    """
    options = {"isolation_level": None, "async_creator_fn": connect}
    engine = create_async_engine(
        url, pool_size=1 if write else 4, max_overflow=0 if write else 12, connect_args=options
    )
    event.listen(engine.sync_engine, "connect", partial(_prepare, write))
    event.listen(engine.sync_engine, "begin", _begin_to_write if write else _begin_to_read)
    return engine


def _prepare(write: bool, connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")
    if write:
        cursor.execute(
            "PRAGMA auto_vacuum=INCREMENTAL"
        )  # of a new file; an older one turns with the first whole compaction
        cursor.execute("PRAGMA secure_delete=ON")  # what is taken out is overwritten, not only unlinked
    cursor.execute("PRAGMA journal_mode=WAL" if write else "PRAGMA query_only=ON")
    cursor.execute(f"PRAGMA journal_size_limit={_LOG_BYTES}")
    cursor.close()


def _begin_to_write(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_to_read(connection: Connection) -> None:
    bare = connection.connection.driver_connection
    assert isinstance(bare, OnceConnection), "that is what ``connect`` gives"
    bare.begin()


@cache
def upsert(table: Table, *keys: str) -> Insert:
    """Insert a full row, or replace all of it but its ``keys`` and ``row``. The one statement that each dialect spells anew."""
    statement = insert(table)
    rest = [column.name for column in table.columns if column.name not in {*keys, "row"}]
    return statement.on_conflict_do_update(index_elements=keys, set_={name: statement.excluded[name] for name in rest})


@cache
def insert_new(table: Table) -> Insert:
    """Insert a row unless a unique one is there."""
    return insert(table).on_conflict_do_nothing()


@dataclass(frozen=True, slots=True)
class Database:
    """The open transaction that the stores of one unit of work share."""

    connection: AsyncConnection
    reading: bool

    async def rows(self, statement: Executable, params: Params | None = None) -> Sequence[RowMapping]:
        """Give all rows."""
        with failures_told(reading=self.reading):
            return (await self.connection.execute(statement, params)).mappings().all()

    async def row(self, statement: Executable, params: Params | None = None) -> RowMapping | None:
        """Give the first row."""
        with failures_told(reading=self.reading):
            return (await self.connection.execute(statement, params)).mappings().first()

    async def value(self, statement: Executable, params: Params | None = None) -> Any:
        """Give the first column of the first row, as SQLAlchemy types it."""
        with failures_told(reading=self.reading):
            return (await self.connection.execute(statement, params)).scalar()

    async def write(self, statement: Executable, params: Params | Sequence[Params] | None = None) -> int:
        """Change rows and give how many."""
        with failures_told(reading=self.reading):
            return (await self.connection.execute(statement, params)).rowcount


def chunks(values: Collection[T]) -> Iterator[list[T]]:
    """The values without repetition, by as many as one statement takes."""
    ordered = list(dict.fromkeys(values))
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
