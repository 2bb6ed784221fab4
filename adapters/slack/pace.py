"""How fast Slack is read and written to: below its limits, so that nothing live is refused because of it."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

WITHIN_S = 60.0
POST_EVERY_S, BURST = 1.0, 3
"""Slack takes about one message a second in a channel and tolerates short bursts, of a length that it does not tell."""


class Pace:
    """Lets ``most`` calls begin within ``within_s`` seconds (Slack allows about 50 of tier 3 a minute); whoever comes too early
    waits."""

    def __init__(
        self,
        most: int = 40,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = time.monotonic,
        within_s: float = WITHIN_S,
    ) -> None:
        self._most, self._sleep, self._now, self._within_s = most, sleep, now, within_s
        self._begun: deque[float] = deque()
        self._turn = asyncio.Lock()

    async def turn(self) -> None:
        """Return when the next call may begin."""
        async with self._turn:
            while len(self._begun) >= self._most:
                wait_s = self._begun[0] + self._within_s - self._now()
                if wait_s <= 0:
                    self._begun.popleft()
                else:
                    await self._sleep(wait_s)
            self._begun.append(self._now())


class ChannelPaces:
    """Lets each channel be written to at the pace that Slack asks for: about once a second, with a short burst."""

    def __init__(
        self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._sleep, self._now = sleep, now
        self._paces: dict[str, Pace] = {}

    async def turn(self, channel: str) -> None:
        """Return when the next post or edit in the channel may begin."""
        pace = self._paces.get(channel)
        if pace is None:
            pace = self._paces[channel] = Pace(BURST, self._sleep, self._now, BURST * POST_EVERY_S)
        await pace.turn()
