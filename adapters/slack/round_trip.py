"""A post, its edit, and a click on its button, tried out in a channel: what answers and Accept need."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.app import app_for, envelope_handler
from adapters.slack.connection import Connections, Patience
from adapters.slack.errors import calling
from adapters.slack.workspace import Identity
from adapters.slack_payloads.fields import object_in, objects_in, text_in
from core.domain.errors import CallerError, TransientError
from core.text.catalogue import say

LANGUAGES = ("en", "zh")
ACTION = "vigil:doctor:0"
Body = dict[str, Any]


class Clicked:
    """Takes the one click that is waited for. Everything else stays unacknowledged: events are for the bot and come again; of
    a click, form or command Slack tells its author that it did not work, and they do it again."""

    def __init__(self) -> None:
        self.ts = ""
        self.seen = asyncio.Event()

    async def event(self, body: Body) -> None:
        """Not for us."""
        raise TransientError(f"An event ({text_in(object_in(body, 'event'), 'type')}) is left to the bot.")

    async def interaction(self, body: Body) -> None:
        """The click, if it is on our card."""
        ours = any(text_in(action, "action_id") == ACTION for action in objects_in(body, "actions"))
        if not ours or text_in(object_in(body, "container"), "message_ts") != self.ts:
            raise TransientError("A click on something else is left to the bot.")
        self.seen.set()

    async def form(self, body: Body) -> Body:
        """Not for us."""
        raise TransientError(f"A form ({text_in(object_in(body, 'view'), 'callback_id')}) is left to the bot.")

    async def command(self, body: Body) -> Body:
        """Not for us."""
        raise TransientError(f"A command ({text_in(body, 'command')}) is left to the bot.")


class RoundTrip:
    """One try in one channel."""

    def __init__(self, client: AsyncWebClient, identity: Identity, app_token: str, channel: str) -> None:
        self._client, self._identity, self._app_token, self._channel = client, identity, app_token, channel
        self._clicked = Clicked()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Hold a connection of our own, while no bot has one. Raises ``CallerError`` where Slack refuses the app's token,
        ``TransientError`` where there is none in time."""
        stands = asyncio.Event()

        async def connected() -> None:
            stands.set()

        handle = envelope_handler(app_for(self._clicked, self._client, self._identity))
        patience = Patience(overlap_s=0.0)
        task = asyncio.create_task(Connections(self._app_token, self._client, handle, connected, patience).run(1))
        waiting = asyncio.create_task(stands.wait())
        try:
            await asyncio.wait({task, waiting}, timeout=patience.open_s, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
            if not stands.is_set():
                raise TransientError("Slack opens no connection now: try again in a minute.")
            yield
        finally:
            waiting.cancel()
            task.cancel()
            with suppress(asyncio.CancelledError, CallerError):
                await task

    async def post(self) -> None:
        """Post the test card."""
        text = _both("doctor_posting")
        posted = await calling(lambda: self._client.chat_postMessage(channel=self._channel, text=text))
        self._clicked.ts = str(posted["ts"])

    async def ask(self, within_s: float) -> bool:
        """Edit the card so that it has a button, and give whether somebody presses it in time; then say on it that it is
        over."""
        await self._edit(_both("doctor_press", seconds=round(within_s)), with_button=True)
        try:
            async with asyncio.timeout(within_s):
                await self._clicked.seen.wait()
        except TimeoutError:
            await self._edit(_both("doctor_unseen"))
            return False
        await self._edit(_both("doctor_seen"))
        return True

    async def _edit(self, text: str, *, with_button: bool = False) -> None:
        said: Body = {"type": "section", "text": {"type": "plain_text", "text": text}}
        label = " / ".join(say(language, "doctor_button") for language in LANGUAGES)
        button: Body = {"type": "button", "action_id": ACTION, "text": {"type": "plain_text", "text": label}}
        blocks = [said, {"type": "actions", "elements": [button]}] if with_button else [said]
        ts = self._clicked.ts
        await calling(lambda: self._client.chat_update(channel=self._channel, ts=ts, text=text, blocks=blocks))


def _both(key: str, **values: object) -> str:
    """In both languages: nobody knows yet who reads it."""
    return "\n".join(say(language, key, **values) for language in LANGUAGES)
