"""``vigil run``: the running bot, until it is stopped."""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, NoReturn

import structlog

from adapters.slack.files import SlackFiles
from adapters.slack.history import SlackHistory
from adapters.slack.moves import Moves, loaded_moves
from adapters.slack.slack import Slack, opened_slack
from bot.clocks import SystemClock
from bot.home import hold
from bot.past import taking_over
from bot.running import STOPPED
from bot.settings import Settings
from bot.tokens import NO_ANALYST_CHANNEL, slack_access
from bot.wiring import Bot, Parts, assemble, opened, opened_documents
from core.desk.catch_up import SURE_S, CatchUp
from core.desk.context import Desk
from core.desk.delivery import is_homeless
from core.desk.forget import clean
from core.desk.retain_job import retain_daily
from core.domain.errors import CallerError, TransientError, VigilError
from core.knowledge.ledger import order_upkeep
from core.knowledge.projection import Projector

log = structlog.get_logger(__name__)

COMMANDS_END_WITHIN_S = 5.0
"""How long a home that is held is waited for: a command that works beside a bot holds it for a moment where there is none."""
ENDS_WITHIN_S = 10.0
"""How long the work may take to end; then the process ends as a kill would end it, which loses nothing either."""

CODES = {signal.SIGTERM: 0, signal.SIGINT: STOPPED}
"""The exit code for each way to ask it to end."""


async def live(settings: Settings) -> int:
    """Work until SIGTERM or Ctrl-C; both leave nothing half-done, as a kill does. Gives the exit code. Raises ``CallerError``
    for what is missing."""
    access = slack_access(settings)
    policy = settings.policy()
    if settings.mode == "draft" and policy.analyst_channel is None:
        raise CallerError(NO_ANALYST_CHANNEL)
    clock = SystemClock()
    with hold(settings.home, COMMANDS_END_WITHIN_S) as home:
        async with (
            opened_slack(access, clock) as slack,
            opened(settings, home, clock, slack.messenger, holds=True) as parts,
            opened_documents(settings) as documents,
        ):
            live_parts = replace(parts, attachments=SlackFiles(slack.client, home), documents=documents)
            bot = await assemble(live_parts, settings, policy)
            log.info("connected", workspace=slack.workspace.identity.team, home=str(home))
            await _tell_homeless_drafts(bot)
            await finish_forgetting(bot.desk, bot.projector)
            async with parts.records.begin() as work:
                await order_upkeep(work, clock.now())  # a backfill or a kill may have left the store without its index
            moves = await loaded_moves(parts.records, slack.workspace.around)
            code = await _until_stopped(_work(bot, slack, moves, parts))
    log.info("stopped")
    return code


async def finish_forgetting(desk: Desk, projector: Projector) -> None:
    """Finish what was cut off behind its transaction: the words are in the files still. Where somebody reads them, the next
    start or the same command does it."""
    try:
        done = await clean(desk.records, projector, desk.clock.now())
    except TransientError as error:
        log.warning("forgetting_not_finished", error=error.sentence)
        return
    if done:
        log.info("forgetting_finished", begun=[one.at.isoformat() for one in done])


async def _tell_homeless_drafts(bot: Bot) -> None:
    """A channel's own draft mode may have lost its place since it was set: nobody would see what is drafted there."""
    async with bot.desk.records.read() as work:
        channels = await work.channels.all()
    for channel in channels:
        if is_homeless(channel, bot.desk.policy):
            log.error("drafts_have_no_place", channel=channel.ref.channel, name=channel.name)


async def _work(bot: Bot, slack: Slack, moves: Moves, parts: Parts) -> None:
    history = SlackHistory(slack.workspace, slack.clock)
    patience = slack.access.patience
    sure_s = SURE_S + 2 * patience.deaf_s + patience.quiet_s
    catch_up = CatchUp(history, bot.intake, bot.desk.records, bot.desk.clock, sure_s)
    try:
        async with asyncio.TaskGroup() as work:
            work.create_task(bot.runner.live())
            work.create_task(catch_up.run())
            work.create_task(retain_daily(bot.desk))
            work.create_task(taking_over(parts))
            work.create_task(slack.run(catch_up.receive, catch_up.lost, moves))
    except* VigilError as refused:
        raise first_of(refused) from None


def first_of(errors: BaseExceptionGroup[VigilError]) -> VigilError:
    """The first error of a group, however deep: it has a sentence, and a group has none."""
    found = errors.exceptions[0]
    return first_of(found) if isinstance(found, BaseExceptionGroup) else found


def _end_at_once(code: int) -> NoReturn:
    sys.stdout.flush()
    os._exit(code)


async def _until_stopped(work: Coroutine[Any, Any, None]) -> int:
    """Work until it ends by itself, or SIGTERM or Ctrl-C comes; gives the exit code. A second one ends the process at once."""
    stopped: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def stop(code: int) -> None:
        if stopped.done():
            _end_at_once(code)
        stopped.set_result(code)

    for signal_, code in CODES.items():
        asyncio.get_running_loop().add_signal_handler(signal_, stop, code)
    task: asyncio.Future[Any] = asyncio.ensure_future(work)
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if not stopped.done():
        task.result()
        return 0
    task.cancel()
    await asyncio.wait({task}, timeout=ENDS_WITHIN_S)
    if not task.done():
        log.error("not_ended_in_time", within_s=ENDS_WITHIN_S)
        _end_at_once(stopped.result())
    if not task.cancelled():
        task.result()
    return stopped.result()
