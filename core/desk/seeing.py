"""Waiting a moment for the pictures of a burst, where the engine can look at them: they are fetched beside everything else."""

import asyncio
from collections.abc import Sequence

from core.desk.context import Desk
from core.desk.fetch_job import may_be_picture
from core.domain.jobs import JobState, Lane
from core.domain.sessions import Message

PATIENCE_S = 2.0
"""Of the ten seconds in which an answer must come; without its pictures a message is answered too, and the card says so."""
LOOK_S = 0.1


async def seen_or_given_up(burst: Sequence[Message], desk: Desk) -> bool:
    """Wait until no picture of the burst is being fetched, at most ``PATIENCE_S``; gives whether there was one to wait for, so
    that the messages are worth reading again. Where nothing fetches, or the engine sees nothing, nobody waits."""
    wanted = {m.id for m in burst if any(may_be_picture(one) for one in m.attachments)}
    if not wanted or desk.attachments is None or not desk.engine.remote:
        return False
    for _ in range(int(PATIENCE_S / LOOK_S)):
        async with desk.records.read() as work:
            fetching = {job.key for job in await work.owners.listing(Lane.FETCH) if job.state is not JobState.PARKED}
        if not wanted & fetching:
            break
        await asyncio.sleep(LOOK_S)
    return True
