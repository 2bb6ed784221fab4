"""Feeding recorded history into the real home, beside the bot that may be running there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from adapters.terminal.messenger import AbsentMessenger
from bot.beside import opened_beside
from bot.home import alone_in_the_past
from bot.settings import Settings
from bot.wiring import Bot, Seat
from core.desk.past import hand_over
from core.domain.knowledge import Revision
from core.domain.policy import Policy
from core.ports.clock import Clock
from core.ports.journal import AcceptTold, MessageTold, ReviewTold, Told, TurnTold


@asynccontextmanager
async def in_the_past(settings: Settings, clock: Clock, policy: Policy) -> AsyncIterator[Bot]:
    """A bot that only hears what was said before, under a policy that posts nothing. What is left to do at the end, such as
    closing sessions that are open today, the running bot does. Raises ``CallerError`` while another backfill works here."""
    home = settings.home
    with alone_in_the_past(home):
        async with opened_beside(settings, home, clock, AbsentMessenger(), policy, Seat.PAST) as bot:
            yield bot
            await hand_over(bot.desk.records, bot.live, datetime.now(UTC))


def at(told: Told) -> datetime:
    """When something happened, in the time of who recorded it: what the running bot did meanwhile is later than what is fed."""
    match told:
        case MessageTold():
            return told.message.at
        case TurnTold():
            return told.turn.at
        case AcceptTold():
            return told.click.at
        case ReviewTold() | Revision():
            return told.at
