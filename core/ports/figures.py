"""The port for what Vigil was worth, counted where the records are."""

from datetime import datetime
from typing import Protocol

from core.domain.channels import ChannelRef
from core.domain.figures import AnswerDay, KnowledgeDay, OnCalls, Over


class FigureStore(Protocol):
    """Counts as ``core.domain.figures`` defines. The records do the counting: nothing of what was said is read, and what is
    given grows with the days (and the leads), not with the messages."""

    async def span(self, channels: tuple[ChannelRef, ...] | None) -> tuple[datetime, datetime] | None:
        """The times of the first and of the last message on record in these channels; ``None`` where there is none."""
        ...

    async def on_calls(self, over: Over) -> list[OnCalls]:
        """The on-calls opened in the period, by number of standing answers and by when they were helped."""
        ...

    async def answers(self, over: Over) -> list[AnswerDay]:
        """The days of the period on which answers were posted, in order."""
        ...

    async def leads(self, over: Over) -> tuple[list[float], int]:
        """The leads in seconds of the turns of the period that have one, ascending; and of how many turns the card was only
        recorded."""
        ...

    async def growth(self, over: Over) -> list[KnowledgeDay]:
        """What was known: all days before ``until``, those before ``since`` too, by day, kind and change. With channels, of the
        entries alone that were learned from messages there."""
        ...
