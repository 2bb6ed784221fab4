"""The ports for forgetting and retention: stores of a unit of work beside those of ``core.ports.records``.

What is asked of ``Reach`` and ``Erasure`` looks through whole tables: it is for a command, never for the hot path.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from core.domain.answers import Answer
from core.domain.channels import ChannelRef
from core.domain.forgetting import Forgetting
from core.domain.ids import CardId, EntryId, MessageId, SessionId
from core.domain.knowledge import Revision


class Reach(Protocol):
    """Finds what is somebody's, wherever it lies."""

    async def sessions_of(self, platform: str, person: str) -> list[SessionId]:
        """The sessions that a person opened or wrote in, by id."""
        ...

    async def sessions_in(self, channel: ChannelRef) -> list[SessionId]:
        """The sessions of a channel, by id."""
        ...

    async def taught(self, messages: Collection[MessageId]) -> list[EntryId]:
        """The entries of which any revision, not the head alone, was learned from one of these messages, by id."""
        ...

    async def citing(self, entries: Collection[EntryId]) -> list[Answer]:
        """The answers that cite one of these entries, seen or not, by id."""
        ...

    async def cards_naming(self, words: Collection[str]) -> list[CardId]:
        """The cards in the outbox, sent ones too, that hold one of these names or ids as a whole word (``core.domain.naming``)
        anywhere, in the order recorded."""
        ...


class Erasure(Protocol):
    """Takes out what was said; ids and times stay. Each gives how many rows it has changed or removed."""

    async def runs(self, sessions: Collection[SessionId], words: Collection[str]) -> int:
        """Remove the runs of these sessions, and those that hold one of these names or ids as a whole word anywhere."""
        ...

    async def events(
        self,
        channels: Collection[ChannelRef],
        messages: Collection[tuple[ChannelRef, str]],
        people: Collection[str],
        words: Collection[str],
    ) -> int:
        """Empty the events of these channels, those about these messages (by the platform's id) and those that hold one of
        these people's ids, or of these names, as a whole word; they stay known, also where such an id stood in an event's own
        id, which holds it no longer. Edits that wait for their message in these channels go; where people are named, all go,
        because an edit does not say whose it is."""
        ...

    async def feedback(self, actors: Collection[str], targets: Collection[str]) -> int:
        """Take who and what was said off the feedback by these people, and what was said off that on these targets."""
        ...

    async def cards(self, cards: Collection[CardId]) -> int:
        """Remove these cards from the outbox; those that wait are never sent."""
        ...

    async def people(self, platform: str, people: Collection[str]) -> int:
        """Remove the names and organisations of these people."""
        ...


class Forgettings(Protocol):
    """The records of what was forgotten, and the one way in which a revision is ever changed."""

    async def put(self, forgetting: Forgetting) -> None:
        """Insert or replace."""
        ...

    async def all(self) -> list[Forgetting]:
        """All records, as recorded."""
        ...

    async def rewrite(self, revision: Revision) -> None:
        """Put another image, reason and sources into a revision that is there, as if it had always been so; retrieval is to
        follow where it is the head."""
        ...


class Retention(Protocol):
    """Finds and takes out what is older than it may be kept, ``limit`` rows at a time: fewer mean that it is done."""

    async def expiring(self, before: datetime, limit: int) -> list[SessionId]:
        """Sessions that are closed, or were look-ups by hand, and hold messages from before then that have not expired; without
        those that a job or a card is waiting for."""
        ...

    async def events(self, before: datetime, limit: int) -> int:
        """Empty events from before then; they stay known. Drops the changes from before then whose message never came."""
        ...

    async def runs(self, before: datetime, limit: int) -> int:
        """Remove runs from before then."""
        ...

    async def feedback(self, before: datetime, limit: int) -> int:
        """Take what was said off feedback from before then; who did what stays."""
        ...

    async def cards(self, before: datetime, limit: int) -> int:
        """Remove cards from before then that are sent or dropped, whose session is over and for which no edit is waiting."""
        ...
