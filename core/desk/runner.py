"""The one driver of durable work: live by the clock, in a replay by message time (DESIGN 8)."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from core.desk.accept_job import PREFIX, accept_job
from core.desk.again import after_outage, again_or_park, park
from core.desk.clock_watch import ClockWatch
from core.desk.context import Desk
from core.desk.edits import edit_job
from core.desk.fetch_job import fetch_job
from core.desk.learn_job import learn_job
from core.desk.other_jobs import close_job, maintain_job, project_job
from core.desk.outbox import deliver, put_off, queue
from core.desk.refresh_job import refresh_job
from core.desk.respond_job import respond_job
from core.desk.retain_job import retain_job
from core.desk.withdraw import withdraw_job
from core.domain.cards import OutboxItem
from core.domain.channels import ChannelRef
from core.domain.errors import FinalError, TransientError, UnusableAnswerError, VigilError
from core.domain.jobs import Job, Lane

log = structlog.get_logger(__name__)

Handler = Callable[[Job, Desk], Awaitable[None]]
Step = Callable[[datetime], Awaitable[bool]]
"""Does what is due next by that time; gives whether there was anything."""


async def learn(job: Job, desk: Desk) -> None:
    """What teaches runs in one lane, and of all processes of a home in one at a time: clicks and dialogues."""
    async with desk.teaching():
        await (accept_job if job.key.startswith(PREFIX) else learn_job)(job, desk)


HANDLERS: dict[Lane, Handler] = {
    Lane.RESPOND: respond_job,
    Lane.LEARN: learn,
    Lane.CLOSE: close_job,
    Lane.EDIT: edit_job,
    Lane.WITHDRAW: withdraw_job,
    Lane.FETCH: fetch_job,
    Lane.PROJECT: project_job,
    Lane.MAINTAIN: maintain_job,
    Lane.REFRESH: refresh_job,
    Lane.RETAIN: retain_job,
}
LANE_WIDTH = {
    Lane.RESPOND: 4,
    Lane.LEARN: 1,
    Lane.CLOSE: 2,
    Lane.EDIT: 2,
    Lane.WITHDRAW: 1,
    Lane.FETCH: 1,
    Lane.PROJECT: 1,
    Lane.MAINTAIN: 1,
    Lane.REFRESH: 1,
    Lane.RETAIN: 1,
}
"""How many jobs of a lane run at once; learn is one, because near-duplicate checks and writes must not interleave."""
CARDS_AT_ONCE = 4
POLL_S = 0.25
SOON_S = 0.05
LEASE_S = 120.0
GAVE_UP = "an error that was not foreseen; see the log"


class Runner:
    """Runs what is due: ``run_due`` one thing after the other, which a replay can repeat, ``live`` side by side.

    ``parks`` off raises a job's ``FinalError`` and leaves the job as a crash would: recorded history goes on from there once
    the disk has space again, where parking would go on without the lesson. ``sends`` off leaves the cards to another process.
    ``held_since`` is from when on, by the desk's clock, jobs have met outages and none was done.
    """

    def __init__(self, desk: Desk, *, parks: bool = True, sends: bool = True) -> None:
        self._desk, self._parks, self._sends = desk, parks, sends
        self._at_work: set[tuple[Lane, str]] = set()
        self._bells: dict[Lane | None, asyncio.Event] = {lane: asyncio.Event() for lane in (*Lane, None)}
        self._news = asyncio.Event()
        self._sending: set[ChannelRef] = set()
        self._pause_s = POLL_S
        self._watch = ClockWatch(desk)
        self.held_since: datetime | None = None

    async def run_due(self, now: datetime) -> datetime | None:
        """Run every job and send every card due by ``now``, and give when the next one is due (``None``: nothing waits)."""
        return await self.run_while(lambda next_at: now if next_at <= now else None)

    async def run_while(self, time_of: Callable[[datetime], datetime | None]) -> datetime | None:
        """Run what is due, each at the time that ``time_of`` gives for when it is due, until that gives none."""
        while True:
            job_at, card_at = await self._waiting()
            next_at = _first(job_at, card_at)
            now = time_of(next_at) if next_at is not None else None
            if now is None:
                return next_at
            try:
                jobs_due = job_at is not None and job_at <= now
                worked = (jobs_due and await self._claim_next(now)) or await self._send_next(now)
            except TransientError as error:
                log.warning("records_busy", error=error.sentence)
                worked = False
            if not worked:
                await asyncio.sleep(SOON_S)  # leased by another process, or the records are held: that ends

    async def next_at(self) -> datetime | None:
        """When the next job or card is due."""
        return _first(*await self._waiting())

    async def _waiting(self) -> tuple[datetime | None, datetime | None]:
        """When the next job is due, and when the next card."""
        async with self._desk.records.read() as work:
            cards = queue(await work.outbox.waiting()) if self._sends else []
            return await work.jobs.next_run_at(), cards[0][0] if cards else None

    async def live(self) -> None:
        """Run what is due by the desk's clock until cancelled: no lane waits for another, no channel's cards for another's."""
        async with asyncio.TaskGroup() as loops:
            for lane, width in LANE_WIDTH.items():
                for _ in range(width):
                    loops.create_task(self._forever(partial(self._run_next, lane=lane), lane))
            for _ in range(CARDS_AT_ONCE):
                loops.create_task(self._forever(self._send_next, None))
            while True:
                self._pause_s = POLL_S
                self._news.clear()
                await self._guarded(self._look)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pause_s):
                        await self._news.wait()

    async def _forever(self, step: Step, lane: Lane | None) -> None:
        """Take the step as long as there is something to do, then whenever the lane's bell rings; ``None`` is the cards'."""
        while True:
            bell = self._bells[lane]
            if not await self._guarded(step):
                await bell.wait()

    async def _guarded(self, step: Step) -> bool:
        """Take the step; whatever stops it, the loop goes on, and with it what is still due."""
        try:
            return await step(self._desk.clock.now())
        except VigilError as error:
            log.error("driver_held", error=error.sentence)
        except Exception:
            log.exception("driver_failed")
        return False

    async def _look(self, now: datetime) -> bool:
        """See to the clock, then to what is due by it."""
        await self._watch.look()
        return await self._ring_if_due(now)

    async def _ring_if_due(self, now: datetime) -> bool:
        """Wake the loops of those lanes where something is due, and no others: each would look into the records. Where nothing
        is, say how long to pause: what comes in meanwhile may be due sooner."""
        async with self._desk.records.read() as work:
            cards = queue(await work.outbox.waiting())
            times: dict[Lane | None, datetime | None] = {lane: await work.jobs.next_run_at(lane) for lane in Lane}
        times[None] = cards[0][0] if cards else None
        due = [lane for lane, at in times.items() if at is not None and at <= now]
        for lane in due:
            self._bells[lane].set()
            self._bells[lane] = asyncio.Event()
        next_at = _first(*times.values())
        if due:
            self._pause_s = SOON_S
        elif next_at is not None:
            self._pause_s = min((next_at - now).total_seconds(), POLL_S)
        return bool(due)

    async def _run_next(self, now: datetime, lane: Lane) -> bool:
        """Run the earliest job of a lane that is due; gives whether there was one."""
        async with self._desk.records.read() as work:
            job_at = await work.jobs.next_run_at(lane)
        return job_at is not None and job_at <= now and await self._claim_next(now, lane)

    async def _claim_next(self, now: datetime, lane: Lane | None = None) -> bool:
        lease_until = datetime.now(UTC) + timedelta(seconds=LEASE_S)
        async with self._desk.records.begin() as work:
            jobs = await work.jobs.claim(now, self._desk.owner, lease_until, 1, lane)
        mine = [job for job in jobs if (job.lane, job.key) not in self._at_work]
        for job in mine:
            self._at_work.add((job.lane, job.key))
            try:
                await self._run(job)
            finally:
                self._at_work.discard((job.lane, job.key))
            self._news.set()  # it may have ordered something
        return bool(mine)

    async def _send_next(self, now: datetime) -> bool:
        """Send the first card that is due in a channel where none is being sent; gives whether there was one."""
        async with self._desk.records.read() as work:
            due = [item for at, item in queue(await work.outbox.waiting()) if at <= now]
        for item in due:
            channel = item.card.destination.channel
            if channel in self._sending:
                continue
            self._sending.add(channel)
            try:
                await self._deliver(item)
            finally:
                self._sending.discard(channel)
            self._news.set()  # it may have ordered something
            return True
        return False

    async def _deliver(self, item: OutboxItem) -> None:
        try:
            await deliver(item, self._desk)
        except (TransientError, FinalError):
            raise  # of the records: nothing can be written now
        except Exception:
            log.exception("card_failed", card=item.card.id, attempts=item.attempts)
            await put_off(item.card.id, self._desk)

    async def _run(self, job: Job) -> None:
        try:
            await HANDLERS[job.lane](job, self._desk)
            self.held_since = None
        except UnusableAnswerError as error:
            await again_or_park(job, error.sentence, self._desk)
        except TransientError as error:  # an outage may last: never parked
            self.held_since = self.held_since or self._desk.clock.now()
            await after_outage(job, error, self._desk)
        except FinalError as error:
            if not self._parks:
                raise
            await park(job, error.sentence, self._desk)
        except Exception:
            log.exception("job_failed", lane=job.lane, key=job.key, attempts=job.attempts)
            await again_or_park(job, GAVE_UP, self._desk)


def _first(*times: datetime | None) -> datetime | None:
    return min((t for t in times if t is not None), default=None)
