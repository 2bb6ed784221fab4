"""The port for posting cards on a platform."""

from typing import Protocol

from core.domain.cards import Card
from core.domain.channels import Channel, ChannelRef


class Messenger(Protocol):
    """Posts our cards. Each method raises ``TransientError`` (with ``retry_after_s`` where the platform names it) when a
    later try may work, ``CallerError`` when one will once a token or scope is mended, ``FinalError`` when none will."""

    async def send(self, card: Card) -> str:
        """Post the card and give the platform's id of the post."""
        ...

    async def update(self, platform_id: str, card: Card) -> None:
        """Show ``card`` in place of what was posted under ``platform_id``. Repeating it changes nothing. ``FinalError`` where
        the platform has no such post, or does not let us edit it."""
        ...

    def link(self, channel: ChannelRef, message_id: str, thread: str) -> str:
        """The address under which people open a message; empty where the platform has none."""
        ...

    async def find(self, card: Card) -> str | None:
        """Look the card up at its destination by its id, and give the post's id, or ``None`` when it was never posted."""
        ...

    async def channel(self, ref: ChannelRef) -> Channel:
        """What the platform says of a channel now: its name, and who from outside is in it. Its settings are ours: they are
        not told."""
        ...
