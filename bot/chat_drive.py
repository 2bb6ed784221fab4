"""The timers of ``vigil chat``: by the clock while somebody types, and up to any time that it is moved to."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.clocks import MovableClock
from core.desk.runner import Runner

LOOK_EVERY_S = 0.25
HELD_AT_MOST = timedelta(hours=1)
"""How long, by the chat's clock, what an outage holds up is tried again while the clock is moved: it jumps, the outage not."""


class Drive:
    """Runs what is due one thing after the other, and has all of it told."""

    def __init__(self, runner: Runner, clock: MovableClock, tell: Callable[[], Awaitable[None]]) -> None:
        self._runner, self._clock, self._tell = runner, clock, tell
        self._one_at_a_time = asyncio.Lock()
        self._news = asyncio.Event()
        self.works = False
        """Whether something is being done now."""

    async def until(self, until: datetime) -> None:
        """Run all timers up to a time, each at its own, and move the clock there."""
        async with self._one_at_a_time:
            next_at = await self._runner.next_at()
            while next_at is not None and next_at <= max(until, self._clock.now()) and not self._is_held(next_at):
                self._clock.advance(next_at)
                self.works = True
                try:
                    next_at = await self._runner.run_due(self._clock.now())
                finally:
                    self.works = False
                await self._tell()
            self._clock.advance(until)

    def _is_held(self, next_at: datetime) -> bool:
        since = self._runner.held_since
        return since is not None and next_at > max(since + HELD_AT_MOST, self._clock.now())

    async def live(self) -> None:
        """Run what is due as the clock goes on, until cancelled."""
        while True:
            self._news.clear()
            await self.until(self._clock.now())
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._news.wait()
            except TimeoutError:
                continue

    def ring(self) -> None:
        """Something has come in: look at once."""
        self._news.set()
