"""What edits and deletions do to what waits, to questions and to lessons (DESIGN 4, Transcript)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.desk.on_change import SOURCE_GONE
from core.domain.cards import Card
from core.domain.channels import ChannelSettings, DeliveryMode
from core.domain.knowledge import ChangeKind, EntryStatus, Revision
from core.domain.people import Role
from core.domain.sessions import Outcome, QuestionClass
from core.domain.tasks import (
    ExtractInput,
    Extraction,
    Generated,
    Identified,
    IdentifyInput,
    Lesson,
    NotKnownYet,
    Reply,
    Request,
)
from core.session.lifecycle import message_id
from tests.unit.desk.support import ANALYST, CHANNEL, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"
SAID = "Use four connections at most, the limit is per connection."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


def _while_it_works(
    desk: Table, task: str, happens: Callable[[], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let something happen once, while the engine performs a task."""
    perform, left = desk.engine.perform, [happens]

    async def performed(request: Request[Any, Any]) -> Reply[Any]:
        if request.task.name == task and left:
            await left.pop()()
        return await perform(request)

    monkeypatch.setattr(desk.engine, "perform", performed)


def _answers(cards: list[Card]) -> list[str]:
    return [section.answer.plain_text for card in cards for section in card.sections]


@pytest.mark.parametrize("task", ["identify", "rewrite"])
async def test_what_is_edited_or_deleted_while_it_is_answered_stays_so_and_is_answered_as_it_is(
    desk: Table, monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    await desk.know(ASKED)
    await desk.know("how long are logs kept?", "Logs are kept for 30 days.", name="logs")
    kept = await desk.post(ASKED)
    gone = await desk.post("my private host is db17", thread=kept)

    async def change() -> None:
        await desk.edit(kept, "how long are logs kept?")
        await desk.delete(gone)

    _while_it_works(desk, task, change, monkeypatch)
    await desk.wait(30)
    session = await desk.session_of(kept)
    messages = await desk.messages(session.id)
    assert [(m.text, m.deleted_at is None) for m in messages] == [("how long are logs kept?", True), ("", False)]
    assert [q.query for q in await desk.questions(session.id)] == ["how long are logs kept?"]
    assert _answers(list(desk.messenger.posted.values())) == ["Logs are kept for 30 days."]


async def test_what_is_left_of_a_burst_is_answered_when_a_part_is_deleted_meanwhile(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.know(ASKED)
    kept = await desk.post(ASKED)
    gone = await desk.post("my private host is db17", thread=kept)
    _while_it_works(desk, "rewrite", lambda: desk.delete(gone), monkeypatch)
    await desk.wait(30)
    (turn,) = await desk.turns((await desk.session_of(kept)).id)
    assert turn.questions[0].query == ASKED
    assert len(desk.messenger.posted) == 1


async def _taught_twice(desk: Table) -> tuple[str, str, str]:
    """Two threads say the same, the second confirms what the first has taught; gives both answers and the first's thread."""
    desk.engine.says["extract"] = _said
    desk.engine.says["generate"] = lambda _: Generated((), "not sure")
    roots, answers = [], []
    for _ in range(2):
        roots.append(await desk.post(ASKED))
        desk.clock.pass_s(60)
        answers.append(await desk.post(SAID, ANALYST, thread=roots[-1]))
        await desk.wait(90_000)
    (head,) = await _ledger(desk)
    assert (head.change, head.after.confirmations) == (ChangeKind.CONFIRMED, 1)
    return answers[0], answers[1], roots[0]


def _said(inputs: ExtractInput) -> Extraction:
    """What an analyst said last is the solution, if one spoke."""
    said = [line for line in inputs.dialogue if line.role is Role.ANALYST][-1:]
    if not said:
        return Extraction(NotKnownYet("nobody has answered"))
    found = Lesson(
        "SlowDown", "uploads fail", "", said[0].text, (), (said[0].id,), None, confirmed=False, confidence=1.0
    )
    return Extraction(found)


async def _ledger(desk: Table) -> list[Revision]:
    async with desk.desk.records.read() as work:
        return await work.ledger.heads(None, 100)


async def test_a_deleted_confirmation_leaves_what_the_other_thread_taught(desk: Table) -> None:
    _, second, _ = await _taught_twice(desk)
    await desk.delete(second)
    (head,) = await _ledger(desk)
    assert (head.after.status, head.after.confirmations) == (EntryStatus.ACTIVE, 0)
    async with desk.desk.records.read() as work:
        assert await work.projections.learned_from(message_id(CHANNEL.key, second)) == []
    await desk.wait(90_000)
    assert await _ledger(desk) == [head]


async def test_what_a_deleted_message_taught_is_taught_again_by_the_thread_that_confirmed_it(desk: Table) -> None:
    first, second, _ = await _taught_twice(desk)
    await desk.delete(first)
    assert [head.after.status for head in await _ledger(desk)] == [EntryStatus.RETIRED]
    await desk.wait(10)
    (active,) = [head for head in await _ledger(desk) if head.after.status is EntryStatus.ACTIVE]
    assert active.after.answer == SAID
    assert message_id(CHANNEL.key, second) in active.from_messages


async def test_a_confirmation_can_be_deleted_after_the_first_thread_went_on(desk: Table) -> None:
    _, second, root = await _taught_twice(desk)
    await desk.post("Use four connections at most, the limit is per single connection.", ANALYST, thread=root)
    await desk.wait(90_000)
    (head,) = await _ledger(desk)
    assert (head.change, head.after.confirmations) == (ChangeKind.UPDATED, 1)
    await desk.delete(second)
    (head,) = await _ledger(desk)
    assert (head.after.status, head.after.confirmations) == (EntryStatus.ACTIVE, 0)


async def _learned(desk: Table, *asked: str) -> tuple[list[str], str]:
    """One thread has taught one entry; gives the messages of the question and the answer."""
    desk.engine.says["extract"] = _said
    root = await desk.post(asked[0])
    more = [await desk.post(text, thread=root) for text in asked[1:]]
    await desk.wait(60)
    answer = await desk.post(SAID, ANALYST, thread=root)
    await desk.wait(700)
    (head,) = await _ledger(desk)
    assert head.after.question == "\n".join(asked)
    return [root, *more], answer


async def test_a_deleted_question_takes_along_the_entry_that_keeps_its_words(desk: Table) -> None:
    (root,), _ = await _learned(desk, f"our vault zanzibar-7 says {ASKED}")
    await desk.delete(root)
    (head,) = await _ledger(desk)
    assert (head.after.status, head.why) == (EntryStatus.RETIRED, SOURCE_GONE)
    await desk.wait(90_000)
    assert [head.after.status for head in await _ledger(desk)] == [EntryStatus.RETIRED]
    (question,) = await desk.questions((await desk.session_of(root)).id)
    assert (question.query, question.messages) == ("", ())


async def test_what_is_left_of_a_question_teaches_without_the_deleted_words(desk: Table) -> None:
    (_, more), _ = await _learned(desk, ASKED, "our vault is zanzibar-7")
    await desk.delete(more)
    await desk.wait(10)
    (head,) = await _ledger(desk)
    assert (head.after.status, head.after.question) == (EntryStatus.ACTIVE, ASKED)


async def test_an_edited_question_is_known_by_its_new_words(desk: Table) -> None:
    (root,), _ = await _learned(desk, f"our vault zanzibar-7 says {ASKED}")
    await desk.edit(root, ASKED)
    await desk.wait(10)
    (head,) = await _ledger(desk)
    assert (head.after.status, head.after.question) == (EntryStatus.ACTIVE, ASKED)
    assert [q.query for q in await desk.questions((await desk.session_of(root)).id)] == [ASKED]


@pytest.mark.parametrize("part", ["the question", "the answer"])
async def test_what_is_deleted_while_it_is_learned_is_not_learned(
    desk: Table, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    desk.engine.says["extract"] = _said
    root = await desk.post(ASKED)
    await desk.wait(60)
    answer = await desk.post(SAID, ANALYST, thread=root)
    gone = root if part == "the question" else answer
    _while_it_works(desk, "extract", lambda: desk.delete(gone), monkeypatch)
    await desk.wait(700)
    assert await _ledger(desk) == []


async def test_a_link_that_is_only_unfolded_changes_nothing(desk: Table) -> None:
    root = await desk.post(ASKED)
    await desk.wait(10)
    before = await desk.session_of(root)
    await desk.edit(root, ASKED)
    assert await desk.session_of(root) == before


async def test_an_unanswered_message_that_is_edited_into_a_question_is_answered(desk: Table) -> None:
    await desk.know(ASKED)
    desk.engine.says["identify"] = _small_talk_but_for_questions
    root = await desk.post("Hi")
    await desk.wait(10)
    await desk.edit(root, ASKED)
    await desk.wait(10)
    silent, answered = await desk.turns((await desk.session_of(root)).id)
    assert (silent.questions[0].outcome, answered.questions[0].outcome) == (Outcome.SILENT, Outcome.ANSWERED)
    assert len(desk.messenger.posted) == 1


def _small_talk_but_for_questions(inputs: IdentifyInput) -> Identified:
    asks = any(line.text.endswith("?") for line in inputs.burst)
    return Identified(QuestionClass.WITHIN_SCOPE if asks else QuestionClass.NO_ASSISTANCE_NEEDED, "told so", 1.0)


async def test_an_edit_after_the_time_to_answer_is_not_answered(desk: Table) -> None:
    await desk.know(ASKED)
    desk.engine.says["identify"] = _small_talk_but_for_questions
    root = await desk.post("Hi")
    await desk.wait(3600)
    await desk.edit(root, ASKED)
    await desk.wait(10)
    turns = await desk.turns((await desk.session_of(root)).id)
    assert [turn.questions[0].outcome for turn in turns] == [Outcome.SILENT, Outcome.STALE]
    assert desk.messenger.posted == {}


async def test_what_vigil_has_answered_is_not_answered_again_when_it_is_edited(desk: Table) -> None:
    await desk.know(ASKED)
    root = await desk.post(ASKED)
    await desk.wait(10)
    await desk.edit(root, f"please, {ASKED}")
    await desk.wait(10)
    assert len(await desk.turns((await desk.session_of(root)).id)) == 1


async def test_a_message_that_was_deleted_before_it_came_leaves_no_word(desk: Table, tmp_path: Path) -> None:
    await desk.delete("100.000001")
    await desk.post("our vault is zanzibar-7", ts="100.000001")
    await desk.wait(10)
    async with desk.desk.records.read() as work:
        assert await work.events.known("test", "C1:100.000001")
        assert await work.messages.get(message_id(CHANNEL.key, "100.000001")) is None
    assert desk.engine.asked == []
    assert not _files_with(b"zanzibar", tmp_path)


def _files_with(word: bytes, folder: Path) -> list[Path]:
    return [file for file in folder.glob("records.db*") if word in file.read_bytes()]


async def test_a_message_that_was_edited_before_it_came_is_known_as_edited(desk: Table) -> None:
    await desk.know(ASKED)
    await desk.edit("100.000001", "why?")
    desk.clock.pass_s(1)
    await desk.edit("100.000001", ASKED)
    root = await desk.post("hi", ts="100.000001")
    await desk.wait(10)
    assert [m.text for m in await desk.messages((await desk.session_of(root)).id)] == [ASKED]
    assert len(desk.messenger.posted) == 1


async def test_deletions_are_followed_in_a_channel_that_is_off_now(desk: Table) -> None:
    (root,), answer = await _learned(desk, ASKED)
    async with desk.desk.records.begin() as work:
        channel = await work.channels.get(CHANNEL)
        await work.channels.put(replace(channel, settings=ChannelSettings(mode=DeliveryMode.OFF)))
    await desk.delete(answer)
    await desk.delete("never.seen")
    await desk.edit(root, "not read any more")
    assert [head.after.status for head in await _ledger(desk)] == [EntryStatus.RETIRED]
    assert [m.text for m in await desk.messages((await desk.session_of(root)).id)] == [ASKED, ""]
    async with desk.desk.records.begin() as work:
        assert await work.events.take(CHANNEL, "never.seen") is None
