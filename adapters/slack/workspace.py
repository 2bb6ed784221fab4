"""The workspace as we need it to read events: who we are, who people are, which channels are shared with whom."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import calling
from adapters.slack.guests import Guests
from adapters.slack.people import People, wanted_groups
from adapters.slack.reply_urls import ReplyUrls
from adapters.slack.surroundings import Surroundings
from adapters.slack.told import channel_of, our_teams, people_in, shared_outside, teams_of
from adapters.slack_payloads.fields import Payload, object_in, objects_in, text_in
from adapters.slack_payloads.readable import Names
from core.domain.channels import ChannelRef
from core.domain.errors import FinalError, TransientError, VigilError
from core.domain.events import ChannelChanged

log = structlog.get_logger(__name__)

PATIENCE_S = 1.0
"""How long an event waits for names at most: Slack wants its acknowledgement within 3 s, and an id does for a name."""
CHANNEL_FOR_S = 3600.0
UNKNOWN_FOR_S = 60.0
"""How long what is known of a channel holds; how long to leave a failed lookup alone."""
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Identity:
    """What ``auth.test`` says of our token, with the scopes that the app was granted. ``enterprise`` is the organisation of
    which our workspace is a part (Enterprise Grid); empty where it stands alone."""

    team: str
    user: str
    bot_id: str
    url: str
    scopes: frozenset[str]
    enterprise: str = ""


@dataclass(frozen=True, slots=True)
class ChannelState:
    """What the desk was told of a channel last."""

    name: str = ""
    external: bool = False
    organisations: frozenset[str] = frozenset()


class Workspace:
    """Looks up what events leave out, and keeps it. Nothing here stops an event: what cannot be looked up stays an id."""

    def __init__(self, client: AsyncWebClient, identity: Identity, groups: Iterable[str] = ()) -> None:
        self.client, self.identity = client, identity
        self._wanted = tuple(groups)
        self.reply_urls = ReplyUrls(client)
        self.people = People(identity.team, identity.enterprise, identity.user)
        self.guests = Guests(client, self.people)
        self._channels: dict[str, str] = {}
        self._until: dict[str, float] = {}
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._asked: dict[str, asyncio.Future[None]] = {}
        self._info: dict[str, Payload] = {}
        self._guests: dict[str, frozenset[str]] = {}
        self._told: dict[ChannelRef, ChannelState] = {}
        self.around = Surroundings(
            identity.team, identity.user, identity.bot_id, self.people, Names(self.people, self._channels)
        )

    async def learn(self, body: Payload, now: datetime) -> ChannelChanged | None:
        """Look up who and where a payload is about, for ``PATIENCE_S`` at most. Gives what is news about the channel."""
        self.people.see(object_in(body, "event"))
        channel = channel_of(body)
        new = [key for key in people_in(body) if key not in self.people]
        found = await asyncio.gather(
            self._channel(channel, body, now), *(self._once(key, self._look_up) for key in new)
        )
        return found[0]

    async def refresh_groups(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Read who is in the user groups that the settings name, however long Slack lets that wait. What it refuses for good
        is told in the log, and the bot works on without: analysts who are configured by their own ids stay."""
        while self._wanted:
            try:
                listed = await calling(lambda: self.client.usergroups_list(include_users=True))
            except TransientError as error:
                log.warning("groups_not_read", reason=error.sentence)
                await sleep(max(error.retry_after_s or 0.0, UNKNOWN_FOR_S))
            except VigilError as error:
                log.error("groups_not_read", groups=self._wanted, reason=error.sentence)
                return
            else:
                self._take_groups(listed)
                return

    def _take_groups(self, listed: Payload) -> None:
        found = wanted_groups(objects_in(listed, "usergroups"), self._wanted)
        for name in set(self._wanted) - set(found):
            log.error("group_unknown", group=name)
        self.people.put_groups(found)

    def forget_channel(self, channel: str) -> None:
        """Look the channel up again with its next event."""
        self._until.pop(channel, None)

    async def _once(self, key: str, look_up: Callable[[str], Awaitable[None]]) -> None:
        """Look somebody or a channel up; whoever asks meanwhile waits for the same answer, and nobody longer than
        ``PATIENCE_S``. A later answer serves the next event."""
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.ensure_future(look_up(key))
            task.add_done_callback(lambda _: self._asked.pop(key, None))
        await asyncio.wait({task}, timeout=PATIENCE_S)

    async def _look_up(self, user: str) -> None:
        if self._until.get(user, 0.0) > time.monotonic():
            return
        try:
            async with self._gate:
                found = await calling(lambda: self.client.users_info(user=user))
        except VigilError as error:
            self._leave_alone(user, error)
        else:
            self.people.know(object_in(found, "user"))

    async def _channel(self, channel: str, body: Payload, now: datetime) -> ChannelChanged | None:
        """What is news about the channel. That it is shared outside is told at once, whatever was known before."""
        if not channel:
            return None
        shared = shared_outside(body)
        if shared and not self._told_of(channel).external:
            self._until.pop(channel, None)
        if self._until.get(channel, 0.0) <= time.monotonic():
            await self._once(channel, self._look_at)
        return self.changed(channel, self._info.get(channel, {}), now, shared=shared)

    async def _look_at(self, channel: str) -> None:
        try:
            info = self._info[channel] = await self.channel_info(channel)
            self._until[channel] = time.monotonic() + CHANNEL_FOR_S
        except VigilError as error:
            self._leave_alone(channel, error)
        else:
            self._guests[channel] = await self.guests.among(self.around.ref(channel).channel, info)

    def _leave_alone(self, key: str, error: VigilError) -> None:
        wait_s = error.retry_after_s if isinstance(error, TransientError) else None
        self._until[key] = time.monotonic() + (wait_s or UNKNOWN_FOR_S)
        log.info("not_looked_up", key=key, reason=error.sentence)

    async def channel_info(self, channel: str) -> dict[str, Any]:
        """What ``conversations.info`` says of a channel."""
        async with self._gate:
            found = await calling(lambda: self.client.conversations_info(channel=channel))
        return dict(object_in(found, "channel"))

    def changed(self, channel: str, info: Payload, now: datetime, *, shared: bool = False) -> ChannelChanged | None:
        """Say what is known of a channel as an event; ``None`` where nothing is, or nothing else than ``told`` has noted."""
        if not info and not shared:
            return None
        before, ref = self._told_of(channel), self.around.ref(channel)
        self.people.join(our_teams(info, self.identity.team) if self.identity.enterprise else ())
        listed = teams_of(info, self.identity.team) - self.people.ours if info else before.organisations
        teams = listed | self._guests.get(
            channel, frozenset()
        )  # who see what is posted, but make nobody a customer's analyst
        name = text_in(info, "name") or before.name
        external = shared or before.external or bool(listed) or info.get("is_ext_shared") is True
        if name:
            self._channels[channel] = name
        if ChannelState(name, external, teams) == self._told.get(ref):
            return None
        return ChannelChanged(
            source=self.around.source, external_id=f"channel:{channel}:{now.isoformat()}", at=now, channel=ref,
            name=name, external=external, organisations=teams,
        )  # fmt: skip

    def told(self, event: ChannelChanged) -> None:
        """Note that this is stored: it is not told again until something is different."""
        self._told[event.channel] = ChannelState(event.name, event.external, event.organisations)

    def _told_of(self, channel: str) -> ChannelState:
        return self._told.get(self.around.ref(channel), ChannelState())


async def who_we_are(client: AsyncWebClient) -> Identity:
    """Ask Slack whose token this is. Raises ``CallerError`` for a token that Slack refuses, ``TransientError`` when it cannot
    be asked now."""
    granted: list[str] = []

    async def ask() -> Any:
        answer = await client.auth_test()
        headers = {name.lower(): value for name, value in dict(answer.headers).items()}
        scopes = headers.get("x-oauth-scopes", "")
        granted.extend(part.strip() for part in str(scopes[0] if isinstance(scopes, list) else scopes).split(","))
        return answer

    found = await calling(ask)
    missing = [name for name in ("team_id", "user_id") if not found.get(name)]
    if missing:
        raise FinalError("Slack does not say whose token SLACK_BOT_TOKEN is: make it a bot token (xoxb-).")
    return Identity(
        str(found["team_id"]), str(found["user_id"]), str(found.get("bot_id", "")), str(found.get("url", "")),
        frozenset(scope for scope in granted if scope), str(found.get("enterprise_id") or ""),
    )  # fmt: skip
