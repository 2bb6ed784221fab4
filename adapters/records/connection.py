"""SQLite connections that go to their thread and back once per statement.

SQLAlchemy's cursor over aiosqlite goes four times, to open a cursor, execute, fetch and close; each time is two wake-ups, and a
replay spent more on them than on everything else (measured on 750 threads: 815,000 of them, a third of its time).
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

    def cursor(self) -> "OnceCursor":  # type: ignore[override]  # SQLAlchemy only enters what it gets
        """A cursor, opened when it executes."""
        return OnceCursor(self)

    async def run(self, function: Any, *args: Any) -> Any:
        """Call ``function`` with the bare connection first, in the connection's thread."""
        return await self._execute(function, self._conn, *args)  # type: ignore[no-untyped-call]  # aiosqlite has no types there


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


Done = tuple[list[Any], Sequence[Any] | None, int, int | None]


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
