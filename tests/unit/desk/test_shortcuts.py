"""On a message: its session is closed by who asked or an analyst, and whoever wonders is told why Vigil spoke or did not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.domain.cards import Notice
from core.domain.events import MessagePosted
from core.domain.knowledge import INTERNAL
from core.domain.pages import Page, PageKind
from core.domain.people import Person
from core.domain.replies import Reply
from core.domain.sessions import Phase
from tests.unit.desk.asking import press, told
from tests.unit.desk.clicking import ASKED, Clicking, answered
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, Table, table

PASSER_BY = Person("UPASS", "Pat", "T0CUS")


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[Clicking]:
    async with table(tmp_path) as desk:
        await desk.know(ASKED)
        yield await answered(desk)


async def _phase(asked: Clicking) -> Phase:
    return (await asked.table.session_of(asked.ts)).phase


@pytest.mark.parametrize("by", [CUSTOMER, ANALYST])
async def test_the_asker_and_analysts_close_a_session(asked: Clicking, by: Person) -> None:
    used = await press(asked.table, "close_session", asked.ts, by, CHANNEL, asked.ts)
    assert used == Notice("session_closed")
    assert await _phase(asked) is Phase.CLOSED
    again = await press(asked.table, "close_session", asked.ts, by, CHANNEL, asked.ts)
    assert again == Notice("session_closed_already")


async def test_nobody_else_closes_it(asked: Clicking) -> None:
    used = await press(asked.table, "close_session", asked.ts, PASSER_BY, CHANNEL, asked.ts)
    assert used == Notice("only_asker_closes")
    assert await _phase(asked) is Phase.ENGAGED


async def test_on_our_own_card_the_thread_is_meant(asked: Clicking) -> None:
    page = await press(asked.table, "why_message", asked.ts, ANALYST, CHANNEL, "9999.000001")
    assert "answered" in told(page)
    await press(asked.table, "close_session", asked.ts, ANALYST, CHANNEL, "9999.000001")
    assert await _phase(asked) is Phase.CLOSED


@pytest.mark.parametrize("action", ["close_session", "why_message"])
async def test_of_a_message_without_a_record_nothing_is_said(asked: Clicking, action: str) -> None:
    assert await press(asked.table, action, "1.1", ANALYST, CHANNEL, "1.1") == Notice("why_unknown")


async def test_why_names_titles_only_to_those_who_may_see_them(tmp_path: Path) -> None:
    async with table(tmp_path) as desk:
        await desk.know(ASKED, audience=INTERNAL)
        await desk.know("why is the quota page empty?", name="other")
        ts = await desk.post(ASKED)
        await desk.wait(5)
        page = await press(desk, "why_message", ts, CUSTOMER, CHANNEL, ts)
        assert "quota" in told(page)
        assert f"  {ASKED}" not in told(page)


async def _say(desk: Table, text: str, by: Person, thread: str | None) -> Reply:
    event = MessagePosted(
        source="test", external_id=f"say-{desk.clock.at}", at=desk.clock.at, channel=CHANNEL, thread=thread,
        message_id=f"{desk.clock.at.timestamp():.6f}", author=by, text=text, direct=True,
    )  # fmt: skip
    desk.clock.pass_s(0.001)
    return (await desk.intake.receive(event)).reply


@pytest.mark.parametrize(("words", "by"), [("@Vigil why?", CUSTOMER), ("@Vigil 为什么？", ANALYST)])
async def test_why_in_a_thread_is_told_at_once_and_no_card_answers_it(asked: Clicking, words: str, by: Person) -> None:
    desk = asked.table
    page = await _say(desk, words, by, asked.ts)
    assert "answered" in told(page)
    assert ASKED in told(page)
    await desk.wait(30)
    assert len(desk.messenger.posted) == 1
    assert ASKED in told(await _say(desk, words, by, asked.ts))


async def test_why_where_nothing_was_asked_is_a_message_like_any(asked: Clicking) -> None:
    assert await _say(asked.table, "@Vigil why", PASSER_BY, None) is None


async def test_who_asks_what_vigil_can_do_is_shown_how_to_ask_and_no_card_answers(asked: Clicking) -> None:
    page = await _say(asked.table, "@Vigil what can you help me with?", PASSER_BY, None)
    assert isinstance(page, Page)
    assert page.kind is PageKind.HELP
    await asked.table.wait(30)
    assert len(asked.table.messenger.posted) == 1
