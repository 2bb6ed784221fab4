"""The small lanes: closing a silent session, projecting the ledger, maintaining the store."""

from dataclasses import replace
from datetime import timedelta

from core.desk.closing import close_session
from core.desk.context import Desk
from core.domain.ids import SessionId
from core.domain.jobs import Job
from core.domain.sessions import Phase


async def close_job(job: Job, desk: Desk) -> None:
    """Close a session after its silence, and let learn have its last try. Silence counts from the platform's time of the last
    message; where its clock is ahead of ours the job waits for the rest."""
    now = desk.clock.now()
    async with desk.records.begin() as work:
        session = await work.sessions.get(SessionId(job.key))
        if session is not None and session.phase is not Phase.CLOSED:
            silent_at = session.last_at + timedelta(seconds=desk.policy.close_after_s)
            if now < silent_at:
                await work.jobs.put_back(replace(job, run_at=silent_at, attempts=0))
                return
            await close_session(work, session, now, "silence", desk)
        await work.jobs.finish(job)


async def project_job(job: Job, desk: Desk) -> None:
    """Bring the store up to the ledger's heads."""
    await desk.projector.flush()
    async with desk.records.begin() as work:
        await work.jobs.finish(job)


async def maintain_job(job: Job, desk: Desk) -> None:
    """Compact the store, keep its indexes fit, drop old versions."""
    await desk.projector.maintain()
    async with desk.records.begin() as work:
        await work.jobs.finish(job)
