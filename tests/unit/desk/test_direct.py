"""Asked directly it always replies, whoever asks and in whatever phase the session is (DESIGN 1)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.channels import ChannelSettings
from core.domain.errors import TransientError
from core.domain.people import Person
from core.domain.sessions import Phase, QuestionClass
from core.domain.tasks import Generated, Identified, Rewriting, Rewritten
from tests.unit.desk.support import ANALYST, BOT, CHANNEL, HOME, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        await one.know(ASKED)
        yield one


async def test_before_a_first_line_bot_has_handed_over(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        channel = await work.channels.get(CHANNEL)
        await work.channels.put(replace(channel, settings=ChannelSettings(first_line_bot=BOT.id)))
    root = await desk.post(ASKED, direct=True)
    await desk.wait(30)
    assert (await desk.session_of(root)).phase is Phase.OPEN
    assert len(desk.messenger.posted) == 1


async def test_an_analyst_who_asks(desk: Table) -> None:
    root = await desk.post("hello everyone")
    await desk.wait(30)
    await desk.post(ASKED, ANALYST, thread=root, direct=True)
    await desk.wait(30)
    assert len(desk.messenger.posted) == 1


async def test_somebody_who_joins_an_internal_thread(desk: Table) -> None:
    root = await desk.post("how do I rotate the gateway key?", Person("UH1", "Hal", HOME))
    await desk.wait(30)
    await desk.post(ASKED, Person("UH2", "Ida", HOME), thread=root, direct=True)
    await desk.wait(30)
    assert len(desk.messenger.posted) == 1


async def test_an_analyst_who_asks_in_a_closed_thread_reopens_it(desk: Table) -> None:
    root = await desk.post("hello everyone")
    await desk.wait(90_000)
    assert (await desk.session_of(root)).phase is Phase.CLOSED
    await desk.post(ASKED, ANALYST, thread=root, direct=True)
    assert (await desk.session_of(root)).phase is Phase.ENGAGED
    await desk.wait(30)
    assert len(desk.messenger.posted) == 1


async def test_an_analysts_question_to_vigil_is_no_answer_to_the_requester(desk: Table) -> None:
    root = await desk.post(ASKED)
    await desk.post("Tell me what is known about multipart uploads with SlowDown.", ANALYST, thread=root, direct=True)
    await desk.wait(30)
    assert len(desk.messenger.posted) == 1


async def test_a_bot_that_mentions_vigil_is_not_answered(desk: Table) -> None:
    await desk.post(ASKED, BOT, direct=True)
    await desk.wait(30)
    assert desk.messenger.posted == {}


async def _last_notice(desk: Table) -> tuple[str, int]:
    card = list(desk.messenger.posted.values())[-1]
    assert card.notice is not None
    return card.notice.text, len(card.closest)


async def test_a_repeat_is_told_that_it_was_answered_above(desk: Table) -> None:
    root = await desk.post(ASKED, direct=True)
    await desk.wait(30)
    await desk.post(ASKED, thread=root, direct=True)
    await desk.wait(30)
    assert len(desk.messenger.posted) == 2
    assert await _last_notice(desk) == ("already_answered", 0)


async def test_an_outage_is_told_as_one(desk: Table) -> None:
    desk.engine.says["identify"] = TransientError("down")
    await desk.post(ASKED, direct=True)
    await desk.wait(30)
    assert await _last_notice(desk) == ("outage", 0)


async def test_small_talk_is_told_how_to_ask(desk: Table) -> None:
    desk.engine.says["identify"] = lambda _: Identified(QuestionClass.NO_ASSISTANCE_NEEDED, "told so", 1.0)
    await desk.post("hello", direct=True)
    await desk.wait(30)
    assert await _last_notice(desk) == ("small_talk", 0)


async def test_a_question_taken_for_small_talk_is_told_what_is_near(desk: Table) -> None:
    desk.engine.says["identify"] = lambda _: Identified(QuestionClass.NO_ASSISTANCE_NEEDED, "told so", 1.0)
    await desk.post("why do multipart uploads fail?", direct=True)
    desk.engine.says["generate"] = lambda _: Generated((), "told so")
    await desk.wait(30)
    assert await _last_notice(desk) == ("nothing_reliable", 1)


async def test_what_was_answered_above_is_not_named_as_closest_to_another_question(desk: Table) -> None:
    root = await desk.post(ASKED, direct=True)
    await desk.wait(30)
    desk.engine.says["rewrite"] = lambda i: Rewriting(
        (Rewritten(ASKED, (i.burst[0].id,)), Rewritten("who is the king of Norway", (i.burst[0].id,)))
    )
    await desk.post("both please: that, and who is the king of Norway", thread=root, direct=True)
    await desk.wait(30)
    assert await _last_notice(desk) == ("nothing_reliable", 0)
