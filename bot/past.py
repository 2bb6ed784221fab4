"""Feeding recorded history into the real home, beside the bot that may be running there; and what a backfill that was cut off
has left."""

import asyncio
import shlex
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog

from adapters.terminal.messenger import AbsentMessenger
from adapters.terminal.summary import Tally
from bot.beside import opened_beside
from bot.home import alone_in_the_past, past_if_free
from bot.settings import Settings
from bot.wiring import Bot, Parts, Seat
from core.desk.past import hand_over
from core.domain.channels import ChannelRef
from core.domain.errors import VigilError
from core.domain.ids import EntryId
from core.domain.knowledge import ChangeKind, Revision
from core.domain.policy import Policy
from core.ports.clock import Clock
from core.ports.journal import AcceptTold, Journal, MessageTold, Place, ReviewTold, Told, TurnTold
from core.ports.records import UnitOfWork

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 600.0
BEGINNING = datetime(2013, 1, 1, tzinfo=UTC)
"""Before Slack: the whole channel."""
OF_CHANNEL, OF_EXPORT = "backfill:", "backfill export "
"""How the marks of backfills that have not come to their end begin."""


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


async def before_it(
    journal: Journal, place: Place, messages: Collection[tuple[ChannelRef, str]] = ()
) -> tuple[set[EntryId], set[tuple[ChannelRef, str]]]:
    """What the home knew up to a place, and which of these messages (by channel and the platform's id) it had."""
    had: set[tuple[ChannelRef, str]] = set()
    last: dict[EntryId, tuple[datetime, ChangeKind]] = {}
    async for page in journal.pages(Place(), place):
        for told in page:
            if isinstance(told, MessageTold) and (one := (told.session.channel, told.message.platform_id)) in messages:
                had.add(one)
            elif isinstance(told, Revision) and (
                told.subject_id not in last or last[told.subject_id][0] <= told.at  # a backfill before wrote of earlier
            ):
                last[told.subject_id] = told.at, told.change
    return {entry for entry, (_, change) in last.items() if change is not ChangeKind.RETIRED}, had


async def run_since(journal: Journal, place: Place, until: datetime) -> Tally:
    """Count what was done behind a place, but for what the running bot did meanwhile."""
    tally = Tally()
    async for page in journal.pages(place, await journal.end()):
        for told in page:
            if at(told) <= until:
                tally.add(told)
    return tally


async def take_over(parts: Parts) -> None:
    """Do what a backfill has left that was cut off: the running bot learns from it and closes it, and answers nothing."""
    if parts.home is None or parts.past is None:
        return
    with past_if_free(parts.home) as free:
        if free:
            await hand_over(parts.past, parts.records, parts.clock.now())


async def taking_over(parts: Parts) -> None:
    """Look for what is left whenever no backfill works, until cancelled."""
    while True:
        try:
            await take_over(parts)
        except VigilError as error:
            log.warning("backfill_not_taken_over", error=error.sentence)
        await asyncio.sleep(LOOK_EVERY_S)


def mark_of_channel(channel: ChannelRef, since: datetime) -> str:
    """The name under which is marked how far a channel was fed."""
    return f"{OF_CHANNEL}{channel.key}:{since:%Y-%m-%d}"


def mark_of_export(export: Path, home_team: str | None) -> str:
    """The name under which is marked that an export is being fed."""
    team = [] if home_team is None else ["--home-team", home_team]
    return f"{OF_EXPORT}{shlex.join([str(export.resolve()), *team])}"


async def unfinished(work: UnitOfWork) -> list[str]:
    """The commands that go on with the backfills that have not come to their end."""
    channels = [name.rpartition(":") for name in await work.marks.names(OF_CHANNEL)]
    exports = await work.marks.names(OF_EXPORT)
    return [
        *(f"vigil backfill {name.removeprefix(OF_EXPORT)}" for name in exports),
        *(f"vigil backfill --channel {key.rpartition(':')[2]}{_since(day)}" for key, _, day in channels),
    ]


def _since(day: str) -> str:
    return "" if day == f"{BEGINNING:%Y-%m-%d}" else f" --since {day}"
