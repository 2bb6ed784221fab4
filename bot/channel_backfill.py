"""``vigil backfill --channel``: a channel's past, read from Slack through the same door, with the timers of message time."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from adapters.slack.channels import channel_named
from adapters.slack.history import SlackHistory, Told
from adapters.slack.moves import loaded_moves
from adapters.slack.slack import Slack, opened_slack
from adapters.terminal.summary import Backfilled
from bot.clocks import MessageClock, SystemClock
from bot.feeding import REPLAY_BUDGET_S
from bot.past import BEGINNING, before_it, in_the_past, mark_of_channel, run_since
from bot.settings import Settings
from bot.tokens import reading_access
from bot.wiring import Bot
from core.desk.drive import run_until, take
from core.domain.channels import ChannelRef
from core.domain.errors import CallerError
from core.domain.events import ChannelChanged, InboundEvent, MessagePosted

MARKED_EVERY = 20
"""After so many events it is marked how far it came; what comes again after a stop is passed over."""


@dataclass(slots=True)
class Fed:
    """How many messages were read, how many of them were known, and the time of the last event."""

    messages: int = 0
    known: int = 0
    last_at: datetime | None = None


async def backfill(settings: Settings, name: str, since: datetime | None) -> Backfilled:
    """Learn from a channel, by id or name, into the real home: everything is learned, nothing is posted. The bot may be
    running there. One that was stopped goes on where it was. Raises ``CallerError`` for a channel that is unknown or without
    us, or a scope that is missing."""
    access = reading_access(settings)
    from_ = BEGINNING if since is None else since.replace(tzinfo=UTC)
    if from_ > datetime.now(UTC):
        raise CallerError("--since is a day to come: name one that is past.")
    policy = replace(settings.policy(), posting=False, answer_budget_s=REPLAY_BUDGET_S)
    clock = MessageClock()
    async with opened_slack(access, SystemClock()) as slack, in_the_past(settings, clock, policy) as bot:
        await loaded_moves(bot.desk.records, slack.workspace.around)
        channel = await channel_named(slack.workspace, name)
        await slack.workspace.refresh_groups()
        place = await bot.journal.end()
        before, _ = await before_it(bot.journal, place)
        fed = await _feed(bot, slack, channel, from_, clock)
        if fed.last_at is not None:
            end = fed.last_at + timedelta(seconds=policy.close_after_s + policy.settle_at_most_s)
            await run_until(min(end, datetime.now(UTC)), bot.runner, clock)
        await bot.desk.projector.flush()
        run = await run_since(bot.journal, place, clock.now())
    return Backfilled(before, run, fed.messages, fed.known)


async def _feed(bot: Bot, slack: Slack, channel: ChannelRef, from_: datetime, clock: MessageClock) -> Fed:
    """Feed all of it, marking how far it came; the mark goes when all is in."""
    name, fed, n = mark_of_channel(channel, from_), Fed(), 0
    reached = await _mark(bot, name)
    if reached is None:
        await _put_mark(bot, name, from_)
    elif reached > from_:
        sys.stderr.write(f"Going on from {reached:%Y-%m-%d %H:%M} UTC, where it was stopped.\n")
    with _progress(channel.channel) as told:
        history = SlackHistory(slack.workspace, SystemClock(), told=told)
        async for event in history.read(channel, reached or from_, from_):
            await _take(event, bot, clock, fed)
            n += 1
            if fed.last_at is not None and n % MARKED_EVERY == 0:
                await _put_mark(bot, name, fed.last_at - timedelta(microseconds=1))
    await _put_mark(bot, name, None)
    return fed


async def _take(event: InboundEvent, bot: Bot, clock: MessageClock, fed: Fed) -> None:
    if isinstance(event, ChannelChanged):  # is of today, and must not take the clock there
        await bot.intake.receive(event)
        return
    new = await take(event, bot.intake, bot.runner, bot.desk.records, clock)
    fed.last_at = event.at
    if isinstance(event, MessagePosted):
        fed.messages += 1
        fed.known += not new


async def _mark(bot: Bot, name: str) -> datetime | None:
    async with bot.desk.records.read() as work:
        return await work.marks.get(name)


async def _put_mark(bot: Bot, name: str, at: datetime | None) -> None:
    async with bot.desk.records.begin() as work:
        await work.marks.put(name, at)


@contextmanager
def _progress(name: str) -> Iterator[Told]:
    """A bar on standard error where that is a terminal: threads read of all."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
