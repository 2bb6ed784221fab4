"""Noticing that the machine's clock was set back, so that nothing waits for a time that has been (DESIGN 8).

A clock that jumps ahead makes what waits due at once, each job once; a card that is too old by then is not sent. Set back, it
would let everything wait for as long as it was set back: a question would go stale. Then all that waits is moved with it.
"""

from dataclasses import replace
from datetime import timedelta

import structlog

from core.desk.context import Desk
from core.domain.jobs import Lane

log = structlog.get_logger(__name__)

NOTICED_S = 2.0
"""Clocks that are slewed differ from the monotonic one by less, and as much may a timer be late."""


class ClockWatch:
    """Compares the wall clock with one that never jumps."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ahead_s: float | None = None

    async def look(self) -> float:
        """Move what waits where the clock was set back since the last look; gives by how many seconds that was (0: not)."""
        ahead_s = self._desk.clock.now().timestamp() - self._desk.clock.monotonic_s()
        back_s = await self._before() if self._ahead_s is None else self._ahead_s - ahead_s
        if back_s <= NOTICED_S:
            if back_s < -NOTICED_S:  # set, or the machine slept, which the monotonic clock does not count
                log.info("clock_set_ahead", by_s=round(-back_s, 1))
            self._ahead_s = ahead_s if self._ahead_s is None else max(self._ahead_s, ahead_s)
            return 0.0
        await self._move(timedelta(seconds=-back_s))
        self._ahead_s = ahead_s
        log.warning("clock_set_back", by_s=round(back_s, 1))
        return back_s

    async def _before(self) -> float:
        """By how much the clock was set back before this process began, as far as that shows: no job was first ordered in the
        time to come. Clicks are ordered by the platform's clock, and tell nothing."""
        async with self._desk.records.read() as work:
            jobs = [*await work.owners.listing(Lane.RESPOND), *await work.owners.listing(Lane.CLOSE)]
        ordered = [job.first_at for job in jobs]
        return max(((at - self._desk.clock.now()).total_seconds() for at in ordered), default=0.0)

    async def _move(self, by: timedelta) -> None:
        async with self._desk.records.begin() as work:
            await work.owners.shift(by)
            for item in await work.outbox.waiting():
                await work.outbox.put(replace(item, not_before=item.not_before + by))
