"""The live driver: lanes, channels and errors do not hold each other up (DESIGN 8)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

import pytest

from core.desk import runner
from core.desk.context import Desk
from core.domain.cards import Card
from core.domain.errors import TransientError
from core.domain.jobs import Job, JobOrder, Lane
from core.ports.records import UnitOfWork
from tests.unit.desk.support import CHANNEL, KNOWN, OTHER, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"
GUARD_S = 30.0
"""After this long a test has failed; none waits for it when all is well."""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        await one.know(ASKED)
        yield one


@asynccontextmanager
async def live(desk: Table) -> AsyncIterator[None]:
    driver = asyncio.create_task(desk.runner.live())
    try:
        async with asyncio.timeout(GUARD_S):
            yield
    finally:
        driver.cancel()
        with suppress(asyncio.CancelledError):
            await driver


def posts(desk: Table, monkeypatch: pytest.MonkeyPatch, hangs: asyncio.Event | None = None) -> "asyncio.Queue[Card]":
    """Gives what is posted as it is posted; with ``hangs``, cards of the first channel wait for it."""
    posted: asyncio.Queue[Card] = asyncio.Queue()
    real = desk.messenger.send

    async def send(card: Card) -> str:
        if hangs and card.destination.channel == CHANNEL:
            await hangs.wait()
        name = await real(card)
        posted.put_nowait(card)
        return name

    monkeypatch.setattr(desk.messenger, "send", send)
    return posted


async def _order(desk: Table, *orders: JobOrder) -> None:
    async with desk.desk.records.begin() as work:
        await work.jobs.order(desk.clock.now(), *orders)


async def test_a_question_is_answered_while_a_lesson_is_being_learned(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted, learning, learned = posts(desk, monkeypatch), asyncio.Event(), asyncio.Event()

    async def learn(job: Job, desk_: Desk) -> None:
        learning.set()
        await learned.wait()

    monkeypatch.setitem(runner.HANDLERS, Lane.LEARN, learn)
    await _order(desk, *(JobOrder(Lane.LEARN, str(n)) for n in range(9)))
    async with live(desk):
        await learning.wait()
        await desk.post(ASKED)
        desk.clock.pass_s(3)
        card = await posted.get()
    assert card.sections[0].answer.plain_text == KNOWN
    assert not learned.is_set()


async def test_a_lane_is_as_wide_as_it_may_be(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    running: dict[Lane, int] = dict.fromkeys(Lane, 0)
    most = dict(running)
    wide, done = asyncio.Event(), asyncio.Event()

    async def work_on(job: Job, desk_: Desk) -> None:
        running[job.lane] += 1
        most[job.lane] = max(most[job.lane], running[job.lane])
        if most == runner.LANE_WIDTH:
            wide.set()
        await wide.wait()
        async with desk_.records.begin() as work:
            await work.jobs.finish(job)
            left = await work.owners.listing()
        running[job.lane] -= 1
        if not left:
            done.set()

    for lane in Lane:
        monkeypatch.setitem(runner.HANDLERS, lane, work_on)
    await _order(desk, *(JobOrder(lane, str(n)) for lane in Lane for n in range(6)))
    async with live(desk):
        await done.wait()
    assert most == runner.LANE_WIDTH


async def test_a_channel_that_hangs_holds_up_no_other(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    hangs = asyncio.Event()
    posted = posts(desk, monkeypatch, hangs)
    await desk.post(ASKED)
    await desk.post(ASKED, channel=OTHER)
    desk.clock.pass_s(3)
    async with live(desk):
        assert (await posted.get()).destination.channel == OTHER
        hangs.set()
        assert (await posted.get()).destination.channel == CHANNEL


async def test_an_error_of_the_records_stops_no_loop(desk: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    posted, real = posts(desk, monkeypatch), desk.desk.records.begin
    left = [ValueError("a bug"), *[TransientError("Another program is holding the records.")] * 6]

    def failing() -> AbstractAsyncContextManager[UnitOfWork]:
        if left:
            raise left.pop()
        return real()

    await desk.post(ASKED)
    desk.clock.pass_s(3)
    monkeypatch.setattr(desk.desk.records, "begin", failing)
    async with live(desk):
        await posted.get()
    assert not left
