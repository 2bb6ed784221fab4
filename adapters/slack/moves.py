"""What ids channels got, kept in the records, so that everything of a channel goes on under its first one."""

import structlog

from adapters.slack.surroundings import Surroundings
from core.ports.records import Records

log = structlog.get_logger(__name__)


class Moves:
    """Keeps the changes of one workspace's channel ids; ``around.ids`` translates by them."""

    def __init__(self, records: Records, around: Surroundings) -> None:
        self._records, self._around = records, around

    async def load(self) -> None:
        """Translate by what was kept before."""
        async with self._records.read() as work:
            kept = await work.moved_channels.all()
        for first, later in kept.items():
            if first == self._around.ref(first.channel):
                self._around.ids.put(first.channel, later)

    async def changed(self, old: str, new: str) -> None:
        """A channel's id has changed: keep it, then translate by it. Hearing it again changes nothing."""
        if not old or not new:
            return
        first, later = self._around.ids.with_change(old, new)
        async with self._records.begin() as work:
            await work.moved_channels.put(self._around.ref(first), later)
        self._around.ids.put(first, later)
        log.info("channel_moved", channel=first, now=new)


async def loaded_moves(records: Records, around: Surroundings) -> Moves:
    """Load what was kept, before anything is sent or read."""
    moves = Moves(records, around)
    await moves.load()
    return moves
