"""Which channels guests of our own workspace are in, also such who only read: they see what is posted there."""

import asyncio
import time
from collections.abc import Sequence

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.retry import retrying
from adapters.slack.errors import calling
from adapters.slack.people import GUEST, People
from adapters.slack_payloads.fields import Payload, object_in, objects_in, text_in, texts_in
from core.domain.errors import VigilError

log = structlog.get_logger(__name__)

PAGE = 200
"""As many as Slack recommends; a workspace of 10,000 takes 50 calls once an hour."""
LISTED_FOR_S = 3600.0
MOST_LOOKED_UP = 50
"""How many people whom the list does not know are asked for, per look at a channel: half a minute's share of Slack's limit."""


class Guests:
    """Asks who is in a channel, and who of the workspace is a guest. What Slack does not say is on the log, and nobody counts
    as a guest by it: whoever writes is looked up anyway."""

    def __init__(self, client: AsyncWebClient, people: People) -> None:
        self._client, self._people = client, people
        self._listed_until = 0.0
        self._listing = asyncio.Lock()

    async def among(self, channel: str, info: Payload) -> frozenset[str]:
        """The organisation that the guests in a channel count as, in a set; empty where none are. ``info`` is what
        ``conversations.info`` says of it. A conversation with one person has none."""
        if info.get("is_im") is True:
            return frozenset()
        try:
            await self._list()
            pages = await self._pages("conversations.members", channel=text_in(info, "id"))
        except VigilError as error:
            log.warning("guests_not_read", channel=channel, reason=error.sentence)
            return frozenset()
        members = [member for page in pages for member in texts_in(page, "members")]
        if info.get("is_ext_shared") is not True:  # there, most whom the list does not know are customers
            await self._look_up([member for member in members if not self._people.is_listed(member)])
        return frozenset({f"{GUEST}{channel}"} if any(map(self._people.is_guest, members)) else ())

    async def _list(self) -> None:
        """Take over who is a guest, once an hour and once for all who wait for it."""
        async with self._listing:
            if self._listed_until > time.monotonic():
                return
            users = [user for page in await self._pages("users.list") for user in objects_in(page, "members")]
            self._people.list_members(users)
            self._listed_until = time.monotonic() + LISTED_FOR_S

    async def _look_up(self, unlisted: Sequence[str]) -> None:
        """Ask of each who came after the list was made who they are."""
        for user in unlisted[:MOST_LOOKED_UP]:
            try:
                found = await self._page("users.info", {"user": user})
            except VigilError as error:
                log.info("not_looked_up", key=user, reason=error.sentence)
            else:
                self._people.know(object_in(found, "user"))

    async def _page(self, method: str, given: dict[str, object]) -> Payload:
        return await retrying(lambda: calling(lambda: self._client.api_call(method, params=given)))

    async def _pages(self, method: str, **arguments: str) -> list[Payload]:
        found, cursor = list[Payload](), ""
        while True:
            given = {**arguments, "limit": PAGE} | ({"cursor": cursor} if cursor else {})
            found.append(page := await self._page(method, given))
            cursor = text_in(object_in(page, "response_metadata"), "next_cursor")
            if not cursor:
                return found
