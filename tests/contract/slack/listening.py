"""The real Socket Mode client, as a bot that writes down what it hears."""

import contextlib
from collections.abc import AsyncIterator, Callable

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.refusals import Json
from tests.fakes.slack.server import FakeSlack


class Listener:
    """Acknowledges what it hears, unless it is ``silent`` so many times; ``reply`` makes the payload of an ack."""

    def __init__(self, slack: FakeSlack, ping_interval_s: float) -> None:
        self.heard: list[SocketModeRequest] = []
        self.silent = 0
        self.reply: Callable[[Json], Json | None] = lambda payload: None
        web = AsyncWebClient(base_url=slack.api_url)
        self.client = SocketModeClient(slack.app.app_token, web_client=web, ping_interval=ping_interval_s)
        self.client.socket_mode_request_listeners.append(self._hear)

    @property
    def events(self) -> list[Json]:
        """The events heard, in order."""
        return [request.payload["event"] for request in self.heard if request.type == "events_api"]

    async def _hear(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.heard.append(request)
        if self.silent:
            self.silent -= 1
            return
        payload = self.reply(request.payload)
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))


@contextlib.asynccontextmanager
async def listening(slack: FakeSlack, *, ping_interval_s: float = 5.0) -> AsyncIterator[Listener]:
    """A connected client; closed at the end."""
    before = len(slack.connections.live)
    listener = Listener(slack, ping_interval_s)
    try:
        await listener.client.connect()  # type: ignore[no-untyped-call]  # the SDK leaves it without types
        await slack.connected(before + 1)
        yield listener
    finally:
        await listener.client.close()  # type: ignore[no-untyped-call]  # the same
