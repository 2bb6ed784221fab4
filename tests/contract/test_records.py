"""What the records promise, on a real database and on their twin in memory."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.records import open_records
from adapters.records.records import SqlRecords
from core.domain.cards import Card, Destination, OutboxItem, OutboxState
from core.domain.channels import ChannelRef, ChannelSettings, DeliveryMode
from core.domain.errors import StoreMismatchError, VigilError
from core.domain.events import Attachment, MessageDeleted, MessageEdited, MessagePosted
from core.domain.ids import CardId, EntryId, MessageId, RunId, SessionId, TurnId
from core.domain.jobs import JobOrder, JobState, Lane
from core.domain.knowledge import ENTRY, QA, SHARED, ChangeKind, KnowledgeEntry, Revision
from core.domain.people import Person, Role, RoleBasis, Standing
from core.domain.records import Feedback, Run
from core.domain.sessions import Message, Session
from core.ports.journal import Place
from core.ports.records import Records
from tests.contract.conftest import url

NOW = datetime(2026, 11, 2, 9, 0, 0, 123456, tzinfo=UTC)
REF = ChannelRef("slack", "T0", "C1")
KIM = Person("U1", "Kim 🙂 مرحبا", "T1")
ODD = ["", "🙂", "مرحبا", "a\x00b", "'; DROP TABLE events; --", "x" * 200_000]


def posted(n: int, text: str = "hello", message: str | None = None) -> MessagePosted:
    return MessagePosted(
        source="slack:T0", external_id=f"e{n}", at=NOW, channel=REF, message_id=message or str(n), author=KIM, text=text
    )


def entry(answer: str = "a") -> KnowledgeEntry:
    return KnowledgeEntry(
        id=EntryId("k"),
        kind=QA,
        audience=SHARED,
        title="t",
        answer=answer,
        created_at=NOW,
        updated_at=NOW,
        expires_at=NOW,
    )


def revision(n: int, job: str = "j", messages: tuple[str, ...] = ()) -> Revision:
    sources = tuple(MessageId(m) for m in messages)
    return Revision(
        subject_kind=ENTRY, subject_id=EntryId("k"), n=n, change=ChangeKind.ADDED, after=entry(str(n)), at=NOW, why="w",
        job=job,
        from_messages=sources,
    )  # fmt: skip


async def test_an_event_is_stored_once_by_id_and_by_message(records: Records) -> None:
    async with records.begin() as work:
        assert await work.events.add(posted(1))
        assert not await work.events.add(posted(1))
        assert not await work.events.add(posted(2, message="1"))
        assert await work.events.known("slack:T0", "e1")
        assert not await work.events.known("slack:T0", "e9")


async def test_a_change_that_came_first_is_held_until_its_message_comes(records: Records) -> None:
    edits = [
        MessageEdited(source="s", external_id=f"e{n}", at=NOW, channel=REF, message_id="1", text=text)
        for n, text in enumerate(("one", "two"))
    ]
    gone = MessageDeleted(source="s", external_id="d", at=NOW, channel=REF, message_id="1")
    async with records.begin() as work:
        assert await work.events.take(REF, "1") is None
        await work.events.hold(edits[0])
        await work.events.hold(edits[1])
        assert await work.events.take(REF, "2") is None
        assert await work.events.take(REF, "1") == edits[1]
        assert await work.events.take(REF, "1") is None
        await work.events.hold(gone)
        await work.events.hold(edits[0])
    async with records.begin() as work:
        assert await work.events.take(REF, "1") == gone


async def test_what_raises_leaves_nothing(records: Records) -> None:
    async def broken() -> None:
        async with records.begin() as work:
            await work.events.add(posted(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await broken()
    async with records.read() as work:
        assert not await work.events.known("slack:T0", "e1")


async def test_writing_in_a_reading_transaction_is_an_error(records: Records) -> None:
    async def wrong() -> None:
        async with records.read() as work:
            await work.events.add(posted(1))

    with pytest.raises(VigilError):
        await wrong()


@pytest.mark.parametrize("text", ODD)
async def test_messages_come_back_as_they_were(records: Records, text: str) -> None:
    session = Session(SessionId("s"), REF, "1", KIM, NOW, NOW)
    message = Message(
        MessageId("m"), session.id, "1", 1, NOW, KIM, Standing(Role.REQUESTER, RoleBasis.HOME), text,
        attachments=(Attachment("F", "n.png", "image/png", 0, "https://f.example"),), edited_at=NOW,
    )  # fmt: skip
    async with records.begin() as work:
        await work.sessions.put(session)
        await work.messages.put(message)
    async with records.read() as work:
        assert await work.sessions.get(session.id) == session
        (found,) = await work.messages.of_session(session.id)
    assert replace(found, text="") == replace(message, text="")
    assert found.text in (text, text.replace("\x00", "\ufffd"))


async def test_the_transcript_is_ordered_by_the_platforms_time(records: Records) -> None:
    standing = Standing(Role.REQUESTER, RoleBasis.HOME)
    async with records.begin() as work:
        await work.sessions.put(Session(SessionId("s"), REF, "1", KIM, NOW, NOW))
        for n, minutes in enumerate((2, 0, 1)):
            at = NOW + timedelta(minutes=minutes)
            await work.messages.put(Message(MessageId(f"m{n}"), SessionId("s"), str(n), n, at, KIM, standing, ""))
        assert [m.id for m in await work.messages.of_session(SessionId("s"))] == ["m1", "m2", "m0"]


async def test_messages_wait_until_a_turn_has_dealt_with_them(records: Records) -> None:
    asks, answers = Standing(Role.REQUESTER, RoleBasis.HOME), Standing(Role.ANALYST, RoleBasis.HOME)
    asked = Message(MessageId("m"), SessionId("s"), "1", 1, NOW, KIM, asks, "why?", edited_at=NOW)
    said = replace(asked, id=MessageId("said"), seq=2, standing=answers)
    direct = replace(said, id=MessageId("direct"), seq=3, direct=True)
    gone = replace(asked, id=MessageId("gone"), seq=4, deleted_at=NOW)
    async with records.begin() as work:
        await work.sessions.put(Session(SessionId("s"), REF, "1", KIM, NOW, NOW))
        await work.messages.put(asked, said, direct, gone)
        assert await work.messages.without_turn(SessionId("s")) == [asked, direct]
        assert await work.sessions.has_analyst(SessionId("s"))
        assert not await work.sessions.has_analyst(SessionId("other"))
        await work.messages.assign_turn(TurnId("t"), asked.id, direct.id)
        assert await work.messages.without_turn(SessionId("s")) == []
        assert await work.messages.get(asked.id) == replace(asked, turn=TurnId("t"))
        await work.messages.assign_turn(None, direct.id)
        assert await work.messages.without_turn(SessionId("s")) == [direct]


async def test_channel_settings_and_people_are_kept(records: Records) -> None:
    async with records.begin() as work:
        channel = await work.channels.get(REF)
        changed = replace(
            channel,
            name="ext",
            external=True,
            organisations=frozenset({"T1"}),
            settings=ChannelSettings(DeliveryMode.OFF),
        )
        await work.channels.put(changed)
        await work.channels.see("slack", KIM)
        assert await work.channels.get(REF) == changed
        await work.channels.see("slack", replace(KIM, id="U0", organisation="T2"))
        await work.channels.see("lark", replace(KIM, id="U3"))
        assert [p.id for p in await work.channels.members("slack", "T1")] == ["U1"]
        assert [p.id for p in await work.channels.members("slack", None)] == ["U0", "U1"]


async def test_an_order_moves_a_job_but_not_past_its_latest(records: Records) -> None:
    async with records.begin() as work:
        for seconds in (0, 3, 6, 7):
            await work.jobs.order(NOW + timedelta(seconds=seconds), JobOrder(Lane.RESPOND, "s", 2, 8))
        assert await work.jobs.next_run_at() == NOW + timedelta(seconds=8)


async def test_a_job_ordered_while_it_runs_stays(records: Records) -> None:
    lease = datetime.now(UTC) + timedelta(seconds=60)
    async with records.begin() as work:
        await work.jobs.order(NOW, JobOrder(Lane.RESPOND, "s"))
    async with records.begin() as work:
        (job,) = await work.jobs.claim(NOW, "me", lease, 5)
        assert await work.jobs.claim(NOW, "other", lease, 5) == []
    async with records.begin() as work:
        await work.jobs.order(NOW, JobOrder(Lane.RESPOND, "s"))
        await work.jobs.finish(job)
    async with records.begin() as work:
        (again,) = await work.jobs.claim(NOW, "me", lease, 5)
        await work.jobs.finish(again)
        assert await work.owners.listing() == []


async def test_the_leases_of_a_dead_process_are_given_back(records: Records) -> None:
    lease = datetime.now(UTC) + timedelta(seconds=600)
    async with records.begin() as work:
        await work.jobs.order(NOW, JobOrder(Lane.LEARN, "s"))
        assert len(await work.jobs.claim(NOW, "dead", lease, 5)) == 1
        assert await work.owners.release("alive") == 1
        assert len(await work.jobs.claim(NOW, "alive", lease, 5)) == 1


async def test_a_lane_is_asked_for_its_own_jobs(records: Records) -> None:
    lease = datetime.now(UTC) + timedelta(seconds=600)
    async with records.begin() as work:
        await work.jobs.order(NOW, JobOrder(Lane.LEARN, "s"), JobOrder(Lane.RESPOND, "s", 1))
        assert await work.jobs.next_run_at(Lane.RESPOND) == NOW + timedelta(seconds=1)
        assert await work.jobs.next_run_at(Lane.CLOSE) is None
        later = NOW + timedelta(seconds=5)
        assert [j.lane for j in await work.jobs.claim(later, "me", lease, 5, Lane.RESPOND)] == [Lane.RESPOND]
        assert [j.lane for j in await work.jobs.claim(later, "me", lease, 5)] == [Lane.LEARN]


async def test_what_was_parked_runs_again_after_a_restart(records: Records) -> None:
    lease = datetime.now(UTC) + timedelta(seconds=600)
    async with records.begin() as work:
        await work.jobs.order(NOW, JobOrder(Lane.LEARN, "s"))
        (job,) = await work.jobs.claim(NOW, "me", lease, 5)
        await work.jobs.put_back(replace(job, state=JobState.PARKED, reason="The disk is full."))
        assert await work.jobs.claim(NOW, "me", lease, 5) == []
        assert await work.owners.release("alive") == 0
        (again,) = await work.jobs.claim(NOW, "alive", lease, 5)
    assert again.attempts == 1


async def test_an_order_forgets_failed_attempts(records: Records) -> None:
    lease = datetime.now(UTC) + timedelta(seconds=600)
    async with records.begin() as work:
        await work.jobs.order(NOW, JobOrder(Lane.LEARN, "s"))
        (job,) = await work.jobs.claim(NOW, "me", lease, 5)
        await work.jobs.put_back(replace(job, reason="The model is out."))
        await work.jobs.order(NOW, JobOrder(Lane.LEARN, "s"))
        (again,) = await work.jobs.claim(NOW, "me", lease, 5)
    assert (again.attempts, again.reason) == (1, "")


async def test_the_ledger_only_grows_and_repeats_change_nothing(records: Records) -> None:
    async with records.begin() as work:
        assert await work.ledger.append(revision(1, messages=("m1",)))
        assert not await work.ledger.append(revision(1))
        with pytest.raises(VigilError):
            await work.ledger.append(revision(3, "other"))
        assert await work.ledger.append(revision(2, "later", ("m2",)))
        assert [r.n for r in await work.ledger.history(EntryId("k"))] == [1, 2]
        head = await work.ledger.head(EntryId("k"))
        assert head == revision(2, "later", ("m2",))
        assert await work.ledger.touched_by("later") == ["k"]
        assert await work.projections.learned_from(MessageId("m2")) == ["k"]
        assert await work.projections.learned_from(MessageId("m1")) == []


async def test_what_is_projected_is_not_pending(records: Records) -> None:
    async with records.begin() as work:
        await work.ledger.append(revision(1))
        await work.ledger.append(revision(2, "later"))
        assert [r.n for r in await work.projections.pending(10)] == [2]
        await work.projections.mark([(EntryId("k"), 2)], NOW)
        assert await work.projections.pending(10) == []


async def test_only_what_counts_as_projected_can_be_lost(records: Records) -> None:
    async with records.begin() as work:
        await work.ledger.append(revision(1))
        assert await work.projections.lost({}) == []
        await work.projections.mark([(EntryId("k"), 1)], NOW)
        assert await work.projections.lost({}) == ["k"]
        assert await work.projections.lost({EntryId("k"): 1, EntryId("unknown"): 7}) == []
        await work.ledger.append(revision(2, "later"))
        assert await work.projections.lost({}) == [], "what is pending will be put anyway"
        await work.projections.mark([(EntryId("k"), 2)], NOW)
        assert await work.projections.lost({EntryId("k"): 1}) == ["k"]


async def test_runs_and_feedback_come_back_by_kind_oldest_first(records: Records) -> None:
    runs = [
        Run(RunId(name), task, "h", "m", NOW + timedelta(seconds=n), None, None, "[]", "[]", "{}")
        for name, task, n in (("r2", "extract", 2), ("r1", "extract", 1), ("r0", "review", 0))
    ]
    clicks = [
        Feedback(name, kind, "a", "U1", "analyst", "accept", "", NOW + timedelta(seconds=n))
        for name, kind, n in (("f2", "answer", 2), ("f1", "answer", 1), ("f0", "message", 0))
    ]
    async with records.begin() as work:
        for run in runs:
            await work.turns.add_run(run)
        for click in clicks:
            await work.feedback.add(click)
    async with records.read() as work:
        assert await work.turns.runs("extract") == [runs[1], runs[0]]
        assert await work.feedback.on("answer") == [clicks[1], clicks[0]]
        assert (await work.turns.runs("rewrite"), await work.feedback.on("entry")) == ([], [])


async def test_the_outbox_gives_what_waits_in_the_order_it_came(records: Records) -> None:
    card = Card(CardId("c"), SessionId("s"), TurnId("t"), Destination(REF, "1"), "en", ())
    first = OutboxItem(card, 1, NOW + timedelta(seconds=4), NOW + timedelta(seconds=600))
    second = replace(first, card=replace(card, id=CardId("b"), session=SessionId("r")))
    async with records.begin() as work:
        await work.outbox.put(first)
        await work.outbox.put(second)
        first = replace(first, state=OutboxState.SENDING, sending_at=NOW, not_before=NOW + timedelta(seconds=60))
        await work.outbox.put(first)
        assert await work.outbox.waiting() == [first, second]
        assert await work.outbox.waiting(SessionId("r")) == [second]
        await work.outbox.put(replace(first, state=OutboxState.SENT, platform_id="p"))
        assert await work.outbox.waiting() == [second]
        channel = first.card.destination.channel
        assert await work.outbox.posted(channel, "p") == first.card
        assert await work.outbox.posted(replace(channel, channel="CELSE"), "p") is None
        assert await work.outbox.posted(channel, "q") is None


async def test_the_journal_tells_in_order_and_goes_on_from_a_place(on_sql: SqlRecords) -> None:
    standing = Standing(Role.REQUESTER, RoleBasis.HOME)
    async with on_sql.begin() as work:
        await work.sessions.put(Session(SessionId("s"), REF, "1", KIM, NOW, NOW))
        await work.messages.put(Message(MessageId("m"), SessionId("s"), "1", 1, NOW, KIM, standing, "hi"))
        await work.ledger.append(revision(1))
    told, place = await on_sql.journal.since(Place())
    assert [type(one).__name__ for one in told] == ["MessageTold", "Revision"]
    assert (await on_sql.journal.since(place))[0] == []


async def test_writers_take_turns(records: Records) -> None:
    async def write(n: int) -> None:
        async with records.begin() as work:
            channel = await work.channels.get(REF)
            await asyncio.sleep(0)
            await work.channels.put(replace(channel, name=channel.name + "x"))
            await work.events.add(posted(n))

    await asyncio.gather(*(write(n) for n in range(10)))
    async with records.read() as work:
        assert len((await work.channels.get(REF)).name) == 10


async def test_the_database_is_durable_and_of_a_known_schema(tmp_path: Path) -> None:
    one = await open_records(url(tmp_path))
    await one.close()
    with sqlite3.connect(tmp_path / "records.db") as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        db.execute("UPDATE alembic_version SET version_num = 'from_the_future'")
    with pytest.raises(StoreMismatchError):
        await open_records(url(tmp_path))


def test_a_killed_process_loses_no_acknowledged_event(tmp_path: Path) -> None:
    script = f"""
