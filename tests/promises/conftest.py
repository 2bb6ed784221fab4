"""The example's replay, and a whole desk on real stores with fakes at its edges: engine, platform, clock."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.replayed import Replayed
from tests.scenario.conftest import acme, once
from tests.unit.desk.support import Table, table

__all__ = ["acme", "once"]
ASKED = "why do multipart uploads fail with SlowDown?"
UNKNOWN = "how do I become an astronaut?"


@dataclass(frozen=True, slots=True)
class Row:
    """A sent answer: its channel, session, time (microseconds), the burst it answers, and what is shown of it."""

    channel: str
    session: str
    at: int
    burst: frozenset[str]
    answer: dict[str, Any]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    """One that knows the answer to ``ASKED``."""
    async with table(tmp_path) as one:
        await one.know(ASKED)
        yield one


@pytest.fixture(scope="session")
def db(acme: Replayed) -> Iterator[sqlite3.Connection]:
    """The records of the replay."""
    connection = sqlite3.connect(next(acme.home.rglob("records.db")))
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def sent(acme: Replayed, db: sqlite3.Connection) -> list[Row]:
    """Every answer that a card has brought to a channel."""
    channel = {m["id"]: m["channel"] for m in acme.of("message")}
    at = {row["card"]: row["sent_at"] for row in db.execute("SELECT card, sent_at FROM answers WHERE sent_at NOT NULL")}
    card = {row["id"]: row["card"] for row in db.execute("SELECT id, card FROM answers")}
    rows = [
        Row(channel[t["message_ids"][0]], t["session"], at[card[q["answer"]["id"]]], frozenset(t["message_ids"]), q["answer"])
        for t in acme.of("turn") if t["delivery"] == "sent"
        for q in t["questions"] if q["outcome"] == "answered"
    ]  # fmt: skip
    assert len(rows) >= 8
    return rows
