"""Transactions that read: they see one state, hold nobody up, and leave their connection as they found it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.records import open_records
from adapters.records.database import open_engine
from adapters.records.records import SqlRecords
from core.domain.documents import Seen, Source
from core.domain.ids import EntryId

SOURCE = Source(
    document=EntryId("d"), address="https://a.example", read_at=datetime(2026, 1, 1, tzinfo=UTC), seen=Seen("")
)


@pytest.fixture
async def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'records.db'}"


@pytest.fixture
async def records(url: str) -> AsyncIterator[SqlRecords]:
    opened = await open_records(url)
    yield opened
    await opened.close()


@pytest.fixture
async def reader(url: str, records: SqlRecords) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(make_url(url), write=False)
    yield engine
    await engine.dispose()


async def test_a_reader_sees_what_was_there_at_its_first_look(records: SqlRecords) -> None:
    async with records.read() as reading:
        assert await reading.documents.get(SOURCE.document) is None
        async with records.begin() as work:
            await work.documents.put(SOURCE)
        assert await reading.documents.get(SOURCE.document) is None
    async with records.read() as reading:
        assert await reading.documents.get(SOURCE.document) == SOURCE


async def test_what_has_read_nothing_or_failed_leaves_its_connection_usable(reader: AsyncEngine) -> None:
    for _ in range(2):
        async with reader.connect() as connection:
            await connection.begin()
            await connection.rollback()
            await connection.begin()
            await connection.commit()
        async with reader.connect() as connection:
            with pytest.raises(OperationalError):
                await connection.execute(text("SELECT * FROM no_such_table"))
        async with reader.connect() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM documents"))).scalar() == 0


async def test_a_reader_that_has_ended_keeps_no_old_state(records: SqlRecords) -> None:
    for n in range(20):
        async with records.read() as reading:
            found = await reading.documents.get(SOURCE.document)
            assert (found.failures if found else -1) == n - 1
        async with records.begin() as work:
            await work.documents.put(replace(SOURCE, failures=n))


async def test_a_write_that_fails_is_rolled_back_before_the_next_one_begins(records: SqlRecords) -> None:
    async def fail() -> None:
        async with records.begin() as work:
            await work.documents.put(SOURCE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with records.begin() as work:
        assert await work.documents.get(SOURCE.document) is None
