"""What is older than it may be kept loses its words, and nothing that was learned (DESIGN 4, Transcript; 10)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.desk.accept_job import PREFIX
from core.desk.cards import ACCEPT
from core.desk.retain_job import MARK, order_retention
from core.domain.cards import Notice
from core.domain.events import ButtonClicked, MessagePosted
from core.domain.ids import MessageId
from core.domain.jobs import JobOrder, Lane
from core.domain.knowledge import EntryStatus, Revision
from core.domain.sessions import Phase
from core.domain.tasks import ExtractInput, Extraction, NotKnownYet
from core.session.lifecycle import message_id
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, Table, table
from tests.unit.desk.test_learn import ASKED, SAID, lesson

DAY = 86_400.0


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


async def _taught(desk: Table) -> tuple[str, str]:
    """A thread that taught an entry and is closed; gives its root and the answer."""
    desk.engine.says["extract"] = lesson
    root = await desk.post(ASKED)
    answer = await desk.post(SAID, ANALYST, thread=root)
    await desk.wait(2 * DAY)
    return root, answer


async def _retain(desk: Table, days: float = 0) -> None:
    await desk.wait(days * DAY)
    await order_retention(desk.desk)
    await desk.wait(0)


async def _head(desk: Table) -> Revision:
    async with desk.desk.records.read() as work:
        (head,) = await work.ledger.heads(None, 9)
    return head


async def test_after_thirty_days_the_words_are_gone_and_the_lesson_stays(desk: Table) -> None:
    root, _ = await _taught(desk)
    session = await desk.session_of(root)
    await _retain(desk, 27)
    assert [m.text for m in await desk.messages(session.id)] == [ASKED, SAID]
    await _retain(desk, 2)
    expired = await desk.messages(session.id)
    assert [(m.text, m.author.name, m.author.id) for m in expired] == [("", "", CUSTOMER.id), ("", "", ANALYST.id)]
    assert all(m.expired_at for m in expired)
    assert [q.query for q in await desk.questions(session.id)] == [""]
    assert [q.query for t in await desk.turns(session.id) for q in t.questions] == [""]
    head = await _head(desk)
    assert (head.after.answer, head.after.status) == (SAID, EntryStatus.ACTIVE)
    assert set(head.from_messages) == {m.id for m in expired}


async def test_it_runs_once_a_day_and_leaves_no_job_behind(desk: Table) -> None:
    await _retain(desk)
    async with desk.desk.records.read() as work:
        assert await work.owners.listing() == []
        assert await work.marks.get(MARK) == desk.clock.now()
    await order_retention(desk.desk)
    assert await desk.runner.next_at() is None
    desk.clock.pass_s(DAY)
    await order_retention(desk.desk)
    assert await desk.runner.next_at() == desk.clock.now()


async def test_a_session_that_is_open_keeps_its_words(tmp_path: Path) -> None:
    async with table(tmp_path, close_after_s=90 * DAY) as desk:
        root = await desk.post(ASKED)
        await _retain(desk, 40)
        session = await desk.session_of(root)
        assert session.phase is not Phase.CLOSED
        assert [m.text for m in await desk.messages(session.id)] == [ASKED]


async def test_a_thread_that_goes_on_takes_nothing_back_from_what_has_expired(desk: Table) -> None:
    root, _ = await _taught(desk)
    await _retain(desk, 40)
    dialogues: list[list[str]] = []

    def heard(inputs: ExtractInput) -> Extraction:
        dialogues.append([line.text for line in inputs.dialogue])
        return Extraction(NotKnownYet("nobody said"))

    desk.engine.says["extract"] = heard
    await desk.post("and with the new client?", thread=root)
    await desk.wait(2 * DAY)
    head = await _head(desk)
    assert (head.n, head.after.status) == (1, EntryStatus.ACTIVE)
    assert dialogues[-1] == ["and with the new client?"]
    session = await desk.session_of(root)
    assert [m.text for m in await desk.messages(session.id)][-1] == "and with the new client?"


async def test_what_was_learned_from_an_expired_message_is_retired_when_that_is_deleted(desk: Table) -> None:
    _, answer = await _taught(desk)
    await _retain(desk, 40)
    await desk.delete(answer)
    await desk.wait(DAY)
    assert (await _head(desk)).after.status is EntryStatus.RETIRED


async def test_an_expired_message_that_is_edited_stays_expired(desk: Table) -> None:
    root, answer = await _taught(desk)
    await _retain(desk, 40)
    await desk.edit(answer, "Something else.")
    await desk.wait(DAY)
    session = await desk.session_of(root)
    assert [m.text for m in await desk.messages(session.id)] == ["", ""]
    assert (await _head(desk)).n == 1


async def test_an_event_that_comes_again_after_its_words_are_gone_is_known(desk: Table) -> None:
    root, _ = await _taught(desk)
    session = await desk.session_of(root)
    await _retain(desk, 40)
    for id_ in (f"C1:{root}", "another-id"):
        again = MessagePosted(
            source="test",
            external_id=id_,
            at=desk.clock.at,
            channel=CHANNEL,
            message_id=root,
            author=CUSTOMER,
            text=ASKED,
        )
        assert not (await desk.intake.receive(again)).stored
    assert [m.text for m in await desk.messages(session.id)] == ["", ""]


async def test_an_old_card_can_no_longer_be_accepted(desk: Table) -> None:
    await desk.know(ASKED)
    root = await desk.post(ASKED)
    await desk.wait(2 * DAY)
    session = await desk.session_of(root)
    async with desk.desk.records.read() as work:
        (answer,) = await work.answers.of_session(session.id)
    await _retain(desk, 40)
    click = ButtonClicked(
        source="test", external_id="c", at=desk.clock.at, channel=CHANNEL, by=CUSTOMER, action=ACCEPT, target=answer.id
    )
    reply = (await desk.intake.receive(click)).reply
    assert isinstance(reply, Notice)
    assert reply.text == "card_unknown"
    async with desk.desk.records.read() as work:
        assert (await work.answers.of_session(session.id))[0].claims == ()
        assert not [job for job in await work.owners.listing() if job.key.startswith(PREFIX)]


async def test_what_a_job_waits_for_is_kept_until_that_is_done(desk: Table) -> None:
    root, _ = await _taught(desk)
    session = await desk.session_of(root)
    await desk.wait(40 * DAY)
    async with desk.desk.records.begin() as work:
        await work.jobs.order(desk.clock.now(), JobOrder(Lane.LEARN, session.id, 3600))
    await _retain(desk)
    assert [m.text for m in await desk.messages(session.id)] == [ASKED, SAID]
    await _retain(desk, 2)
    assert [m.text for m in await desk.messages(session.id)] == ["", ""]
    assert MessageId(message_id(CHANNEL.key, root)) in (await _head(desk)).from_messages
