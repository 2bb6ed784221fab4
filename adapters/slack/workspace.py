"""The workspace as we need it to read events: who we are, who people are, which channels are shared with whom."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.retry import retrying
from adapters.slack.errors import calling
from adapters.slack.people import People, wanted_groups
from adapters.slack.surroundings import Surroundings
from adapters.slack.told import channel_of, people_in, shared_outside, teams_of
from adapters.slack_payloads.fields import Payload, object_in, objects_in, text_in
from adapters.slack_payloads.readable import Names
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
    """What ``auth.test`` says of our token, with the scopes that the app was granted."""

    team: str
    user: str
    bot_id: str
    url: str
    scopes: frozenset[str]


class Workspace:
    """Looks up what events leave out, and keeps it. Nothing here stops an event: what cannot be looked up stays an id."""

    def __init__(self, client: AsyncWebClient, identity: Identity, groups: Iterable[str] = ()) -> None:
        self.client, self.identity = client, identity
        self._wanted = tuple(groups)
        self.people = People(identity.team)
        self._channels: dict[str, str] = {}
        self._until: dict[str, float] = {}
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._asked: dict[str, asyncio.Task[None]] = {}
        self.around = Surroundings(
            identity.team, identity.user, identity.bot_id, self.people, Names(self.people, self._channels)
        )

    async def learn(self, body: Payload, now: datetime) -> ChannelChanged | None:
        """Look up who and where a payload is about, for ``PATIENCE_S`` at most. Gives what is news about the channel."""
        self.people.see(object_in(body, "event"))
        channel = channel_of(body)
        new = [key for key in people_in(body) if key not in self.people]
        found = await asyncio.gather(self._channel(channel, body, now), *(self._once(key) for key in new))
        return found[0]

    async def refresh_groups(self) -> None:
        """Read who is in the user groups that the settings name. Raises ``CallerError`` for one that Slack does not have."""
        if not self._wanted:
            return
        listed = await retrying(lambda: calling(lambda: self.client.usergroups_list(include_users=True)))
        found = wanted_groups(objects_in(listed, "usergroups"), self._wanted)
        for name in set(self._wanted) - set(found):
            log.error("group_unknown", group=name)
        self.people.put_groups(found)

    @property
    def groups_wanted(self) -> bool:
        """Whether the settings name user groups."""
        return bool(self._wanted)

    def forget_channel(self, channel: str) -> None:
        """Look the channel up again with its next event."""
        self._until.pop(channel, None)

    async def _once(self, user: str) -> None:
        """Look somebody up; whoever asks meanwhile waits for the same answer, and nobody longer than ``PATIENCE_S``."""
        task = self._asked.get(user)
        if task is None:
            task = self._asked[user] = asyncio.create_task(self._look_up(user))
            task.add_done_callback(lambda _: self._asked.pop(user, None))
        await asyncio.wait({task}, timeout=PATIENCE_S)

    async def _look_up(self, user: str) -> None:
        if self._until.get(user, 0.0) > time.monotonic():
            return
        try:
            async with self._gate:
                found = await calling(lambda: self.client.users_info(user=user))
        except VigilError as error:
            wait_s = error.retry_after_s if isinstance(error, TransientError) else None
            self._until[user] = time.monotonic() + (wait_s or UNKNOWN_FOR_S)
            log.info("person_not_looked_up", user=user, reason=error.sentence)
            return
        self.people.know(object_in(found, "user"))

    async def _channel(self, channel: str, body: Payload, now: datetime) -> ChannelChanged | None:
        if not channel or self._until.get(channel, 0.0) > time.monotonic():
            return None
        info = await self._in_time(lambda: self.channel_info(channel))
        self._until[channel] = time.monotonic() + (CHANNEL_FOR_S if info else UNKNOWN_FOR_S)
        return self.changed(channel, info or {}, now, shared=shared_outside(body))

    async def _in_time(self, look: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any] | None:
        try:
            return await asyncio.wait_for(look(), PATIENCE_S)
        except (VigilError, TimeoutError) as error:
            log.info("channel_not_looked_up", reason=str(error))
            return None

    async def channel_info(self, channel: str) -> dict[str, Any]:
        """What ``conversations.info`` says of a channel."""
        async with self._gate:
            found = await calling(lambda: self.client.conversations_info(channel=channel))
        return dict(object_in(found, "channel"))

    def changed(self, channel: str, info: Payload, now: datetime, *, shared: bool = False) -> ChannelChanged | None:
        """Say what is known of a channel as an event; ``None`` where nothing is. Told once per state, not once per lookup."""
        if not info and not shared:
            return None
        name, home = text_in(info, "name"), self.identity.team
        teams = teams_of(info, home)
        external = shared or bool(teams) or info.get("is_ext_shared") is True
        if name:
            self._channels[channel] = name
        mark = ",".join(sorted(teams))
        return ChannelChanged(
            source=self.around.source,
            external_id=f"channel:{channel}:{name}:{external}:{mark}",
            at=now,
            channel=self.around.ref(channel),
            name=name or self._channels.get(channel, ""),
            external=external,
            organisations=teams,
        )


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
        frozenset(scope for scope in granted if scope),
    )  # fmt: skip
