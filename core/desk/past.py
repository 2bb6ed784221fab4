"""Feeding recorded history beside the running bot: what of a session is whose, and what is left to be done at the end."""

from collections.abc import Sequence

from core.desk.context import Desk
from core.domain.jobs import JobOrder, Lane
from core.domain.sessions import Message
from core.ports.records import Records
from core.session.transcript import waiting

LEFT_TO_THE_BOT = frozenset({Lane.LEARN, Lane.CLOSE})
"""Nothing that was asked in the past is answered by the running bot, and what is pending it projects anyway."""


def waiting_here(messages: Sequence[Message], desk: Desk) -> tuple[Message, ...]:
    """What waits for an answer, and is this process's: where history is fed and nothing is posted, what is said today is the
    running bot's."""
    until = None if desk.policy.posting else desk.clock.now()
    return tuple(m for m in waiting(messages) if until is None or m.at <= until)


async def hand_over(past: Records, live: Records) -> None:
    """Leave the jobs that remain to the running bot, where it has none of its own for the same. Cut off, both have them, which
    does no harm: a job looks at what there is to do."""
    async with past.read() as work:
        left = await work.owners.listing()
    async with live.begin() as work:
        taken = {(job.lane, job.key) for job in await work.owners.listing()}
        for job in left:
            if job.lane in LEFT_TO_THE_BOT and (job.lane, job.key) not in taken:
                await work.jobs.order(job.run_at, JobOrder(job.lane, job.key))
    async with past.begin() as work:
        for job in left:
            await work.jobs.finish(job)
