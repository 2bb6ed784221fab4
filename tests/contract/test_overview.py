"""What analysts look at first, on a real database and on its twin; and how older records get it."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from adapters.records import open_records
from adapters.records.upgrade import alembic_config
from core.domain.answers import Answer, Citation, Claim
from core.domain.ids import AnswerId, EntryId, MessageId, QuestionId, SessionId, TurnId
from core.domain.knowledge import ChangeKind, EntryStatus, Revision
from core.domain.records import Numbers
from core.domain.sessions import Delivery, Question, QuestionState, Session, Turn
from core.ports.records import Records, UnitOfWork
from tests.contract.conftest import url
from tests.contract.test_records import KIM, NOW, REF, entry, revision

HOUR = timedelta(hours=1)


def step(name: str, n: int, status: EntryStatus, hours: int = 0, change: ChangeKind = ChangeKind.UPDATED) -> Revision:
    """A revision of an entry, at an hour."""
    after = replace(entry(str(n)), id=EntryId(name), status=status)
    made = ChangeKind.ADDED if n == 1 else change
    return replace(revision(n), subject_id=after.id, after=after, at=NOW + hours * HOUR, change=made)


async def _shown(work: UnitOfWork, name: str, cites: str, hours: int, state: QuestionState) -> None:
    asked = QuestionId(f"q-{name}")
    citation = Citation.of(1, replace(entry(), id=EntryId(cites)), 1)
    await work.sessions.put(Session(SessionId("s"), REF, "1", KIM, NOW, NOW))
    await work.questions.put(Question(asked, SessionId("s"), (MessageId("m"),), NOW, "why?", state=state))
    claims, sent = (Claim("Do it.", (1,)),), NOW + hours * HOUR
    await work.answers.put(Answer(AnswerId(name), asked, SessionId("s"), claims, (citation,), None, sent))


async def _names(work: UnitOfWork, limit: int = 10) -> list[str]:
    return [head.subject_id for head in await work.overview.waiting(limit)]


async def test_what_waits_longest_comes_first_and_keeps_its_place(records: Records) -> None:
    waits = EntryStatus.CANDIDATE
    async with records.begin() as work:
        for one in (step("late", 1, waits, 2), step("early", 1, waits, 1), step("active", 1, EntryStatus.ACTIVE)):
            await work.ledger.append(one)
        await work.ledger.append(step("early", 2, waits, 5))
        assert await _names(work) == ["early", "late"]
        assert [head.n for head in await work.overview.waiting(1)] == [2]
        assert await work.overview.how_many_wait() == 2


@pytest.mark.parametrize("status", [EntryStatus.ACTIVE, EntryStatus.RETIRED])
async def test_what_was_decided_waits_no_longer_and_may_wait_again(records: Records, status: EntryStatus) -> None:
    async with records.begin() as work:
        await work.ledger.append(step("one", 1, EntryStatus.CANDIDATE))
        await work.ledger.append(step("two", 1, EntryStatus.CANDIDATE, 1))
        await work.ledger.append(step("one", 2, status, 2))
        assert await _names(work) == ["two"]
        await work.ledger.append(step("one", 3, EntryStatus.CANDIDATE, 3))
        assert await _names(work) == ["two", "one"]
        assert await work.overview.how_many_wait() == 2


async def test_what_was_rolled_back_never_waited(records: Records) -> None:
    async def fail() -> None:
        async with records.begin() as work:
            await work.ledger.append(step("one", 1, EntryStatus.CANDIDATE))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with records.read() as work:
        assert await work.overview.how_many_wait() == 0


async def test_the_numbers_count_from_a_moment_on(records: Records) -> None:
    async with records.begin() as work:
        await _shown(work, "old", "k", -1, QuestionState.ACCEPTED)
        await _shown(work, "new", "k", 1, QuestionState.ACCEPTED)
        await _shown(work, "open", "k", 1, QuestionState.ANSWERED)
        await work.answers.put(*[replace(a, withdrawn_at=NOW) for a in await work.lineage.shown(NOW) if a.id == "open"])
        await work.ledger.append(step("k", 1, EntryStatus.ACTIVE, -1))
        await work.ledger.append(step("l", 1, EntryStatus.ACTIVE, 1))
        await work.ledger.append(step("l", 2, EntryStatus.RETIRED, 1, ChangeKind.RETIRED))
        assert await work.overview.numbers(NOW) == Numbers(answered=2, accepted=1, withdrawn=1, learned=1, retired=1)


async def test_only_answers_from_what_was_ever_changed_are_outdated_newest_first(records: Records) -> None:
    async with records.begin() as work:
        for name, cites, hours in (("a", "moved", 1), ("b", "moved", 2), ("c", "firm", 3), ("d", "moved", -1)):
            await _shown(work, name, cites, hours, QuestionState.ANSWERED)
        await work.ledger.append(step("moved", 1, EntryStatus.ACTIVE))
        await work.ledger.append(step("moved", 2, EntryStatus.RETIRED, 4, ChangeKind.RETIRED))
        await work.ledger.append(step("firm", 1, EntryStatus.ACTIVE))
        await work.ledger.append(step("firm", 2, EntryStatus.ACTIVE, 4, ChangeKind.CONFIRMED))
        assert [answer.id for answer in await work.overview.outdated(NOW, 10)] == ["b", "a"]
        assert [answer.id for answer in await work.overview.outdated(NOW, 1)] == ["b"]


async def test_turns_that_nobody_saw_are_found_by_channel_newest_first(records: Records) -> None:
    other = replace(REF, channel="C-OTHER")
    made = {"a": (1, Delivery.SHADOW), "b": (2, Delivery.NONE), "c": (3, Delivery.SENT), "d": (-1, Delivery.SHADOW)}
    async with records.begin() as work:
        await work.sessions.put(Session(SessionId("s"), REF, "1", KIM, NOW, NOW))
        await work.sessions.put(Session(SessionId("o"), other, "1", KIM, NOW, NOW))
        for name, (hours, delivery) in made.items():
            await work.turns.put(Turn(TurnId(name), SessionId("s"), 1, NOW + hours * HOUR, (), (), delivery))
        await work.turns.put(Turn(TurnId("e"), SessionId("o"), 1, NOW, (), (), Delivery.SHADOW))
        assert [turn.id for turn in await work.overview.unseen(REF, NOW, 10)] == ["b", "a"]
        assert [turn.id for turn in await work.overview.unseen(REF, NOW, 1)] == ["b"]
        assert [turn.id for turn in await work.overview.unseen(other, NOW, 10)] == ["e"]


async def test_older_records_are_upgraded_with_what_waits(tmp_path: Path) -> None:
    one = await open_records(url(tmp_path))
    async with one.begin() as work:
        await work.ledger.append(step("approved", 1, EntryStatus.CANDIDATE))
        await work.ledger.append(step("approved", 2, EntryStatus.ACTIVE, 1))
        await work.ledger.append(step("late", 1, EntryStatus.CANDIDATE, 2))
        await work.ledger.append(step("early", 1, EntryStatus.CANDIDATE, 1))
        await work.ledger.append(step("early", 2, EntryStatus.CANDIDATE, 5))
    await one.close()
    engine = create_engine(f"sqlite:///{tmp_path / 'records.db'}")
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0002")
    engine.dispose()
    with sqlite3.connect(tmp_path / "records.db") as db:
        assert not db.execute("SELECT name FROM sqlite_master WHERE name = 'candidates'").fetchall()
    again = await open_records(url(tmp_path))
    async with again.read() as work:
        assert await _names(work) == ["early", "late"]
    await again.close()
