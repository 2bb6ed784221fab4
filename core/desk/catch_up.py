"""Reading what passed us by while nobody listened: after a start, a gap, a deaf connection."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from core.desk.intake import Intake
from core.domain.channels import ChannelRef
from core.domain.errors import FinalError, TransientError, VigilError
from core.domain.events import InboundEvent
from core.domain.ids import SessionId
from core.domain.jobs import Lane
from core.domain.replies import Receipt
from core.ports.clock import Clock
from core.ports.history import History
from core.ports.records import Records

log = structlog.get_logger(__name__)

FARTHEST = timedelta(hours=24)
"""How far back is read at most: what is older is for ``vigil backfill``."""
OVERLAP = timedelta(minutes=2)
"""Read again before the mark: clocks differ, and what is known is passed over."""
ROOTS = timedelta(days=7)
"""How much older the roots are whose replies, edits and deletion are still noticed; of open sessions, however old they are."""
SURE_S = 600.0
"""How long a connection can be deaf before anybody notices, with a margin: what is older has come in."""
BEAT_S = 60.0
AGAIN_S = 60.0


class CatchUp:
    """Reads one channel after the other, beside the live work. One reading at a time; asked for meanwhile, it reads again."""

    def __init__(
        self, history: History, intake: Intake, records: Records, clock: Clock, sure_s: float = SURE_S
    ) -> None:
        self._history, self._intake, self._records, self._clock = history, intake, records, clock
        self._sure = timedelta(seconds=sure_s)
        self._wanted = asyncio.Event()
        self._heard_at: datetime | None = None

    async def receive(self, event: InboundEvent) -> Receipt:
        """Take a live event: it also shows that we are being told."""
        receipt = await self._intake.receive(event)
        self._heard_at = self._clock.now()
        return receipt

    async def lost(self) -> None:
        """Events may have passed us by: read what there is, soon."""
        self._wanted.set()

    async def run(self) -> None:
        """Read whenever it is wanted, until cancelled; between readings note that all is well. Raises ``CallerError`` for a
        token that Slack refuses."""
        while True:
            try:
                async with asyncio.timeout(BEAT_S):
                    await self._wanted.wait()
            except TimeoutError:
                await self._guarded_beat()
                continue
            self._wanted.clear()
            if not await self.read():
                self._wanted.set()
                await asyncio.sleep(AGAIN_S)

    async def read(self) -> bool:
        """Read all channels once; gives whether all of it could be read. A channel never seen before is marked only."""
        begun, stored, whole = self._clock.now(), 0, True
        try:
            channels, threads = await self._history.channels(), await self._open_threads()
        except VigilError as error:
            log.warning("not_caught_up", reason=error.sentence)
            return not isinstance(error, TransientError)
        for channel in channels:
            try:
                stored += await self._channel(channel, threads.get(channel, []), begun)
            except TransientError as error:
                log.warning("channel_not_caught_up", channel=channel.channel, reason=error.sentence)
                whole = False
            except VigilError as error:
                log.error("channel_not_caught_up", channel=channel.channel, reason=error.sentence)
            except Exception:
                log.exception("channel_not_caught_up", channel=channel.channel)
                whole = False
        log.info("caught_up", channels=len(channels), events=stored)
        return whole

    async def _channel(self, channel: ChannelRef, threads: Sequence[str], begun: datetime) -> int:
        """Read one channel and mark it; gives how many events were new."""
        async with self._records.read() as work:
            mark = await work.marks.get(mark_of(channel))
        stored = 0
        if mark is not None:
            since = max(mark, begun - FARTHEST) - OVERLAP
            async for event in self._history.read(channel, since, since - ROOTS, threads):
                stored += await self._take(event)
        await self._mark(channel, begun)
        return stored

    async def _take(self, event: InboundEvent) -> bool:
        """Receive it; one that cannot be taken must not keep the others away, at this start and at every other."""
        try:
            return (await self._intake.receive(event)).stored
        except VigilError:
            raise
        except Exception:
            log.exception("event_left_out", event_id=event.external_id)
            return False

    async def _open_threads(self) -> dict[ChannelRef, list[str]]:
        """The threads of open sessions by channel: each has a timer that will close it."""
        found: dict[ChannelRef, list[str]] = {}
        async with self._records.read() as work:
            for job in await work.owners.listing(Lane.CLOSE):
                session = await work.sessions.get(SessionId(job.key))
                if session and session.threaded:
                    found.setdefault(session.channel, []).append(session.thread)
        return found

    async def _mark(self, channel: ChannelRef, at: datetime) -> None:
        async with self._records.begin() as work:
            known = await work.marks.get(mark_of(channel))
            if known is None or known < at:
                await work.marks.put(mark_of(channel), at)

    async def _guarded_beat(self) -> None:
        try:
            await self.beat()
        except (TransientError, FinalError) as error:
            log.warning("marks_not_moved", reason=error.sentence)

    async def beat(self) -> None:
        """Nothing is known to be missed: move the marks of all channels up to what must have come in before the last live
        event. Where nothing comes, nothing is sure."""
        if self._heard_at is None:
            return
        sure = self._heard_at - self._sure
        async with self._records.read() as work:
            channels = await work.channels.all()
        for channel in channels:
            await self._mark(channel.ref, sure)
        self._heard_at = None


def mark_of(channel: ChannelRef) -> str:
    """The name under which it is marked how far a channel has come in."""
    return f"live:{channel.key}"
