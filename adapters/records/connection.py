"""SQLite connections that go to their thread only for what may take long, and then once per statement.

SQLAlchemy's cursor over aiosqlite goes four times, to open a cursor, execute, fetch and close; each time is two wake-ups, and a
replay spent more on them than on everything else (measured on 750 threads: 815,000 of them, a third of its time). An answer
takes 13 transactions that only read. Their BEGIN goes along with the first statement, where SQLite takes the snapshot anyway,
nobody waits for their end, and what has ended is not ended again by the pool: 128 times there and back became 84.

Most statements take SQLite some 10 microseconds; going to the thread and back took 40 of processor time besides, and 130 of
real time (measured on 1,000 transactions of 11 reads). So a ``SELECT`` runs where it is asked; one that turns out to take more
than ``MOST_STEPS`` is broken off, which in SQLite changes nothing, and runs in the thread. An ``INSERT`` of few rows, which
looks for none, runs where it is asked, too. What may wait for others or for the disk (``BEGIN IMMEDIATE``, ``COMMIT``) and what
may touch many rows (``UPDATE``, ``DELETE``) always goes to the thread.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

READING = "BEGIN"
Done = tuple[list[Any], Sequence[Any] | None, int, int | None]
MOST_STEPS = 10_000
"""Of SQLite's machine, that a statement takes outside the thread: about 0.3 ms."""
MOST_ROWS = 16
IN_A_ROW = 32
"""After so many statements outside it one goes to the thread, so that who asks many in a row lets others have their turn."""


def connect(database: str, **options: Any) -> "OnceConnection":
    """A connection as ``aiosqlite.connect`` gives it; open it by awaiting it. ``options`` are those of ``sqlite3.connect``."""
    opened = partial(sqlite3.connect, database, **{**options, "check_same_thread": False})
    return OnceConnection(opened, iter_chunk_size=64)


class OnceConnection(aiosqlite.Connection):
    """A connection whose cursors execute and fetch in one go, here or in the thread, never both at once."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(connector, iter_chunk_size)
        self._thread.daemon = True  # as SQLAlchemy has it: a process that fails must not wait for it
        self._begins = self._reads = False
        self._asked = self._done = self._in_a_row = 0  # the thread alone writes how much it has done

    def cursor(self) -> "OnceCursor":  # type: ignore[override]  # SQLAlchemy only enters what it gets
        """A cursor, opened when it executes."""
        return OnceCursor(self)

    def begin(self) -> None:
        """Begin a transaction that reads, with the next statement. One that writes begins at once, by a statement of its own,
        because it must wait for others."""
        self._begins = self._reads = True

    async def run(self, function: Any, *args: Any) -> Any:
        """Call ``function`` with the bare connection first, in the connection's thread."""
        begins, self._begins = self._begins, False
        called = (_begun, self._conn, function) if begins else (function, self._conn)
        return await self._execute(*called, *args)

    def here(self, function: Callable[..., Done], *args: Any, looks: bool) -> Done | None:
        """Call it with the bare connection right here. Gives ``None`` where the thread is still at work or has to have its
        turn, and where a call that only ``looks`` takes long: one that writes must not be broken off."""
        self._in_a_row += 1
        if self._asked != self._done or self._in_a_row > IN_A_ROW:
            self._in_a_row = 0
            return None
        if self._begins:
            self._conn.execute(READING)
            self._begins = False
        if looks:
            self._conn.set_progress_handler(_enough, MOST_STEPS)
        try:
            return function(self._conn, *args)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return None
        finally:
            self._conn.set_progress_handler(None, 0)

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        self._asked += 1
        return await super()._execute(self._counted, fn, *args, **kwargs)  # type: ignore[no-untyped-call]  # untyped there

    def _counted(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return fn(*args, **kwargs)
        finally:
            self._done += 1

    async def commit(self) -> None:
        """End the transaction for good; where nothing was asked in it, it was never begun."""
        self._begins = self._reads = False
        await super().commit()

    async def rollback(self) -> None:
        """End the transaction, if there is one. One that only read ends here, or, where its thread is still at work, as soon
        as it comes to it, before whatever is asked of the connection next."""
        idle, self._begins = self._asked == self._done, False
        if not idle and self._reads:
            self._asked += 1
            self._tx.put_nowait((None, partial(self._counted, self._conn.rollback)))
        elif idle and self._reads:
            self._conn.rollback()
        elif self._conn.in_transaction:
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
        return await self._run(_executed, statement, parameters)

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> Self:
        """Execute once per row of parameters."""
        return await self._run(_executed_many, statement, list(parameters))

    async def _run(self, function: Callable[..., Done], statement: str, parameters: Any) -> Self:
        looks = statement.startswith("SELECT")
        few = function is _executed or len(parameters) <= MOST_ROWS
        short = looks or (few and statement.startswith("INSERT") and " VALUES (" in statement)
        done = self._connection.here(function, statement, parameters, looks=looks) if short else None
        return self._keep(*(done or await self._connection.run(function, statement, parameters)))

    def _keep(self, rows: list[Any], description: Sequence[Any] | None, rowcount: int, lastrowid: int | None) -> Self:
        self._rows, self.description, self.rowcount, self.lastrowid = rows, description, rowcount, lastrowid
        return self

    async def fetchall(self) -> list[Any]:
        """The rows that the statement gave."""
        return self._rows

    async def close(self) -> None:
        """Nothing: the cursor was closed where it executed."""


def _enough() -> bool:
    return True


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
