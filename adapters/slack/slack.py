"""A connected workspace: opened once, then run until it is stopped."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from adapters.retry import retrying
from adapters.slack.app import app_for, envelope_handler
from adapters.slack.connection import Connections, Lost, Patience
from adapters.slack.inbox import Receive, SlackInbox
from adapters.slack.messenger import SlackMessenger
from adapters.slack.moves import Moves
from adapters.slack.web import SLACK_API, opened_client
from adapters.slack.workspace import Workspace, who_we_are
from core.ports.clock import Clock

GROUPS_FOR_S = 3600.0
GROUPS_WITHIN_S = 20.0
"""How long the first event waits for the user groups: without them an analyst may be taken for somebody else."""


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """What the app was given: the bot's token, the app's token for Socket Mode, the API's address, and the user groups whose
    members are analysts."""

    bot_token: str
    app_token: str
    api_url: str = SLACK_API
    analyst_groups: frozenset[str] = frozenset()
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class Slack:
    """One workspace: where cards go out, and where what people do comes in."""

    access: SlackAccess
    client: AsyncWebClient
    workspace: Workspace
    messenger: SlackMessenger
    clock: Clock

    async def run(self, receive: Receive, lost: Lost, moves: Moves) -> None:
        """Receive until cancelled. ``lost`` is called when events may have passed us by. Raises ``CallerError`` when Slack
        refuses the app's token."""
        read = asyncio.Event()
        groups = asyncio.create_task(self._keep_groups(read))
        app = app_for(SlackInbox(self.workspace, receive, self.clock, moves), self.client, self.workspace.identity)
        lines = Connections(self.access.app_token, self.client, envelope_handler(app), lost, self.access.patience)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GROUPS_WITHIN_S):
                    await read.wait()
            await lines.run()
        finally:
            groups.cancel()

    async def _keep_groups(self, read: asyncio.Event) -> None:
        """Read the user groups at the start and every hour: a change may have passed us by."""
        while True:
            await self.workspace.refresh_groups()
            read.set()
            await asyncio.sleep(GROUPS_FOR_S)


@asynccontextmanager
async def opened_slack(access: SlackAccess, clock: Clock) -> AsyncIterator[Slack]:
    """Open the workspace of a bot token, and close it at the end. Raises ``CallerError`` when Slack refuses the token."""
    async with opened_client(access.bot_token, access.api_url) as client:
        identity = await retrying(lambda: who_we_are(client))
        workspace = Workspace(client, identity, groups_of(access.analyst_groups))
        messenger = SlackMessenger(workspace, clock)
        yield Slack(access, client, workspace, messenger, clock)


def groups_of(named: Iterable[str]) -> tuple[str, ...]:
    """The groups in a fixed order."""
    return tuple(sorted(named))
