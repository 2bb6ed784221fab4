"""A platform's past in memory."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime

from core.domain.channels import ChannelRef
from core.domain.events import InboundEvent


class FakeHistory:
    """Tells ``events`` by channel; ``failures`` are raised by the channel's readings, ``asked`` is what was read since when,
    with which threads."""

    def __init__(self, events: Mapping[ChannelRef, Sequence[InboundEvent]]) -> None:
        self.events = {channel: list(told) for channel, told in events.items()}
        self.failures: dict[ChannelRef, Exception] = {}
        self.asked: list[tuple[ChannelRef, datetime, list[str]]] = []

    async def channels(self) -> list[ChannelRef]:
        """All of them."""
        return list(self.events)

    async def read(
        self, channel: ChannelRef, since: datetime, roots_since: datetime, threads: Collection[str] = ()
    ) -> AsyncIterator[InboundEvent]:
        """What is later than ``since``."""
        self.asked.append((channel, since, list(threads)))
        if channel in self.failures:
            raise self.failures[channel]
        for event in sorted(self.events[channel], key=lambda one: one.at):
            if event.at > since:
                yield event
