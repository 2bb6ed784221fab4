"""What edits and deletions do to what waits, to questions and to lessons (DESIGN 4, Transcript)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from core.domain.cards import Card
from core.domain.tasks import Reply, Request
from tests.unit.desk.support import Table, table

ASKED = "why do multipart uploads fail with SlowDown?"


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
