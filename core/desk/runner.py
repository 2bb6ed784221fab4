"""The one driver of durable work: live by the clock, in a replay by message time (DESIGN 8)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from core.desk.context import Desk
from core.desk.learn_job import learn_job
from core.desk.other_jobs import close_job, maintain_job, project_job
from core.desk.outbox import deliver
from core.desk.respond_job import respond_job
from core.domain.cards import OutboxItem
from core.domain.errors import FinalError, TransientError
from core.domain.jobs import Job, JobState, Lane

log = structlog.get_logger(__name__)

Handler = Callable[[Job, Desk], Awaitable[None]]

HANDLERS: dict[Lane, Handler] = {
    Lane.RESPOND: respond_job,
    Lane.LEARN: learn_job,
    Lane.CLOSE: close_job,
    Lane.PROJECT: project_job,
    Lane.MAINTAIN: maintain_job,
}
LANE_WIDTH = {Lane.RESPOND: 4, Lane.LEARN: 1, Lane.CLOSE: 2, Lane.PROJECT: 1, Lane.MAINTAIN: 1}
"""How many jobs of a lane run at once; learn is one, because near-duplicate checks and writes must not interleave."""
LEASE_S = 120.0
MOST_ATTEMPTS = 5
FIRST_RETRY_S = 10.0
MOST_DOUBLINGS = 6
GAVE_UP = "an error that was not foreseen; see the log"


class Runner:
    """Runs what is due. ``at_once`` is how many jobs may be in work together: 1 makes a replay repeatable."""

    def __init__(self, desk: Desk, at_once: int = 1) -> None:
        self._desk, self._at_once = desk, at_once
        self._lanes = {lane: asyncio.Semaphore(width) for lane, width in LANE_WIDTH.items()}

    async def run_due(self, now: datetime) -> datetime | None:
        """Run every job and send every card due by ``now``, and give when the next one is due (``None``: nothing waits)."""
        while True:
            next_at = await self._next_at()
            if next_at is None or next_at > now:
                return next_at
            await self._round(now)

    async def next_at(self) -> datetime | None:
        """When the next job or card is due."""
        return await self._next_at()

    async def _round(self, now: datetime) -> None:
        lease_until = datetime.now(UTC) + timedelta(seconds=LEASE_S)
        async with self._desk.records.read() as work:
            job_at = await work.jobs.next_run_at()
            items = await work.outbox.due(now)
        jobs: list[Job] = []
        if job_at is not None and job_at <= now:
            async with self._desk.records.begin() as work:
                jobs = await work.jobs.claim(now, self._desk.owner, lease_until, self._at_once)
        await asyncio.gather(*(self._run(job) for job in jobs))
        if not jobs:
            await asyncio.gather(*(self._deliver(item) for item in items[: self._at_once]))
        if not jobs and not items:
            await asyncio.sleep(0.05)  # leased by another process: its lease ends or its job does

    async def _next_at(self) -> datetime | None:
        async with self._desk.records.read() as work:
            times = [await work.jobs.next_run_at(), await work.outbox.next_at()]
        return min((t for t in times if t is not None), default=None)

    async def _deliver(self, item: OutboxItem) -> None:
        await deliver(item, self._desk)

    async def _run(self, job: Job) -> None:
        async with self._lanes[job.lane]:
            try:
                await HANDLERS[job.lane](job, self._desk)
            except TransientError as error:
                await self._again(job, error.sentence, error.retry_after_s)  # an outage may last: never parked
            except FinalError as error:
                await self._park(job, error.sentence)
            except Exception:
                log.exception("job_failed", lane=job.lane, key=job.key, attempts=job.attempts)
                if job.attempts >= MOST_ATTEMPTS:
                    await self._park(job, GAVE_UP)
                else:
                    await self._again(job, GAVE_UP)

    async def _again(self, job: Job, reason: str, retry_after_s: float | None = None) -> None:
        backoff_s = FIRST_RETRY_S * 2 ** min(2 * (job.attempts - 1), MOST_DOUBLINGS)
        wait_s = backoff_s if retry_after_s is None else retry_after_s
        later = replace(job, run_at=self._desk.clock.now() + timedelta(seconds=wait_s), reason=reason)
        async with self._desk.records.begin() as work:
            await work.jobs.put_back(later)

    async def _park(self, job: Job, reason: str) -> None:
        log.error("job_parked", lane=job.lane, key=job.key, reason=reason)
        async with self._desk.records.begin() as work:
            await work.jobs.put_back(replace(job, state=JobState.PARKED, reason=reason))
