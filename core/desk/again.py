"""What becomes of a job that failed: it is tried again, later and later, or parked with the reason (DESIGN 8)."""

from dataclasses import replace
from datetime import timedelta

import structlog

from core.desk.context import Desk
from core.domain.errors import BudgetSpentError, TransientError
from core.domain.jobs import Job, JobState, Lane

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 5
"""Tries of what costs or will hardly mend; an outage may last, and uses up all but two of them."""
FIRST_RETRY_S = 10.0
MOST_DOUBLINGS = 6
LEAST_RETRY_S = 1.0


async def after_outage(job: Job, error: TransientError, desk: Desk) -> None:
    """Try again when that may be over; an outage may last, so this never parks."""
    tried = job.attempts - 1 if isinstance(error, BudgetSpentError) else min(job.attempts, MOST_ATTEMPTS - 2)
    await _again(job, error.sentence, desk, error.retry_after_s, tried)


async def again_or_park(job: Job, reason: str, desk: Desk) -> None:
    """Try again a few times, then give up."""
    if job.attempts >= MOST_ATTEMPTS:
        await park(job, reason, desk)
    else:
        await _again(job, reason, desk)


async def park(job: Job, reason: str, desk: Desk) -> None:
    """Give up, with the reason kept for ``doctor``."""
    log.error("job_parked", lane=job.lane, key=job.key, reason=reason)
    async with desk.records.begin() as work:
        await work.jobs.put_back(replace(job, state=JobState.PARKED, reason=reason))


async def _again(
    job: Job, reason: str, desk: Desk, retry_after_s: float | None = None, tried: int | None = None
) -> None:
    backoff_s = FIRST_RETRY_S * 2 ** min(2 * (job.attempts - 1), MOST_DOUBLINGS)
    least_s = backoff_s if job.lane is Lane.LEARN else LEAST_RETRY_S  # nobody waits for it, and every try asks a model
    wait_s = backoff_s if retry_after_s is None else max(retry_after_s, least_s)
    run_at = desk.clock.now() + timedelta(seconds=wait_s)
    later = replace(job, run_at=run_at, reason=reason, attempts=job.attempts if tried is None else tried)
    async with desk.records.begin() as work:
        await work.jobs.put_back(later)
