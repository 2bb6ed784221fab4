"""The machine's clock is set: nothing waits for a time that has been, and nothing is done twice (DESIGN 8)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.desk import runner
from core.desk.clock_watch import ClockWatch
from core.desk.context import Desk
from core.domain.channels import ChannelRef
from core.domain.jobs import Job, JobOrder, Lane
from core.domain.people import Person
from core.domain.sessions import Outcome, Phase
from tests.unit.desk.support import HOME, OTHER, Table, table
from tests.unit.desk.test_live import live, posts

ASKED = "why do multipart uploads fail with SlowDown?"
HOUR_S, DAY_S = 3600.0, 86_400.0


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        await one.know(ASKED)
        yield one


async def _jobs(desk: Table) -> list[Job]:
    async with desk.desk.records.read() as work:
        return await work.owners.listing()


async def test_a_question_is_answered_in_time_though_the_clock_is_set_back_an_hour(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = posts(desk, monkeypatch)
    async with live(desk):
        await desk.post(ASKED)
        desk.clock.pass_s(3)
        await posted.get()
        await desk.post(ASKED, Person("UTWO", "Two", "T0CUS"), channel=OTHER)
        desk.clock.set_by(-HOUR_S)
        desk.clock.pass_s(3)
        assert (await posted.get()).destination.channel == OTHER


async def test_every_timer_lease_and_waiting_card_moves_with_a_clock_that_is_set_back(desk: Table) -> None:
    watch = ClockWatch(desk.desk)
    assert await watch.look() == 0
    await desk.post(ASKED)
    async with desk.desk.records.begin() as work:
        until = desk.clock.now() + timedelta(seconds=120)
        await work.jobs.claim(desk.clock.now() + timedelta(days=2), "a worker", until, 1, Lane.RESPOND)
    before = await _jobs(desk)
    desk.clock.set_by(-HOUR_S)
    assert await watch.look() == pytest.approx(HOUR_S)
    by, after = timedelta(seconds=HOUR_S), await _jobs(desk)
    assert [(j.run_at + by, j.first_at + by) for j in after] == [(j.run_at, j.first_at) for j in before]
    assert [j.lease_until + by for j in after if j.lease_until] == [j.lease_until for j in before if j.lease_until]
    assert await watch.look() == 0, "it is noticed once"


async def test_a_card_that_waits_goes_out_in_time_though_the_clock_is_set_back(tmp_path: Path) -> None:
    async with table(tmp_path, send_delay_s=30.0) as desk:
        await desk.know(ASKED)
        watch = ClockWatch(desk.desk)
        await watch.look()
        await desk.post(ASKED)
        await desk.wait(10)
        assert desk.messenger.posted == {}
        desk.clock.set_by(-HOUR_S)
        await watch.look()
        await desk.wait(30)
        assert len(desk.messenger.posted) == 1


async def test_what_waited_when_the_process_ended_is_done_in_time_by_the_next_one(desk: Table) -> None:
    await desk.post(ASKED)
    desk.clock.set_by(-HOUR_S)
    restarted = ClockWatch(desk.desk)
    assert await restarted.look() == pytest.approx(HOUR_S, abs=1)
    await desk.wait(5)
    assert len(desk.messenger.posted) == 1


async def test_a_clock_that_is_only_slewed_moves_nothing(desk: Table) -> None:
    watch = ClockWatch(desk.desk)
    await desk.post(ASKED)
    before = [job.run_at for job in await _jobs(desk)]
    for _ in range(5):
        assert await watch.look() == 0
        desk.clock.pass_s(60)
        desk.clock.set_by(-0.1)
    assert [job.run_at for job in await _jobs(desk)] == before


async def test_a_day_ahead_everything_is_done_once_and_what_is_too_old_is_not_said(desk: Table) -> None:
    ts = await desk.post(ASKED)
    desk.clock.set_by(DAY_S)
    assert await ClockWatch(desk.desk).look() == 0
    await desk.runner.run_due(desk.clock.now())
    session = await desk.session_of(ts)
    (turn,) = await desk.turns(session.id)
    assert (turn.questions[0].outcome, desk.messenger.posted) == (Outcome.STALE, {})
    assert session.phase is Phase.CLOSED
    assert await _jobs(desk) == []
    desk.clock.set_by(-DAY_S)  # the clock is right again
    await desk.post(ASKED, channel=ChannelRef("slack", HOME, "C3"))
    await desk.wait(5)
    assert [card.destination.channel.channel for card in desk.messenger.posted.values()] == ["C3"]


async def test_a_job_that_runs_is_not_begun_again_when_its_lease_seems_over(
    desk: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[str] = []
    working, other = asyncio.Event(), asyncio.Event()

    async def work_on(job: Job, _: Desk) -> None:
        began.append(job.key)
        (other if job.key == "other" else working).set()
        await asyncio.Event().wait()

    monkeypatch.setitem(runner.HANDLERS, Lane.RESPOND, work_on)
    monkeypatch.setattr(runner, "LEASE_S", -DAY_S)  # as it looks when the clock was set a day ahead
    async with desk.desk.records.begin() as work:
        await work.jobs.order(desk.clock.now(), JobOrder(Lane.RESPOND, "one"))
    async with live(desk):
        await working.wait()
        monkeypatch.setattr(runner, "LEASE_S", HOUR_S)
        async with desk.desk.records.begin() as work:
            await work.jobs.order(desk.clock.now(), JobOrder(Lane.RESPOND, "other"))
        await other.wait()
    assert sorted(began) == ["one", "other"]
