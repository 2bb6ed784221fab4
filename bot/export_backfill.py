"""``vigil backfill EXPORT``: a Slack export through the same door, with the timers of message time."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.history import read_export
from adapters.terminal.summary import Backfilled
from bot.clocks import MessageClock
from bot.engines import check_provider
from bot.feeding import REPLAY_BUDGET_S, policy_of, settle_channels, with_progress
from bot.past import before_it, in_the_past, mark_of_export, run_since
from bot.replay import list_skipped
from bot.settings import Settings
from bot.wiring import Bot
from core.desk.drive import drive, run_until
from core.domain.events import MessagePosted


async def backfill(
    settings: Settings, folder: Path, home_team: str | None, *, lists_skipped: bool = True
) -> Backfilled:
    """Feed an export into the real home: everything is learned, nothing is posted. The bot may be running there."""
    export = await asyncio.to_thread(read_export, folder, home_team)
    await check_provider(settings)
    policy = replace(policy_of(settings, export), posting=False, answer_budget_s=REPLAY_BUDGET_S)
    clock = MessageClock()
    mark = mark_of_export(folder, home_team)
    async with in_the_past(settings, clock, policy) as bot:
        await _mark(bot, mark, datetime.now(UTC))
        await settle_channels(bot, export)
        posted = [(one.channel, one.message_id) for one in export.events if isinstance(one, MessagePosted)]
        place = await bot.journal.end()
        before, had = await before_it(bot.journal, place, frozenset(posted))
        async for _ in drive(with_progress(export), bot.intake, bot.runner, bot.desk.records, clock):
            pass
        if export.events:
            last = export.events[-1].at + timedelta(seconds=policy.close_after_s + policy.settle_at_most_s)
            await run_until(min(last, datetime.now(UTC)), bot.runner, clock)
        await bot.desk.projector.flush()
        await _mark(bot, mark, None)
        run = await run_since(bot.journal, place, clock.now())
    if lists_skipped:
        list_skipped(export)
    return Backfilled(before, run, export.messages, sum(one in had for one in posted))


async def _mark(bot: Bot, name: str, at: datetime | None) -> None:
    async with bot.desk.records.begin() as work:
        await work.marks.put(name, at)
