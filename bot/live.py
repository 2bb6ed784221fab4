"""``vigil run``: the running bot, until it is stopped."""

import asyncio
import signal
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import structlog

from adapters.slack.files import SlackFiles
from adapters.slack.history import SlackHistory
from adapters.slack.moves import Moves, loaded_moves
from adapters.slack.slack import Slack, opened_slack
from bot.clocks import SystemClock
from bot.home import hold
from bot.settings import Settings
from bot.tokens import NO_ANALYST_CHANNEL, slack_access
from bot.wiring import Bot, assemble, opened
from core.desk.catch_up import SURE_S, CatchUp
from core.domain.errors import CallerError, VigilError

log = structlog.get_logger(__name__)

ENDS_WITHIN_S = 10.0
"""How long the work may take to end; then the process ends without it, which loses nothing either."""


async def live(settings: Settings) -> None:
    """Work until SIGTERM or Ctrl-C; both leave nothing half-done, as a kill does. Raises ``CallerError`` for what is
    missing."""
    access = slack_access(settings)
    policy = settings.policy()
    if settings.mode == "draft" and policy.analyst_channel is None:
        raise CallerError(NO_ANALYST_CHANNEL)
    clock = SystemClock()
    with hold(settings.home) as home:
        async with opened_slack(access, clock) as slack, opened(settings, home, clock, slack.messenger) as parts:
            attachments = SlackFiles(slack.client, home)
            bot = await assemble(replace(parts, attachments=attachments), settings, policy)
            log.info("connected", workspace=slack.workspace.identity.team, home=str(home))
            moves = await loaded_moves(parts.records, slack.workspace.around)
            await _until_stopped(_work(bot, slack, moves))
    log.info("stopped")


async def _work(bot: Bot, slack: Slack, moves: Moves) -> None:
    history = SlackHistory(slack.workspace, slack.clock)
    patience = slack.access.patience
    sure_s = SURE_S + 2 * patience.deaf_s + patience.quiet_s
    catch_up = CatchUp(history, bot.intake, bot.desk.records, bot.desk.clock, sure_s)
    try:
        async with asyncio.TaskGroup() as work:
            work.create_task(bot.runner.live())
            work.create_task(catch_up.run())
            work.create_task(slack.run(catch_up.receive, catch_up.lost, moves))
    except* VigilError as refused:
        raise first_of(refused) from None


def first_of(errors: BaseExceptionGroup[VigilError]) -> VigilError:
    """The first error of a group, however deep: it has a sentence, and a group has none."""
    found = errors.exceptions[0]
    return first_of(found) if isinstance(found, BaseExceptionGroup) else found


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Work until it ends by itself or SIGTERM comes."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    task, told = asyncio.ensure_future(work), asyncio.ensure_future(stopped.wait())
    try:
        await asyncio.wait({task, told}, return_when=asyncio.FIRST_COMPLETED)
        task.cancel()
        await asyncio.wait({task}, timeout=ENDS_WITHIN_S)
    finally:
        told.cancel()
        task.cancel()
    if task.done() and not task.cancelled():
        task.result()
