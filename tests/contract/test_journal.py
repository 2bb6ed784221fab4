"""What the journal promises, over the records in SQL (nothing stands in for it in other tests)."""

import tracemalloc
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from adapters.records import journal, open_records
from adapters.records.records import SqlRecords
from core.domain.answers import Answer, Citation, Claim
from core.domain.channels import ChannelRef
from core.domain.ids import AnswerId, EntryId, MessageId, QuestionId, RunId, SessionId, TurnId
from core.domain.knowledge import ENTRY, QA, SHARED, ChangeKind, KnowledgeEntry, Revision
from core.domain.people import Person, Role, RoleBasis, Standing
from core.domain.records import Feedback, Run
from core.domain.reviews import Review, ReviewRecord, Verdict, Verdicts
from core.domain.sessions import Delivery, Message, Outcome, Question, QuestionClass, Session, Turn, TurnQuestion
from core.ports.journal import AcceptTold, Journal, MessageTold, Place, ReviewTold, Told, TurnTold
from core.ports.records import UnitOfWork

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
KIM = Person("U1", "Kim", "T1")
S = SessionId("s")


@pytest.fixture
async def records(tmp_path: Path) -> AsyncIterator[SqlRecords]:
    one = await open_records(f"sqlite+aiosqlite:///{tmp_path / 'records.db'}")
    async with one.begin() as work:
        await work.sessions.put(Session(S, ChannelRef("slack", "T0", "C1"), "1", KIM, NOW, NOW))
    yield one
    await one.close()


def at(minute: int) -> datetime:
    return NOW + timedelta(minutes=minute)


def message(name: str, minute: int) -> Message:
    standing = Standing(Role.REQUESTER, RoleBasis.HOME)
    return Message(MessageId(name), S, name, 1, at(minute), KIM, standing, f"text of {name}")


def turn(name: str, minute: int, delivery: Delivery, answer: str | None = None) -> Turn:
    asked = TurnQuestion(
        QuestionId(f"q-{name}"), QuestionClass.WITHIN_SCOPE, "why?", Outcome.ANSWERED, "known",
        answer=AnswerId(answer) if answer else None,
    )  # fmt: skip
    return Turn(TurnId(name), S, 1, at(minute), (), (asked,), delivery)


def answer(name: str) -> Answer:
    cited = Citation(1, EntryId("k"), 1, "t", "vigil://entry/k", QA, NOW)
    return Answer(AnswerId(name), QuestionId("q"), S, (Claim("Set it.", (1,)),), (cited,))


def revision(n: int, minute: int) -> Revision:
    entry = KnowledgeEntry(
        id=EntryId("k"), kind=QA, audience=SHARED, title="t", answer=str(n), created_at=NOW, updated_at=NOW
    )
    return Revision(
        subject_kind=ENTRY, subject_id=entry.id, n=n, change=ChangeKind.ADDED, after=entry, at=at(minute), why="w",
        job=f"j{n}",
    )  # fmt: skip


def click(name: str, minute: int, kind: str = "accept", target_kind: str = "answer") -> Feedback:
    return Feedback(name, target_kind, "a1", KIM.id, "requester", kind, "", at(minute))


def review(name: str, minute: int, task: str = "review") -> Run:
    ruled = (Verdicts(AnswerId(name), Verdict.DELETE, (EntryId("e"),), "an analyst says so"),)
    output = TypeAdapter(ReviewRecord).dump_json(ReviewRecord(Review(()), ruled)).decode()
    return Run(RunId(f"run-{name}-{task}"), task, "hash", "m", at(minute), S, None, "{}", "[]", output)


async def record(work: UnitOfWork, *rows: Message | Turn | Revision | Answer | Feedback | Run) -> None:
    for row in rows:
        match row:
            case Message():
                await work.messages.put(row)
            case Turn():
                await work.turns.put(row)
            case Revision():
                await work.ledger.append(row)
            case Answer():
                await work.answers.put(row)
            case Feedback():
                await work.feedback.add(row)
            case Run():
                await work.turns.add_run(row)


def names(told: Sequence[Told]) -> list[str]:
    return [_name(one) for one in told]


def _name(one: Told) -> str:
    match one:
        case MessageTold():
            return one.message.id
        case TurnTold():
            return one.turn.id
        case AcceptTold():
            return one.click.id
        case ReviewTold():
            return f"v:{','.join(verdicts.answer for verdicts in one.verdicts)}"
        case Revision():
            return f"r{one.n}"


async def test_an_empty_journal_tells_nothing_and_stays_where_it_is(records: SqlRecords) -> None:
    empty: Journal = records.journal
    assert await empty.since(Place()) == ([], Place())
    assert await empty.end() == Place()


async def test_it_tells_by_time_then_messages_then_turns_then_revisions(records: SqlRecords) -> None:
    async with records.begin() as work:
        await record(work, revision(1, 1), turn("t2", 2, Delivery.NONE), turn("t1", 1, Delivery.SENT), message("m2", 2))
        await record(work, message("m1", 1), message("m0", 0), message("m1b", 1), revision(2, 1))
    told, _ = await records.journal.since(Place())
    assert names(told) == ["m0", "m1", "m1b", "t1", "r1", "r2", "m2", "t2"]


async def test_it_goes_on_behind_a_place_and_tells_nothing_twice(records: SqlRecords) -> None:
    told: list[str] = []
    place = Place()
    for n in range(1, 4):
        async with records.begin() as work:
            await record(work, message(f"m{n}", n), turn(f"t{n}", n, Delivery.NONE), revision(n, n))
        found, place = await records.journal.since(place)
        told += names(found)
    assert told == ["m1", "t1", "r1", "m2", "t2", "r2", "m3", "t3", "r3"]
    assert await records.journal.since(place) == ([], place)


