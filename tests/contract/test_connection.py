"""Statements that are short run where they are asked, all others in their connection's thread, and none of both at once."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.records import open_records
from adapters.records.connection import IN_A_ROW, OnceConnection, connect
from adapters.records.records import SqlRecords
from core.domain.errors import CallerError
from core.domain.jobs import JobOrder, Lane
from tests.contract.test_knowledge_store import NOW

LONG = "SELECT count(*) FROM (WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM n LIMIT 200000) SELECT x FROM n)"


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[OnceConnection]:
    opened = connect(str(tmp_path / "a.db"), isolation_level=None)
    await opened
    await opened.create_function("whereabouts", 0, threading.get_ident)
    await opened.cursor().execute("CREATE TABLE t (x INTEGER PRIMARY KEY)")
    yield opened
    await opened.close()


async def first(connection: OnceConnection, statement: str) -> object:
    cursor = await connection.cursor().execute(statement)
    return (await cursor.fetchall())[0][0]


async def test_a_short_look_runs_here_and_a_long_one_in_the_thread_with_the_same_result(
    connection: OnceConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = threading.get_ident()
    for begin in (False, True):
        if begin:
            connection.begin()
        assert await first(connection, "SELECT whereabouts()") == here
        assert await first(connection, LONG) == 200_000
        assert await first(connection, f"SELECT whereabouts() FROM ({LONG})") != here
        assert await first(connection, "SELECT whereabouts()") == here
    await connection.rollback()


async def test_a_few_rows_are_put_here_and_what_may_touch_many_is_changed_in_the_thread(
    connection: OnceConnection,
) -> None:
    here = threading.get_ident()
    await connection.cursor().execute("BEGIN IMMEDIATE")
    await connection.cursor().execute("CREATE TABLE told (x INTEGER)")
    await connection.cursor().execute("INSERT INTO told (x) VALUES (whereabouts())")
    assert await first(connection, "SELECT x FROM told") == here
    await connection.cursor().execute("INSERT INTO told (x) SELECT whereabouts()")
    assert await first(connection, "SELECT max(x) - min(x) FROM told") != 0
    await connection.cursor().execute("UPDATE told SET x = whereabouts()")
    assert await first(connection, f"SELECT count(*) FROM told WHERE x = {here}") == 0
    await connection.cursor().execute(f"INSERT INTO told (x) VALUES (({LONG}))")  # breaking it off would undo all of it
    assert await first(connection, "SELECT count(*) FROM told") == 3
    await connection.cursor().executemany("INSERT INTO t (x) VALUES (?)", ((n,) for n in range(100)))
    await connection.commit()
    assert await first(connection, "SELECT count(*) FROM t") == 100


async def test_a_look_that_was_left_in_the_thread_disturbs_nothing_that_comes_after(connection: OnceConnection) -> None:
    for _ in range(3):
        connection.begin()
        asked = asyncio.create_task(first(connection, LONG))
        await asyncio.sleep(0)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        await connection.rollback()
        connection.begin()
        assert await first(connection, "SELECT count(*) FROM t") == 0
        await connection.rollback()
        assert await first(connection, "SELECT 1") == 1
    assert not connection.in_transaction


async def test_a_short_statement_that_fails_says_why(connection: OnceConnection) -> None:
    await connection.cursor().execute("INSERT INTO t (x) VALUES (1)")
    with pytest.raises(sqlite3.IntegrityError):
        await connection.cursor().execute("INSERT INTO t (x) VALUES (1)")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await connection.cursor().execute("SELECT * FROM nowhere")


async def test_who_asks_many_in_a_row_lets_others_have_their_turn(connection: OnceConnection) -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    beside = asyncio.create_task(other())
    for _ in range(4 * IN_A_ROW):
        await first(connection, "SELECT 1")
    beside.cancel()
    assert turns >= 3


async def test_many_that_read_at_once_and_are_cancelled_leave_the_records_as_they_were(tmp_path: Path) -> None:
    records = await open_records(f"sqlite+aiosqlite:///{tmp_path / 'records.db'}")
    await asyncio.gather(*(_looks(records) for _ in range(12)))
    asked = [asyncio.create_task(_orders(records, n)) for n in range(12)]
    await asyncio.sleep(0)
    for one in asked[::2]:
        one.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    async with records.read() as work:
        keys = {job.key for job in await work.owners.listing()}
    assert {str(n) for n in range(1, 12, 2)} <= keys
    with pytest.raises(CallerError):
        async with records.begin(), records.begin():
            pass
    await records.compact()
    await _orders(records, 99)
    await records.close()


async def _looks(records: SqlRecords) -> None:
    async with records.read() as work:
        await work.jobs.next_run_at()
        await asyncio.sleep(0)
        await work.jobs.next_run_at()


async def _orders(records: SqlRecords, n: int) -> None:
    async with records.begin() as work:
        await work.jobs.order(NOW, JobOrder(Lane.CLOSE, str(n)))
