"""Projecting beside the projector: a process that only writes the ledger waits for it, or does its work where there is none."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Protocol

from core.domain.errors import TransientError
from core.domain.ids import EntryId
from core.domain.jobs import JobOrder, Lane
from core.knowledge.projection import KNOWLEDGE, Projector
from core.ports.clock import Clock
from core.ports.records import Records

LOOK_S = 0.05
PATIENCE_S = 60.0
"""How long the projector may take for a batch; then it is stuck, or its disk is full."""
NOT_TAKEN_UP = "What was written is kept, but the running Vigil has not taken it up for a minute: its log says why."


class Projecting(Protocol):
    """Brings the store up to the ledger, and keeps it fit."""

    async def flush(self) -> int:
        """Return when everything that was pending is in the store; gives how many entries this process put there."""
        ...

    async def maintain(self) -> None:
        """Have the store maintained."""
        ...


Turn = Callable[[], AbstractContextManager[bool]]
"""Tries to become the projector for a moment, without waiting; gives whether it is."""


class ProjectorBeside:
    """A ``Projecting`` of a process that does not hold the home. ``records`` are those that the running bot works on;
    ``sleep`` is real time, like ``clock.monotonic_s``."""

    def __init__(
        self, own: Projector, records: Records, clock: Clock, turn: Turn,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._own, self._records, self._clock, self._turn, self._sleep = own, records, clock, turn, sleep
        self._one = asyncio.Lock()

    async def flush(self) -> int:
        """See ``Projecting``. Raises ``TransientError`` when the running bot does not come on for a minute."""
        async with self._one:
            first, since_s = await self._first(), self._clock.monotonic_s()
            if first is not None and (done := await self._flushed_here()) is not None:
                return done
            if first is not None:
                await self._order(Lane.PROJECT)
            while first is not None:
                await self._sleep(LOOK_S)
                now_first = await self._first()
                if now_first != first:
                    first, since_s = now_first, self._clock.monotonic_s()
                elif (done := await self._flushed_here()) is not None:
                    return done
                elif self._clock.monotonic_s() - since_s > PATIENCE_S:
                    raise TransientError(NOT_TAKEN_UP)
            return 0

    async def maintain(self) -> None:
        """See ``Projecting``: where a bot runs it does that, soon."""
        with self._turn() as mine:
            if mine:
                await self._own.maintain()
        if not mine:
            await self._order(Lane.MAINTAIN)

    async def _flushed_here(self) -> int | None:
        with self._turn() as mine:
            return await self._own.flush() if mine else None

    async def _first(self) -> tuple[EntryId, int] | None:
        """What waits longest, and so tells whether the projector comes on."""
        async with self._records.read() as work:
            pending = await work.projections.pending(1)
        return (pending[0].subject_id, pending[0].n) if pending else None

    async def _order(self, lane: Lane) -> None:
        async with self._records.begin() as work:
            await work.jobs.order(self._clock.now(), JobOrder(lane, KNOWLEDGE))
