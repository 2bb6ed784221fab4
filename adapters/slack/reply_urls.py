"""Slack's addresses for answers to one person: good for half an hour and five times, also where the app is no member."""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.errors import BUSY, UNREACHABLE, wait_s
from adapters.slack.render.elements import SlackMessage
from adapters.slack_payloads.fields import Payload, text_in
from core.domain.errors import FinalError, TransientError

GOOD_FOR_S = 1700.0
USES = 5
"""Slack's half an hour with a margin, and how often it takes an answer."""
MOST = 10_000
TIMEOUT_S = 20


class ReplyUrls:
    """Keeps the latest address of each person in each channel while it is good; a restart forgets them."""

    def __init__(self, client: AsyncWebClient, now: Callable[[], float] = time.monotonic) -> None:
        self._client, self._now = client, now
        self._kept: dict[tuple[str, str], tuple[str, float, int]] = {}

    def keep(self, command: Payload) -> None:
        """Note the address that comes with a slash command."""
        url = text_in(command, "response_url")
        if not self._is_slacks(url):
            return
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        key = text_in(command, "channel_id"), text_in(command, "user_id")
        self._kept[key] = url, self._now() + GOOD_FOR_S, USES

    async def tell(self, channel: str, person: str, made: SlackMessage) -> bool:
        """Show somebody a message where they commanded something; gives whether there was an address that took it. Raises
        ``TransientError`` where a later try may work."""
        url, until, uses = self._kept.pop((channel, person), ("", 0.0, 0))
        if uses < 1 or until < self._now():
            return False
        self._kept[channel, person] = url, until, uses - 1
        try:
            await self.answer(url, made)
        except FinalError:
            del self._kept[channel, person]
            return False
        return True

    async def answer(self, url: str, made: SlackMessage, *, in_place: bool = False) -> None:
        """Answer over an address: one person sees it, ``in_place`` of what they clicked on or beside it. Raises
        ``TransientError`` where a later try may work, ``FinalError`` where none will."""
        if not self._is_slacks(url):
            raise FinalError("There is no address of Slack to answer to.")
        hook = AsyncWebhookClient(url, TIMEOUT_S, session=self._client.session, retry_handlers=[])
        hook.proxy = None
        try:
            said = await hook.send(
                text=made.text, blocks=list(made.blocks), response_type="ephemeral", replace_original=in_place
            )
        except (aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            raise TransientError(UNREACHABLE) from error
        if said.status_code == 429:
            raise TransientError(BUSY, wait_s(said.headers))
        if said.status_code >= 500:
            raise TransientError(UNREACHABLE)
        if said.status_code != 200:
            raise FinalError(f"Slack takes no answer there ({said.body[:80]}).")

    def _is_slacks(self, url: str) -> bool:
        """Whether it leads to the Slack whose API we use: what is said is for nobody else."""
        api, to = urlsplit(self._client.base_url), urlsplit(url)
        hosts = (api.hostname, f"hooks.{(api.hostname or '').removeprefix('www.')}")
        return to.scheme == api.scheme and to.hostname in hosts and to.port == api.port
