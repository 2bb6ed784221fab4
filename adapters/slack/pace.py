"""How fast Slack is read: below its limit for the methods that read, so that live work is never refused because of it."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

WITHIN_S = 60.0


class Pace:
    """Lets ``most`` calls a minute begin (Slack allows about 50 of tier 3); whoever comes too early waits."""

    def __init__(
        self,
        most: int = 40,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._sleep, self._now = most, sleep, now
        self._begun: deque[float] = deque()
        self._turn = asyncio.Lock()

    async def turn(self) -> None:
        """Return when the next call may begin."""
        async with self._turn:
            while len(self._begun) >= self._most:
                wait_s = self._begun[0] + WITHIN_S - self._now()
                if wait_s <= 0:
                    self._begun.popleft()
                else:
                    await self._sleep(wait_s)
            self._begun.append(self._now())
