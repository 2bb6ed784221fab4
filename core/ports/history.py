"""The port for reading what was said before now, or while nobody listened."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import Protocol

from core.domain.channels import ChannelRef
from core.domain.events import InboundEvent


class History(Protocol):
    """Reads channels' past from their platform, slowly enough that live work is not in its way. Both methods raise
    ``TransientError`` when a later try may work, ``FinalError`` or ``CallerError`` when it will not: no member, a scope that is
    missing."""

    async def channels(self) -> list[ChannelRef]:
        """The channels that we are a member of, direct conversations last."""
        ...

    def read(
        self, channel: ChannelRef, since: datetime, roots_since: datetime, threads: Collection[str] = ()
    ) -> AsyncIterator[InboundEvent]:
        """What was posted or edited after ``since``, in the order of time, as the events that tell of it live: a message that
        came live before has the same channel and message id. Told of are threads whose root was posted after
        ``roots_since``, and ``threads`` (by their root); an edited message comes as it stands now. First comes what is known
        of the channel."""
        ...
