"""Feeding recorded history beside the running bot: what of a session is whose, and what is left to be done at the end."""

from collections.abc import Sequence
from datetime import datetime

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


async def hand_over(past: Records, live: Records, now: datetime) -> None:
    """Leave the jobs that remain to the running bot, where it has none of its own for the same. Cut off, both have them, which
    does no harm: a job looks at what there is to do. They count as ordered at the bot's ``now``: a job that was first ordered
    in the time to come would tell it that the clock was set back."""
    async with past.read() as work:
        left = await work.owners.listing()
    if not left:
        return
    async with live.begin() as work:
        taken = {(job.lane, job.key) for job in await work.owners.listing()}
        for job in left:
            if job.lane in LEFT_TO_THE_BOT and (job.lane, job.key) not in taken:
                in_s = max((job.run_at - now).total_seconds(), 0.0)
                await work.jobs.order(now, JobOrder(job.lane, job.key, in_s))
    async with past.begin() as work:
        for job in left:
            await work.jobs.finish(job)
