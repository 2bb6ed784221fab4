"""Time that a test can move on, and a bell that rings whenever something has changed."""

import asyncio
import time
from collections.abc import Callable


class Clock:
    """Real time plus what the test has let pass."""

    def __init__(self) -> None:
        self._passed_s = 0.0
        self._last_us = 0

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._passed_s

    def let_pass(self, seconds: float) -> None:
        """Age every trigger, response address, ticket, stream and allowance at once."""
        self._passed_s += seconds

    def ts(self) -> str:
        """A timestamp as Slack gives messages: unique, growing, to the microsecond."""
        self._last_us = max(self._last_us + 1, int(self.now() * 1e6))
        return f"{self._last_us // 1_000_000}.{self._last_us % 1_000_000:06d}"


class Bell:
    """Wakes whoever waits for the world to change."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Something has changed."""
        self._rung.set()
        self._rung = asyncio.Event()

    async def until(self, holds: Callable[[], bool], within_s: float = 10.0) -> None:
        """Return as soon as ``holds()``; ``TimeoutError`` after ``within_s`` real seconds without it."""
        async with asyncio.timeout(within_s):
            while not holds():
                await self._rung.wait()
