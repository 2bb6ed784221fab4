"""The records to run a contract suite on: the real ones and their twin."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.records import open_records
from adapters.records.records import SqlRecords
from core.ports.records import Records
from tests.fakes.unit_of_work import MemoryRecords


def url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'records.db'}"


@pytest.fixture
async def on_sql(tmp_path: Path) -> AsyncIterator[SqlRecords]:
    one = await open_records(url(tmp_path))
    yield one
    await one.close()


@pytest.fixture(params=["sql", "memory"])
def records(request: pytest.FixtureRequest) -> Records:
    if request.param == "memory":
        return MemoryRecords()
    made: SqlRecords = request.getfixturevalue("on_sql")
    return made
