"""The Bolt app: everything that Slack delivers goes to one place, and is acknowledged once that has it.

With ``process_before_response`` a listener that raises leaves the envelope without an acknowledgement, so that Slack delivers
it again. Every kind of payload has a listener: bolt answers what nobody listens to with an error, which Slack would repeat.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from time import time
from typing import Any, Protocol

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.workspace import Identity

Body = dict[str, Any]
ANYTHING = re.compile(".*", re.DOTALL)


class Inbox(Protocol):
    """Takes what Slack delivers. Each method returns once it is stored; what it gives is said in the acknowledgement."""

    async def event(self, body: Body) -> None:
        """An event of the Events API."""
        ...

    async def interaction(self, body: Body) -> None:
        """A click on a button, or a message shortcut."""
        ...

    async def form(self, body: Body) -> Body:
        """A submitted modal; gives the fields of the acknowledgement (``response_action`` and its like)."""
        ...

    async def command(self, body: Body) -> Body:
        """A slash command; gives the fields of the ephemeral reply."""
        ...


def app_for(inbox: Inbox, web: AsyncWebClient, identity: Identity) -> AsyncApp:
    """Make the app. It authorizes by what ``auth.test`` has said at the start and asks nothing more of Slack by itself."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=identity.team, bot_token=web.token, bot_id=identity.bot_id, bot_user_id=identity.user
        )  # fmt: skip

    app = AsyncApp(
        name="vigil", client=web, authorize=authorize, signing_secret="", process_before_response=True,
        request_verification_enabled=False, logger=logging.getLogger("slack_bolt"),
    )  # fmt: skip

    async def on_event(body: Body) -> None:
        await inbox.event(body)

    async def on_interaction(body: Body, ack: AsyncAck) -> None:
        await inbox.interaction(body)
        await ack()

    async def on_form(body: Body, ack: AsyncAck) -> None:
        await ack(**await inbox.form(body))

    async def on_command(body: Body, ack: AsyncAck) -> None:
        await ack(**await inbox.command(body))

    async def on_closed(ack: AsyncAck) -> None:
        await ack()

    app.event(ANYTHING)(on_event)
    app.action(ANYTHING)(on_interaction)
    app.shortcut(ANYTHING)(on_interaction)
    app.view(ANYTHING)(on_form)
    app.view_closed(ANYTHING)(on_closed)
    app.command(ANYTHING)(on_command)
    return app


def envelope_handler(app: AsyncApp) -> Callable[[AsyncBaseSocketModeClient, SocketModeRequest], Awaitable[None]]:
    """What a connection calls with each envelope: dispatch it, and acknowledge it on the connection that brought it."""

    async def handle(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        started = time()
        response = await run_async_bolt_app(app, request)
        await send_async_response(client, request, response, started)

    return handle
