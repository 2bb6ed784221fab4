"""Asked directly it always replies, whoever asks and in whatever phase the session is (DESIGN 1)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.channels import ChannelSettings
from core.domain.people import Person
from core.domain.sessions import Phase
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