import asyncio, sys
from tests.contract.test_records import open_records, posted
async def main():
    records = await open_records({url(tmp_path)!r})
    for n in range(100_000):
        async with records.begin() as work:
            await work.events.add(posted(n))
        print(n, flush=True)
asyncio.run(main())
"""
    root = Path(__file__).resolve().parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=root, env={**os.environ}
    )
    assert child.stdout is not None
    last = -1
    for line in child.stdout:
        last = int(line)
        if last >= 50:
            child.send_signal(signal.SIGKILL)
            break
    child.wait()
    child.stdout.close()
    with sqlite3.connect(tmp_path / "records.db") as db:
        assert db.execute("SELECT count(*) FROM events").fetchone()[0] >= last + 1


async def test_a_mark_is_kept_replaced_and_taken_away(records: Records) -> None:
    async with records.begin() as work:
        await work.marks.put("live:a", NOW)
        await work.marks.put("live:b", NOW)
    async with records.begin() as work:
        await work.marks.put("live:a", NOW + timedelta(microseconds=1))
        await work.marks.put("live:b", None)
        await work.marks.put("live:never", None)
    async with records.read() as work:
        assert await work.marks.get("live:a") == NOW + timedelta(microseconds=1)
        assert await work.marks.get("live:b") is None


async def test_marks_are_listed_by_how_their_names_begin(records: Records) -> None:
    async with records.begin() as work:
        for name in ("backfill:b", "live:a", "backfill:%a", "backfill"):
            await work.marks.put(name, NOW)
        await work.moved_channels.put(ChannelRef("slack", "T0", "C0"), ("C1",))
    async with records.read() as work:
        assert await work.marks.names("backfill:") == ["backfill:%a", "backfill:b"]
        assert await work.marks.names("%") == []


async def test_the_ids_of_a_moved_channel_are_kept_in_their_order(records: Records) -> None:
    first, other = ChannelRef("slack", "T0", "C0"), ChannelRef("slack", "T:0", "C%")
    async with records.begin() as work:
        assert await work.moved_channels.all() == {}
        await work.moved_channels.put(first, ("C1",))
        await work.moved_channels.put(other, ("C5",))
        await work.marks.put("moved:not", NOW)
    async with records.begin() as work:
        await work.moved_channels.put(first, ("C1", "C2"))
    async with records.read() as work:
        assert await work.moved_channels.all() == {first: ("C1", "C2"), other: ("C5",)}