async def test_what_was_recorded_late_for_an_earlier_time_is_told_too(records: SqlRecords) -> None:
    async with records.begin() as work:
        await record(work, message("m5", 5))
    _, place = await records.journal.since(Place())
    async with records.begin() as work:
        await record(work, message("m1", 1))
    assert names((await records.journal.since(place))[0]) == ["m1"]


async def test_a_turn_is_told_once_its_delivery_is_decided_and_as_it_is_then(records: SqlRecords) -> None:
    pending = turn("t", 1, Delivery.PENDING)
    async with records.begin() as work:
        await record(work, pending)
    told, place = await records.journal.since(Place())
    assert told == []
    async with records.begin() as work:
        await record(work, replace(pending, delivery=Delivery.SENT))
    (one,), place = await records.journal.since(place)
    assert isinstance(one, TurnTold)
    assert one.turn.delivery is Delivery.SENT
    async with records.begin() as work:
        await record(work, replace(pending, delivery=Delivery.SENT, lead_s=5.0))
    assert (await records.journal.since(place))[0] == []


async def test_a_review_is_told_before_what_it_changed_and_no_other_task_is(records: SqlRecords) -> None:
    async with records.begin() as work:
        await record(work, revision(1, 1), review("a", 1), review("b", 1, "extract"), turn("t", 1, Delivery.NONE))
    told, place = await records.journal.since(Place())
    assert names(told) == ["t", "v:a", "r1"]
    assert await records.journal.since(place) == ([], place)


async def test_a_turn_comes_with_its_session_and_answers(records: SqlRecords) -> None:
    async with records.begin() as work:
        await record(work, answer("a1"), answer("a2"), turn("t", 1, Delivery.SENT, "a1"), turn("u", 2, Delivery.NONE))
    first, second = (await records.journal.since(Place()))[0]
    assert isinstance(first, TurnTold)
    assert isinstance(second, TurnTold)
    assert (first.session.id, first.answers, second.answers) == (S, (answer("a1"),), ())


async def test_clicks_come_between_turns_and_revisions_and_only_those_on_answers(records: SqlRecords) -> None:
    asked = Question(QuestionId("q"), S, (), NOW, "why?")
    async with records.begin() as work:
        await work.questions.put(asked)
        await record(work, answer("a1"), revision(1, 1), click("c1", 1), turn("t1", 1, Delivery.SENT))
        await record(work, click("wish", 1, target_kind="message"), click("like", 1, "like"))
    told, place = await records.journal.since(Place())
    assert names(told) == ["t1", "c1", "r1"]
    assert isinstance(told[1], AcceptTold)
    assert (told[1].question, told[1].session.id) == (asked, S)
    async with records.begin() as work:
        await record(work, click("c2", 0, "undo"))
    assert names((await records.journal.since(place))[0]) == ["c2"]


async def test_pages_give_the_same_between_two_places_however_small_they_are(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "PAGE", 2)

    async def paged(begin: Place, end: Place) -> list[str]:
        pages = [page async for page in records.journal.pages(begin, end)]
        assert all(len(page) <= 2 for page in pages)
        return [name for page in pages for name in names(page)]

    assert await paged(Place(), await records.journal.end()) == []
    async with records.begin() as work:
        await work.questions.put(Question(QuestionId("q"), S, (), NOW, "why?"))
        await record(work, answer("a1"), *(message(f"m{n}", 9 - n) for n in range(5)))
        await record(work, *(turn(f"t{n}", n, Delivery.NONE, "a1") for n in range(3)), turn("p", 1, Delivery.PENDING))
        await record(work, click("c", 1), click("like", 1, "like"), review("v", 1), revision(1, 3), revision(2, 1))
    place = await records.journal.end()
    assert await paged(Place(), place) == "m0 m1 m2 m3 m4 t0 t1 t2 c v:v r1 r2".split()
    async with records.begin() as work:
        await record(work, message("late", 0), turn("p", 1, Delivery.SENT), revision(3, 0))
    all_of_it, end = await records.journal.since(Place())
    assert sorted(await paged(Place(), end)) == sorted(names(all_of_it))
    assert await paged(Place(), place) == "m0 m1 m2 m3 m4 t0 t1 t2 c v:v r1 r2".split(), "nothing behind the end"
    assert await paged(place, await records.journal.end()) == ["late", "p", "r3"]
    told, _ = await records.journal.since(Place())
    assert [one async for page in records.journal.pages(Place(), end) for one in page if isinstance(one, TurnTold)] == [
        one for name in "t0 t1 t2 p".split() for one in told if isinstance(one, TurnTold) and one.turn.id == name
    ]


async def _most_bytes(records: SqlRecords, end: Place) -> int:
    tracemalloc.start()
    try:
        assert sum([len(page) async for page in records.journal.pages(Place(), end)]) == end.messages
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def test_what_pages_hold_in_memory_does_not_grow_with_the_journal(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "PAGE", 100)
    async with records.begin() as work:
        await record(work, *(replace(message(f"m{n}", n), text=f"{n} word " * 100) for n in range(2_000)))
    end = await records.journal.end()
    few = replace(end, messages=200)
    await _most_bytes(records, few)  # what is made once
    assert await _most_bytes(records, end) < 1.5 * await _most_bytes(records, few)


async def test_what_was_rolled_back_is_not_told(records: SqlRecords) -> None:
    async def fail() -> None:
        async with records.begin() as work:
            await record(work, message("m1", 1))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await records.journal.since(Place()) == ([], Place())
