"""Where people talk: workspaces, channels and what a team has set for each channel."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self


class DeliveryMode(StrEnum):
    """What happens with an answer in a channel."""

    AUTO = "auto"
    DRAFT = "draft"
    SHADOW = "shadow"
    OFF = "off"


class SessionScope(StrEnum):
    """What counts as one session: a thread, or the whole chat (one group per ticket)."""

    THREAD = "thread"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class ChannelRef:
    """Names a channel: platform (``slack``, ``lark``, ``terminal``), workspace and channel id as the platform gives them."""

    platform: str
    workspace: str
    channel: str

    @property
    def key(self) -> str:
        """The three parts as one string; the order key of a channel's queue."""
        return f"{self.platform}:{self.workspace}:{self.channel}"


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """What a team has set for one channel; ``None`` means the process's setting holds. While it is ``paused`` Vigil reads and
    learns there, and speaks only when asked."""

    mode: DeliveryMode | None = None
    session: SessionScope = SessionScope.THREAD
    approval: bool = False
    scope: str | None = None
    paused: bool = False
    first_line_bot: str | None = None
    analyst_channel: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as far as we know it. ``organisations`` are the outside organisations present (never the home one)."""

    ref: ChannelRef
    name: str = ""
    external: bool = False
    organisations: frozenset[str] = frozenset()
    settings: ChannelSettings = field(default_factory=ChannelSettings)

    @property
    def customer(self) -> str | None:
        """The one customer of this channel: the only outside organisation, home where nobody is outside, else ``None``."""
        if len(self.organisations) == 1:
            return next(iter(self.organisations))
        return None if self.organisations or self.external else self.ref.workspace

    @property
    def is_shared(self) -> bool:
        """Whether anybody from outside is in it, as far as we know."""
        return self.external or bool(self.organisations)

    def told(self, name: str, organisations: frozenset[str], *, external: bool) -> Self:
        """The channel with what a platform says of it now; organisations that were seen before are kept."""
        outside = self.organisations | organisations
        return replace(self, name=name or self.name, external=self.external or external, organisations=outside)
