"""A burst starts no more calls than there are places; who waits for one waits within its own time."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.engine.claude.breaker import OPENS_AFTER, OUTAGE
from adapters.engine.claude.engine import TOO_SLOW
from core.domain.errors import TransientError
from tests.fakes.asked import identify, judge
from tests.fakes.claude.opened import At, claude_engine
from tests.unit.engine.claude.saying import plain


@pytest.mark.parametrize("places", [1, 3])
async def test_fifty_calls_at_once_keep_to_the_places(tmp_path: Path, places: int) -> None:
    async with claude_engine(tmp_path, calls_at_once=places) as at:
        at.claude.model = plain
        await asyncio.gather(*(at.engine.perform(judge("why?")) for _ in range(50)))
        assert at.claude.busiest <= places
        assert len(at.claude.requests) == len(at.meter.calls) == 50


async def test_a_call_that_pauses_between_attempts_keeps_no_place(tmp_path: Path) -> None:
    async with claude_engine(tmp_path, calls_at_once=1) as at:
        at.claude.model = plain
        pausing, goes_on = asyncio.Event(), asyncio.Event()

        async def pause(seconds: float) -> None:
            pausing.set()
            await goes_on.wait()

        at.engine._sleep = pause
        at.claude.faults.status(1, 529)
        first = asyncio.create_task(at.engine.perform(judge("why?")))
        await pausing.wait()
        await at.engine.perform(judge("why?"))
        goes_on.set()
        await first


async def occupied(at: At) -> asyncio.Task[object]:
    """The only place is taken, by a call that is answered late."""
    at.claude.faults.slow(1, seconds=30.0)
    task: asyncio.Task[object] = asyncio.create_task(at.engine.perform(judge("why?")))
    await at.claude.until(lambda: len(at.claude.requests) == 1)
    return task


async def test_calls_that_are_cancelled_or_too_late_while_they_wait_for_a_place_are_no_failures(tmp_path: Path) -> None:
    async with claude_engine(tmp_path, calls_at_once=1) as at:
        at.claude.model = plain
        first = await occupied(at)
        hurried = identify("why?")
        hurried = replace(hurried, task=replace(hurried.task, timeout_s=0.01))
        for _ in range(OPENS_AFTER):
            with pytest.raises(TransientError, match=TOO_SLOW):
                await at.engine.perform(hurried)
        waiting = [asyncio.create_task(at.engine.perform(judge("why?"))) for _ in range(OPENS_AFTER)]
        await at.meter.bell.until(lambda: at.meter.asked == 1 + 2 * OPENS_AFTER)
        for task in (*waiting, first):
            task.cancel()
        ended = await asyncio.gather(*waiting, first, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in ended)
        assert len(at.claude.requests) == 1
        await at.engine.perform(identify("why?"))


async def test_calls_that_are_broken_off_once_sent_are_failures(at: At) -> None:
    at.claude.faults.slow(OPENS_AFTER, seconds=30.0)
    for sent in range(1, OPENS_AFTER + 1):
        task = asyncio.create_task(at.engine.perform(judge("why?")))
        await at.claude.until(lambda sent=sent: len(at.claude.requests) == sent)  # type: ignore[misc]  # a default binds it
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    with pytest.raises(TransientError, match=OUTAGE):
        await at.engine.perform(judge("why?"))
    assert len(at.claude.requests) == OPENS_AFTER
