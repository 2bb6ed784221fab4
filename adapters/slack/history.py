"""What was said in a channel, read from Slack and told as the events that would have come live."""

import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator
from datetime import datetime
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.retry import retrying
from adapters.slack.channels import own_channels
from adapters.slack.errors import calling
from adapters.slack.pace import Pace
from adapters.slack.parse import event_of
from adapters.slack.told import people_in
from adapters.slack.workspace import Workspace
from adapters.slack_payloads.fields import Payload, number_in, object_in, objects_in, text_in
from adapters.slack_payloads.head import Refused, time_of
from core.domain.channels import ChannelRef
from core.domain.errors import FinalError
from core.domain.events import InboundEvent
from core.ports.clock import Clock

PAGE = 200
ATTEMPTS, PATIENCE_S = 12, 900.0
"""How often a call is made again, and for how long: whoever reads the past has time, and Slack may say to wait a minute."""
GONE = frozenset({"thread_not_found", "message_not_found"})

Call = Callable[..., Awaitable[AsyncSlackResponse]]
Told = Callable[[int, int], None]
"""Takes how many threads of how many have been read."""


def _untold(_done: int, _of: int) -> None:
    """Nobody watches."""


class SlackHistory:
    """The ``History`` of one workspace. Calls are paced together, each is tried again for long, Retry-After is honoured."""

    def __init__(self, workspace: Workspace, clock: Clock, pace: Pace | None = None, told: Told = _untold) -> None:
        self._workspace, self._clock, self._pace, self._told = workspace, clock, pace or Pace(), told

    async def channels(self) -> list[ChannelRef]:
        """As the port says."""
        ours = sorted(await own_channels(self._workspace), key=lambda one: one.get("is_im") is True)
        return [self._workspace.around.ref(text_in(one, "id")) for one in ours]

    async def read(
        self, channel: ChannelRef, since: datetime, roots_since: datetime, threads: Collection[str] = ()
    ) -> AsyncIterator[InboundEvent]:
        """As the port says. The roots are listed first, newest first, as Slack gives them; then each thread is read when its
        time comes, so that no more than the threads that overlap are in memory."""
        client, there = self._workspace.client, self._workspace.around.present(channel)
        info = object_in(await self._asked(client.conversations_info, channel=there), "channel")
        if changed := self._workspace.changed(there, info, self._clock.now()):
            yield changed
        listed = self._pages(client.conversations_history, "messages", channel=there, oldest=_ts(roots_since))
        roots = {text_in(one, "ts"): one async for one in listed}
        roots |= {ts: {"ts": ts, "only_replies": True} for ts in threads if ts not in roots}
        kind = "im" if info.get("is_im") is True else ""
        async for event in self._in_order([roots[ts] for ts in sorted(roots)], channel.channel, kind, since):
            yield event

    async def _in_order(
        self, roots: list[Payload], channel: str, kind: str, since: datetime
    ) -> AsyncIterator[InboundEvent]:
        """Everything of the threads by time: what is later than the next root waits for it."""
        waiting: list[tuple[datetime, int, InboundEvent]] = []
        place, seen = 0, set[str]()
        for n, root in enumerate(roots):
            at = time_of(root.get("ts"))
            while waiting and at is not None and waiting[0][0] < at:
                yield heapq.heappop(waiting)[2]
            async for message in self._thread(root, channel, since):
                for event in await self._events(message, channel, kind, since):
                    if event.external_id not in seen:
                        seen.add(event.external_id)
                        place += 1
                        heapq.heappush(waiting, (event.at, place, event))
            self._told(n + 1, len(roots))
        while waiting:
            yield heapq.heappop(waiting)[2]

    async def _thread(self, root: Payload, channel: str, since: datetime) -> AsyncIterator[Payload]:
        """A root and its replies after ``since``, where it has any."""
        only_replies = root.get("only_replies") is True
        if not only_replies:
            yield root
            if not _has_newer_replies(root, since):
                return
        replies = self._pages(
            self._workspace.client.conversations_replies, "messages",
            channel=self._workspace.around.ids.present(channel), ts=text_in(root, "ts"), oldest=_ts(since),
        )  # fmt: skip
        try:
            async for reply in replies:
                if only_replies or text_in(reply, "ts") != text_in(root, "ts"):
                    yield reply
        except FinalError as refused:
            if not any(name in refused.sentence for name in GONE):
                raise  # a thread that was deleted meanwhile has nothing to tell

    async def _events(self, message: Payload, channel: str, kind: str, since: datetime) -> list[InboundEvent]:
        bodies = list(_as_delivered(message, channel, kind, since))
        for body in bodies:
            await self._meet(body)
        found = [event_of(body, self._workspace.around, self._clock.now()) for body in bodies]
        return [event for event in found if not isinstance(event, Refused)]

    async def _meet(self, body: Payload) -> None:
        """Look up whom a message names, with patience: roles follow from who people are."""
        workspace = self._workspace
        workspace.people.see(object_in(body, "event"))
        for user in sorted(people_in(body)):
            if user in workspace.people:
                continue
            try:
                found = await self._asked(workspace.client.users_info, user=user)
            except FinalError:
                workspace.people.know({"id": user})  # Slack does not know them either; their id stands for a name
            else:
                workspace.people.know(object_in(found, "user"))

    async def _asked(self, call: Call, **arguments: Any) -> dict[str, Any]:
        async def once() -> dict[str, Any]:
            await self._pace.turn()
            return await calling(lambda: call(**arguments))

        return await retrying(once, attempts=ATTEMPTS, patience_s=PATIENCE_S)

    async def _pages(self, call: Call, name: str, **arguments: Any) -> AsyncIterator[Payload]:
        cursor = ""
        while True:
            page = await self._asked(call, limit=PAGE, **arguments, **({"cursor": cursor} if cursor else {}))
            for one in objects_in(page, name):
                yield one
            cursor = text_in(object_in(page, "response_metadata"), "next_cursor")
            if not cursor:
                return


def _as_delivered(message: Payload, channel: str, kind: str, since: datetime) -> Iterator[Payload]:
    """The envelopes in which Slack would have told of a message: its post, its edit, or that it was deleted."""
    ts, name = text_in(message, "ts"), f"history:{channel}:{text_in(message, 'ts')}"
    said = {**message, "type": "message", "channel": channel, "channel_type": kind}
    at, edited_ts = time_of(message.get("ts")), object_in(message, "edited").get("ts")
    if text_in(message, "subtype") == "tombstone":
        yield {"type": "event_callback", "event_id": f"{name}:deleted", "event": said}
        return
    if at is not None and at > since:
        yield {"type": "event_callback", "event_id": name, "event": said}
    edited_at = time_of(edited_ts)
    if edited_at is not None and edited_at > since and ts:
        changed = {
            "type": "message",
            "subtype": "message_changed",
            "channel": channel,
            "ts": edited_ts,
            "message": message,
        }
        yield {"type": "event_callback", "event_id": f"{name}:edited:{edited_ts}", "event": changed}


def _has_newer_replies(root: Payload, since: datetime) -> bool:
    latest = time_of(root.get("latest_reply"))
    return number_in(root, "reply_count") > 0 and (latest is None or latest > since)


def _ts(at: datetime) -> str:
    return f"{at.timestamp():.6f}"
