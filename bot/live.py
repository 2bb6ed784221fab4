"""``vigil run``: the running bot, until it is stopped."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any

import structlog

from adapters.slack.connection import Patience
from adapters.slack.slack import Slack, SlackAccess, opened_slack
from bot.clocks import SystemClock
from bot.home import hold
from bot.settings import Settings
from bot.wiring import Bot, assemble, opened
from core.domain.errors import CallerError

log = structlog.get_logger(__name__)

NOT_INSTALLED = (
    "SLACK_BOT_TOKEN is missing: install the app from manifest/slack.yaml, copy the Bot User OAuth Token (xoxb-) from "
    "OAuth & Permissions, and put it into .env."
)
NO_SOCKET = (
    "SLACK_APP_TOKEN is missing: create one under Basic Information > App-Level Tokens with connections:write, and put it "
    "into .env."
)
NO_ANALYST_CHANNEL = (
    "VIGIL_MODE is draft, and nobody would see the drafts: name the analysts' channel in VIGIL_ANALYST_CHANNEL, or choose "
    "another mode."
)


def slack_access(settings: Settings) -> SlackAccess:
    """What the settings give us of Slack. Raises ``CallerError`` with what is missing and where it comes from."""
    bot_token, app_token = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    if not bot_token:
        raise CallerError(NOT_INSTALLED)
    if not app_token:
        raise CallerError(NO_SOCKET)
    if not bot_token.startswith("xoxb-"):
        raise CallerError("SLACK_BOT_TOKEN must be a bot token, which begins with xoxb-: see OAuth & Permissions.")
    if not app_token.startswith("xapp-"):
        raise CallerError("SLACK_APP_TOKEN must be an app-level token, which begins with xapp-: see Basic Information.")
    patience = Patience(deaf_s=settings.slack_silent_s)
    return SlackAccess(bot_token, app_token, settings.slack_api_url, settings.analyst_groups, patience)


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
            bot = await assemble(parts, settings, policy)
            log.info("connected", workspace=slack.workspace.identity.team, home=str(home))
            await _until_stopped(_work(bot, slack))
    log.info("stopped")


async def _work(bot: Bot, slack: Slack) -> None:
    async def lost() -> None:
        log.info("reconnected")

    try:
        async with asyncio.TaskGroup() as work:
            work.create_task(bot.runner.live())
            work.create_task(slack.run(bot.intake.receive, lost))
    except* CallerError as refused:
        raise refused.exceptions[0] from None


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
