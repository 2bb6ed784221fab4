"""Recorded history is fed beside the running bot: neither takes the other's jobs, and what is left at the end the bot does."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.records.records import SqlRecords
from bot.home import alone_in_the_past
from bot.past import take_over
from bot.wiring import Parts
from core.desk.clock_watch import ClockWatch
from core.desk.intake import Intake
from core.desk.past import hand_over
from core.desk.runner import Runner
from core.domain.jobs import JobOrder, Lane
from core.domain.sessions import Delivery, Phase, QuestionState
from tests.unit.desk.support import ANALYST, OTHER, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"


@pytest.fixture
async def live(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        await one.know(ASKED)
        yield one


@pytest.fixture
def past(live: Table) -> Table:
    """The same home for who feeds history into it: silent, on records of the past."""
    assert isinstance(live.desk.records, SqlRecords)
    records = live.desk.records.of_the_past()
    desk = replace(live.desk, records=records, policy=replace(live.desk.policy, posting=False), owner="a backfill")
    return Table(desk, Intake(desk), Runner(desk, sends=False), live.clock, live.engine, live.messenger)


async def _rows(desk: Table) -> list[tuple[Lane, str]]:
    async with desk.desk.records.read() as work:
        return [(job.lane, job.key) for job in await work.owners.listing()]


async def test_the_bot_leaves_what_is_asked_in_the_past_to_the_backfill_which_posts_nothing(
    live: Table, past: Table
) -> None:
    ts = await past.post(ASKED)
    assert await _rows(live) == []
    await live.wait(10)
    session = await live.session_of(ts)
    assert await live.turns(session.id) == []
    await past.wait(10)
    (turn,) = await live.turns(session.id)
    assert (turn.delivery, live.messenger.posted) == (Delivery.SHADOW, {})


async def test_the_backfill_leaves_what_is_asked_today_and_its_card_to_the_bot(live: Table, past: Table) -> None:
    ts = await live.post(ASKED)
    await past.wait(60)
    session = await live.session_of(ts)
    assert await live.turns(session.id) == []
    await live.runner.run_due(live.clock.now())
    assert len(live.messenger.posted) == 1


async def test_a_burst_of_today_in_a_thread_that_is_fed_is_left_to_the_bot(live: Table, past: Table) -> None:
    root = await past.post(ASKED)
    live.clock.pass_s(6)
    asked = await live.post("and how do I turn it off?", thread=root)
    live.clock.at -= timedelta(seconds=2)  # the time of what is fed
    await past.runner.run_due(past.clock.now())
    (turn,) = await live.turns((await live.session_of(asked)).id)
    messages = await live.messages((await live.session_of(asked)).id)
    assert [m.platform_id for m in messages if m.turn is None] == [asked]
    assert turn.messages == (messages[0].id,)


async def test_who_restarts_gives_back_only_leases_of_its_own_kind(live: Table, past: Table) -> None:
    for desk in (live, past):
        await desk.post(ASKED, channel=OTHER if desk is live else replace(OTHER, channel="C9"))
        async with desk.desk.records.begin() as work:
            until = live.clock.now() + timedelta(days=9999)
            await work.jobs.claim(live.clock.now() + timedelta(days=2), desk.desk.owner, until, 9)
    async with live.desk.records.begin() as work:
        assert await work.owners.release("a new bot") == 2
    async with past.desk.records.read() as work:
        assert {job.owner for job in await work.owners.listing()} == {"a backfill"}


async def test_what_is_left_at_the_end_is_the_bots_but_for_answers(live: Table, past: Table) -> None:
    ts = await past.post(ASKED)
    session = await live.session_of(ts)
    async with live.desk.records.begin() as work:
        await work.jobs.order(live.clock.now(), JobOrder(Lane.LEARN, "its own"))
    await hand_over(past.desk.records, live.desk.records, live.clock.now())
    assert await _rows(past) == []
    assert sorted(await _rows(live)) == [(Lane.CLOSE, session.id), (Lane.LEARN, "its own")]


async def test_a_backfill_that_reaches_today_does_not_look_like_a_clock_that_was_set_back(
    live: Table, past: Table
) -> None:
    session = await live.session_of(await past.post(ASKED))
    await past.wait(60)
    await hand_over(past.desk.records, live.desk.records, live.clock.now())
    assert await ClockWatch(live.desk).look() == 0
    async with live.desk.records.read() as work:
        (left,) = await work.owners.listing(Lane.CLOSE)
        assert left.key == session.id
        assert left.run_at == session.last_at + timedelta(seconds=live.desk.policy.close_after_s)


async def test_what_a_killed_backfill_leaves_is_closed_and_learned_by_the_bot_and_nothing_is_posted(
    live: Table, past: Table, tmp_path: Path
) -> None:
    assert isinstance(live.desk.records, SqlRecords)
    parts = Parts(
        live.desk.records, live.desk.records.journal, live.desk.store, live.desk.embedder, live.engine, live.messenger,
        live.clock, past=past.desk.records, home=tmp_path,
    )  # fmt: skip
    taught = await past.post("how do I turn the sync off?", channel=OTHER)
    await past.wait(10)
    await past.post("Run `sync off`, then restart the agent.", ANALYST, thread=taught, channel=OTHER)
    unheard = await past.post(ASKED)
    live.clock.pass_s(40 * 86_400)
    live.engine.asked.clear()
    with alone_in_the_past(tmp_path):
        await take_over(parts)
    assert await _rows(live) == [], "a backfill at work is let alone"
    await take_over(parts)
    assert await _rows(past) == []
    await live.runner.run_due(live.clock.now())
    await live.wait(10)
    sessions = [await live.session_of(unheard), await live.session_of(taught, OTHER)]
    assert [one.phase for one in sessions] == [Phase.CLOSED, Phase.CLOSED]
    assert await _rows(live) == []
    assert live.messenger.calls == []
    async with live.desk.records.read() as work:
        assert await work.outbox.waiting() == []
        assert [q.state for q in await work.questions.of_session(sessions[0].id)] == [QuestionState.UNRESOLVED]
    assert live.engine.asked.count("extract") == 2, "both are learned from"
