"""Working in a home beside the bot that may be running there: the ledger is written here, the bot projects it. Where no bot
runs, this process does that itself, a moment at a time, so that one may be started meanwhile."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.home import hold, hold_if_free, while_nobody_writes, writing
from bot.settings import Settings
from bot.wiring import Bot, Seat, assemble, opened
from core.domain.policy import Policy
from core.ports.clock import Clock
from core.ports.messenger import Messenger


@asynccontextmanager
async def opened_beside(
    settings: Settings, home: Path, clock: Clock, messenger: Messenger, policy: Policy, seat: Seat = Seat.BESIDE
) -> AsyncIterator[Bot]:
    """Open a home and put its ports together. Where nobody holds it, what its store lacks is put anew first.

    Raises ``OlderStoreError`` where a running bot is of another version, ``HomeInUseError`` while something is forgotten, and
    as ``opened`` does.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(writing(home))
        with hold_if_free(home) as free:
            parts = await stack.enter_async_context(opened(settings, home, clock, messenger, holds=free, seat=seat))
            bot = await assemble(parts, settings, policy, parks=seat is not Seat.PAST, seat=seat)
            if free:
                await bot.projector.mend()
        yield bot


@asynccontextmanager
async def opened_alone(settings: Settings, home: Path, clock: Clock, messenger: Messenger) -> AsyncIterator[Bot]:
    """Open a home while no other Vigil works in it, neither a bot nor a command that writes beside one, such as a backfill.
    Raises ``HomeInUseError``."""
    with hold(home), while_nobody_writes(home):
        async with opened(settings, home, clock, messenger, holds=True) as parts:
            yield await assemble(parts, settings, settings.policy())
