"""What stands on an entry, on a real database and on its twin; and how older records get it."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from adapters.records import open_records
from adapters.records.records import SqlRecords
from adapters.records.tables import metadata
from adapters.records.upgrade import alembic_config
from core.domain.answers import Answer, Citation, Claim
from core.domain.ids import AnswerId, EntryId, QuestionId, SessionId
from core.domain.knowledge import Revision
from core.domain.sessions import Session
from core.ports.records import Records, UnitOfWork
from tests.contract.conftest import url
from tests.contract.test_records import KIM, NOW, REF, entry, revision

HOUR = timedelta(hours=1)


def derived(n: int, *sources: str, name: str = "d") -> Revision:
    """A revision of an entry that is derived from others."""
    after = replace(entry(str(n)), id=EntryId(name), derived_from=tuple(EntryId(s) for s in sources))
    return replace(revision(n), subject_id=after.id, after=after)


def answer(name: str, *entries: str, hours: int | None = 0) -> Answer:
    """An answer that cites entries; ``hours`` is when it was sent, ``None`` never."""
    cites = [Citation.of(n, replace(entry(), id=EntryId(e)), 1) for n, e in enumerate(entries, start=1)]
    sent_at = None if hours is None else NOW + hours * HOUR
    claims = (Claim("Do it.", (1,)),)
    return Answer(AnswerId(name), QuestionId("q"), SessionId("s"), claims, tuple(cites), None, sent_at)


async def _session(work: UnitOfWork) -> None:
    await work.sessions.put(Session(SessionId("s"), REF, "1", KIM, NOW, NOW))


async def test_an_entry_is_derived_from_what_its_head_names(records: Records) -> None:
    async with records.begin() as work:
        await work.ledger.append(derived(1, "k", "k", "other"))
        await work.ledger.append(derived(1, "k", name="e"))
        await work.ledger.append(revision(1))
        assert await work.lineage.derived(EntryId("k")) == ["d", "e"]
        await work.ledger.append(derived(2, "other"))
        assert await work.lineage.derived(EntryId("k")) == ["e"]
        assert await work.lineage.derived(EntryId("other")) == ["d"]


async def test_only_answers_that_people_could_see_cite(records: Records) -> None:
    late, early, never = answer("a", "k", "k", hours=2), answer("b", "k", "x", hours=1), answer("c", "k", hours=None)
    async with records.begin() as work:
        await _session(work)
        await work.answers.put(late, early, never)
        await work.answers.put(replace(early, withdrawn_at=NOW))
        assert [one.id for one in await work.lineage.citing(EntryId("k"))] == ["b", "a"]
        assert [one.id for one in await work.lineage.citing(EntryId("x"))] == ["b"]
        assert [one.id for one in await work.lineage.shown(NOW + 2 * HOUR)] == ["a"]
        assert await work.lineage.citing(EntryId("unknown")) == []


async def test_changes_come_by_time_from_a_moment_on(records: Records) -> None:
    async with records.begin() as work:
        await work.ledger.append(replace(revision(1), at=NOW + HOUR))
        await work.ledger.append(replace(derived(1), at=NOW))
        await work.ledger.append(replace(derived(2), at=NOW - HOUR))
        changes = await work.lineage.changes(NOW)
    assert [(one.subject_id, one.n) for one in changes] == [("d", 1), ("k", 1)]


def _at(folder: Path, target: str) -> None:
    """Bring a database to a revision of the schema."""
    engine = create_engine(f"sqlite:///{folder / 'records.db'}")
    with engine.begin() as connection:
        (command.downgrade if target == "0001" else command.upgrade)(alembic_config(connection), target)
    engine.dispose()


async def test_older_records_are_upgraded_with_what_they_hold(tmp_path: Path) -> None:
    one = await open_records(url(tmp_path))
    async with one.begin() as work:
        await _session(work)
        await work.answers.put(answer("a", "k", "k"))
        await work.ledger.append(derived(1, "old"))
        await work.ledger.append(derived(2, "k", "k"))
    await one.close()
    _at(tmp_path, "0001")
    with sqlite3.connect(tmp_path / "records.db") as db:
        assert not db.execute("SELECT name FROM sqlite_master WHERE name IN ('cited', 'derivations')").fetchall()
    again = await open_records(url(tmp_path))
    async with again.read() as work:
        assert await work.lineage.derived(EntryId("k")) == ["d"]
        assert await work.lineage.derived(EntryId("old")) == []
        assert [found.id for found in await work.lineage.citing(EntryId("k"))] == ["a"]
    await again.close()


async def test_the_migrations_make_the_tables_that_the_code_names(on_sql: SqlRecords, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'records.db'}")
    with engine.connect() as connection:
        differing = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()
    assert differing == []
