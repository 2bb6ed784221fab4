"""Where the app is installed, as far as reading payloads needs it. Pure."""

from dataclasses import dataclass, field
from typing import Protocol

from adapters.slack.channel_ids import ChannelIds
from adapters.slack_payloads.readable import Named, Names
from core.domain.channels import ChannelRef
from core.domain.people import Person

PLATFORM = "slack"


class Directory(Named, Protocol):
    """Who is known of the workspace; ``ours`` are the teams of our own organisation."""

    ours: frozenset[str]

    def person(self, key: str, channel: str, team: str = "") -> Person:
        """The person of this id as a member of a channel; ``team`` is what a payload says of theirs."""
        ...

    def bot(self, key: str, bot: str) -> Person:
        """The bot that posts under a user id or, where none is known, under its bot id."""
        ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the app is installed: ``home`` is our workspace's id, ``user`` and ``bot_id`` are ours in it."""

    home: str
    user: str
    bot_id: str
    people: Directory
    names: Names
    ids: ChannelIds = field(default_factory=ChannelIds)

    @property
    def source(self) -> str:
        """The source of all events of this workspace."""
        return f"{PLATFORM}:{self.home}"

    def ref(self, channel: str) -> ChannelRef:
        """A channel of this workspace, as we know it, by any id that it has or had."""
        return ChannelRef(PLATFORM, self.home, self.ids.first(channel))

    def present(self, channel: ChannelRef) -> str:
        """The id under which Slack knows a channel of ours now."""
        return self.ids.present(channel.channel)
