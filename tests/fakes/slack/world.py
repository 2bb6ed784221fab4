"""Who and what there is: workspaces, people, user groups, channels, messages, files, and the one app under test."""

import json
import re
from dataclasses import dataclass, field
from itertools import count

from tests.fakes.slack.clock import Bell, Clock
from tests.fakes.slack.refusals import Json
from tests.fakes.slack.rights import EVENT_SCOPES, SCOPES, check_manifest


@dataclass(eq=False)
class Team:
    """A workspace; exactly one of the world is home, where the app is installed."""

    id: str
    name: str

    @property
    def domain(self) -> str:
        """The first part of its address."""
        return self.name.lower().replace(" ", "-")


@dataclass(eq=False)
class Person:
    """A member of a workspace; a bot has a ``bot_id``, a guest is restricted."""

    id: str
    name: str
    team: Team
    bot_id: str = ""
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    locale: str = "en-US"
    deleted: bool = False

    @property
    def mention(self) -> str:
        """How a message names them."""
        return f"<@{self.id}>"


@dataclass(eq=False)
class Group:
    """A user group of the home workspace."""

    id: str
    handle: str
    members: list[Person]

    @property
    def mention(self) -> str:
        """How a message names it."""
        return f"<!subteam^{self.id}>"


@dataclass(eq=False)
class File:
    """A file; ``outside`` ones reach apps as a stub only, until they ask for it."""

    id: str
    name: str
    mimetype: str
    content: bytes
    author: Person
    outside: bool = False


@dataclass(eq=False)
class Message:
    """A post: ``body`` is what the API tells of it. An ephemeral one is for one person's eyes."""

    channel: "Channel"
    body: Json
    ephemeral_to: str = ""
    metadata: Json | None = None
    files: list[File] = field(default_factory=list)
    streams_since: float | None = None
    stopped: bool = False

    @property
    def ts(self) -> str:
        """Its id within the channel."""
        return str(self.body["ts"])

    @property
    def text(self) -> str:
        """Its text as stored: `& < >` escaped."""
        return str(self.body["text"])

    @property
    def blocks(self) -> list[Json]:
        """Its blocks; none where it has only text."""
        found: list[Json] = self.body.get("blocks", [])
        return found

    @property
    def pings(self) -> list[str]:
        """Who would be notified by it: mentions of people, groups and everybody, in text and blocks."""
        return re.findall(r"<(?:@[UW]\w+|!here|!channel|!everyone|!subteam\^\w+)(?:\|[^>]*)?>", json.dumps(self.body))

    @property
    def root_ts(self) -> str:
        """The thread it is in or would open."""
        return str(self.body.get("thread_ts", self.ts))

    @property
    def is_reply(self) -> bool:
        """Whether it stands under another message."""
        return self.root_ts != self.ts


@dataclass(eq=False)
class Channel:
    """A conversation; ``kind`` is channel, group, im or mpim; ``shared_with`` are outside workspaces (Slack Connect)."""

    id: str
    name: str
    kind: str
    team: Team
    members: list[Person] = field(default_factory=list)
    shared_with: list[Team] = field(default_factory=list)
    is_archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)
    statuses: dict[str, Json] = field(default_factory=dict)
    prompts: list[Json] = field(default_factory=list)

    @property
    def is_private(self) -> bool:
        """Whether those outside cannot even see that it exists."""
        return self.kind != "channel"

    def thread(self, root_ts: str) -> list[Message]:
        """Root and replies, oldest first; empty where there is no such root."""
        return sorted((m for m in self.messages.values() if m.root_ts == root_ts), key=lambda m: m.ts)


@dataclass
class App:
    """The app under test as installed; ``token_error`` is what a dead bot token answers (``token_revoked``, ...),
    ``shortcuts`` are callback ids, None for any."""

    bot: Person
    id: str = "A0VIGIL001"
    bot_token: str = "xoxb-1-fake"
    app_token: str = "xapp-1-fake"
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    events: set[str] = field(default_factory=lambda: set(EVENT_SCOPES))
    commands: set[str] = field(default_factory=lambda: {"/vigil"})
    shortcuts: set[str] | None = None
    home_tab: bool = True
    token_error: str = ""

    def install(self, manifest: Json) -> None:
        """Take rights, subscriptions, commands and shortcuts from an app manifest, and nothing beyond it."""
        check_manifest(manifest)
        features, settings = manifest["features"], manifest["settings"]
        self.scopes = set(manifest["oauth_config"]["scopes"]["bot"])
        self.events = set(settings["event_subscriptions"]["bot_events"])
        self.commands = {command["command"] for command in features.get("slash_commands", [])}
        self.shortcuts = {shortcut["callback_id"] for shortcut in features.get("shortcuts", [])}
        self.home_tab = bool(features.get("app_home", {}).get("home_tab_enabled"))

    def hears(self, event: str) -> bool:
        """Whether an event is subscribed to, with the scope that it needs."""
        scope = EVENT_SCOPES.get(event, "")
        return event in self.events and (not scope or scope in self.scopes)


class World:
    """Everything by its id, and new ids."""

    def __init__(self, home: str = "Home") -> None:
        self.clock = Clock()
        self.bell = Bell()
        self._numbers = count(1)
        self.home = Team(self.mint("T"), home)
        self.teams = {self.home.id: self.home}
        bot = Person(self.mint("U"), "vigil", self.home, bot_id=self.mint("B"))
        self.app = App(bot)
        self.people = {bot.id: bot}
        self.groups: dict[str, Group] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.address = ""
        self.enterprise = ""

    def mint(self, letter: str) -> str:
        """A new id that begins with a letter as Slack's do."""
        return f"{letter}0{next(self._numbers):09d}"

    def im_of(self, person: Person) -> Channel:
        """The direct conversation of somebody with the app's bot."""
        for channel in self.channels.values():
            if channel.kind == "im" and person in channel.members:
                return channel
        channel = Channel(self.mint("D"), "", "im", self.home, [person, self.app.bot])
        self.channels[channel.id] = channel
        return channel

    def bot_is_in(self, channel: Channel) -> bool:
        """Whether the app's bot is a member."""
        return self.app.bot in channel.members
