"""Posts cards in a workspace. What a lost answer left behind is found again by our ids in the message's metadata."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.errors import calling
from adapters.slack.pace import ChannelPaces
from adapters.slack.render.card import EVENT_TYPE, render_card
from adapters.slack.told import our_teams, teams_of
from adapters.slack.workspace import Workspace
from adapters.slack_payloads.fields import object_in, objects_in, text_in
from core.domain.cards import Card
from core.domain.channels import Channel, ChannelRef
from core.domain.errors import FinalError
from core.ports.clock import Clock

PAGE = 200
Call = Callable[[], Awaitable[AsyncSlackResponse]]
EPHEMERAL = "ephemeral:"
NO_MEMBER = frozenset({"not_in_channel", "channel_not_found", "user_not_in_channel"})
LOOKED_BACK = timedelta(hours=1)
"""How far back in a channel a card is looked for: it was being sent when the answer was lost, and stands near the end."""


class SlackMessenger:
    """The ``Messenger`` of one workspace. A post's id is its ``ts``; what one person sees has no id that Slack would know."""

    def __init__(self, workspace: Workspace, clock: Clock, paces: ChannelPaces | None = None) -> None:
        self._client, self._around, self._clock = workspace.client, workspace.around, clock
        self._reply_urls, self._guests = workspace.reply_urls, workspace.guests
        self._url, self._paces = workspace.identity.url.rstrip("/"), paces or ChannelPaces()

    async def send(self, card: Card) -> str:
        """Post the card: never with a retry, because a lost answer may mean that it stands there."""
        to, made = card.destination, render_card(card, self._clock.now())
        blocks = list(made.blocks)
        await self._paces.turn(self._around.present(to.channel))
        if to.person is not None:
            await self._to_one(to.channel, to.person, card)
            return f"{EPHEMERAL}{card.id}"
        posted = await self._in(
            to.channel,
            lambda: self._client.chat_postMessage(
                channel=self._around.present(to.channel),
                thread_ts=to.thread,
                text=made.text,
                blocks=blocks,
                metadata=made.metadata,
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        return str(posted["ts"])

    async def _to_one(self, channel: ChannelRef, person: str, card: Card) -> None:
        """Show it to one person alone: where they asked or, where we are no member there and no address is left, in a
        conversation with them, without the buttons that are about that channel."""
        made, client = render_card(card, self._clock.now()), self._client
        blocks = list(made.blocks)
        if await self._reply_urls.tell(self._around.present(channel), person, made):
            return
        try:
            await self._in(
                channel,
                lambda: client.chat_postEphemeral(
                    channel=self._around.present(channel), user=person, text=made.text, blocks=blocks
                ),
            )
        except FinalError as refused:
            if not any(name in refused.sentence for name in NO_MEMBER):
                raise
            bare = render_card(replace(card, actions=()), self._clock.now())
            await calling(
                lambda: client.chat_postMessage(
                    channel=person, text=bare.text, blocks=list(bare.blocks), unfurl_links=False, unfurl_media=False
                )
            )

    async def update(self, platform_id: str, card: Card) -> None:
        """Show the card in place of what was posted. What one person alone sees cannot be changed."""
        if platform_id.startswith(EPHEMERAL):
            return
        made = render_card(card, self._clock.now())
        await self._paces.turn(self._around.present(card.destination.channel))
        await self._in(
            card.destination.channel,
            lambda: self._client.chat_update(
                channel=self._around.present(card.destination.channel),
                ts=platform_id,
                text=made.text,
                blocks=list(made.blocks),
                metadata=made.metadata,
            ),
        )

    async def _in(self, channel: ChannelRef, call: Call) -> dict[str, Any]:
        """Call, and again where the channel got another id meanwhile: a refused call has done nothing."""
        before = self._around.present(channel)
        try:
            return await calling(call)
        except FinalError:
            if self._around.present(channel) == before:
                raise
            return await calling(call)

    def link(self, channel: ChannelRef, message_id: str, thread: str) -> str:
        """The permalink of a message, as Slack makes it."""
        there = self._around.present(channel)
        reply = f"?thread_ts={thread}&cid={there}" if thread not in ("", message_id) else ""
        return f"{self._url}/archives/{there}/p{message_id.replace('.', '')}{reply}" if self._url else ""

    async def find(self, card: Card) -> str | None:
        """Look for the card among what stands in its thread, or at the end of its channel. Raises ``FinalError`` for what one
        person alone sees: nobody can look for that."""
        if card.destination.person is not None:
            raise FinalError("Slack does not say what one person alone was shown.")
        async for message in self._messages(card):
            metadata = object_in(message, "metadata")
            ours = text_in(metadata, "event_type") == EVENT_TYPE
            if ours and text_in(object_in(metadata, "event_payload"), "card") == card.id:
                return text_in(message, "ts")
        return None

    async def channel(self, ref: ChannelRef) -> Channel:
        """What ``conversations.info`` says of it, and whether guests are in it."""
        found = await calling(lambda: self._client.conversations_info(channel=self._around.present(ref)))
        info = object_in(found, "channel")
        teams = teams_of(info, ref.workspace) - our_teams(info, ref.workspace) - self._around.people.ours
        external = bool(teams) or info.get("is_ext_shared") is True
        return Channel(ref, text_in(info, "name"), external, teams | await self._guests.among(ref.channel, info))

    async def _messages(self, card: Card) -> AsyncIterator[dict[str, Any]]:
        to, there, cursor = card.destination, self._around.present(card.destination.channel), ""
        since = str((self._clock.now() - LOOKED_BACK).timestamp())
        while True:
            more: dict[str, Any] = {
                "limit": PAGE,
                "include_all_metadata": True,
                **({"cursor": cursor} if cursor else {}),
            }
            if to.thread is not None:
                page = await calling(
                    lambda: self._client.conversations_replies(channel=there, ts=to.thread or "", **more)  # noqa: B023  # awaited at once
                )
            else:
                page = await calling(
                    lambda: self._client.conversations_history(channel=there, oldest=since, **more)  # noqa: B023  # awaited at once
                )
            for message in objects_in(page, "messages"):
                yield dict(message)
            cursor = text_in(object_in(page, "response_metadata"), "next_cursor")
            if not cursor:
                return
