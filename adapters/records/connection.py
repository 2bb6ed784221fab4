"""SQLite connections that go to their thread and back once per statement, and no more often for a transaction that reads.

SQLAlchemy's cursor over aiosqlite goes four times, to open a cursor, execute, fetch and close; each time is two wake-ups, and a
replay spent more on them than on everything else (measured on 750 threads: 815,000 of them, a third of its time). An answer
takes 13 transactions that only read. Their BEGIN goes along with the first statement, where SQLite takes the snapshot anyway,
nobody waits for their end, and what has ended is not ended again by the pool: 128 times there and back became 84.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite


def connect(database: str, **options: Any) -> "OnceConnection":
    """A connection as ``aiosqlite.connect`` gives it; open it by awaiting it. ``options`` are those of ``sqlite3.connect``."""
    return OnceConnection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)


class OnceConnection(aiosqlite.Connection):
    """A connection whose cursors execute and fetch in one go."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(connector, iter_chunk_size)
        self._thread.daemon = True  # as SQLAlchemy has it: a process that fails must not wait for it
        self._begins = self._reads = False

    def cursor(self) -> "OnceCursor":  # type: ignore[override]  # SQLAlchemy only enters what it gets
        """A cursor, opened when it executes."""
        return OnceCursor(self)

    def begin(self) -> None:
        """Begin a transaction that reads, with the next statement."""
        self._begins = self._reads = True

    async def run(self, function: Any, *args: Any) -> Any:
        """Call ``function`` with the bare connection first, in the connection's thread."""
        begins, self._begins = self._begins, False
        called = (_begun, self._conn, function) if begins else (function, self._conn)
        return await self._execute(*called, *args)  # type: ignore[no-untyped-call]  # aiosqlite has no types there

    async def commit(self) -> None:
        """End the transaction for good; where nothing was asked in it, it was never begun."""
        self._begins = self._reads = False
        await super().commit()

    async def rollback(self) -> None:
        """End the transaction, if there is one. One that only read ends as soon as its thread comes to it, before whatever is
        asked of the connection next."""
        begun, self._begins = self._conn.in_transaction, False
        if begun and self._reads:
            self._tx.put_nowait((None, self._conn.rollback))
        elif begun:
            await super().rollback()
        self._reads = False


class OnceCursor:
    """What SQLAlchemy's adapter asks of a cursor. All rows are fetched where the statement runs."""

    def __init__(self, connection: OnceConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Sequence[Any] | None = None
        self.rowcount, self.arraysize = -1, 1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Iterable[Any] = ()) -> Self:
        """Execute and fetch."""
        if statement == READING:
            self._connection.begin()
            return self
        return self._keep(*await self._connection.run(_executed, statement, parameters))

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Execute once per row of parameters."""
        return self._keep(*await self._connection.run(_executed_many, statement, parameters))

    def _keep(self, rows: list[Any], description: Sequence[Any] | None, rowcount: int, lastrowid: int | None) -> Self:
        self._rows, self.description, self.rowcount, self.lastrowid = rows, description, rowcount, lastrowid
        return self

    async def fetchall(self) -> list[Any]:
        """The rows that the statement gave."""
        return self._rows

    async def close(self) -> None:
        """Nothing: the cursor was closed where it executed."""


READING = "BEGIN"
"""Begins a transaction that reads; those that write begin at once, because they must wait for others."""
Done = tuple[list[Any], Sequence[Any] | None, int, int | None]


def _begun(connection: sqlite3.Connection, function: Callable[..., Done], *args: Any) -> Done:
    connection.execute(READING)
    return function(connection, *args)


def _executed(connection: sqlite3.Connection, statement: str, parameters: Iterable[Any]) -> Done:
    return _done(connection.execute(statement, tuple(parameters)))


def _executed_many(connection: sqlite3.Connection, statement: str, parameters: Iterable[Sequence[Any]]) -> Done:
    return _done(connection.executemany(statement, parameters))


def _done(cursor: sqlite3.Cursor) -> Done:
    try:
        rows = cursor.fetchall() if cursor.description else []
        return rows, cursor.description, cursor.rowcount, cursor.lastrowid
    finally:
        cursor.close()
