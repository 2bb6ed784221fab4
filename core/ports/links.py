"""The ports for where documents come from: stores of a unit of work beside those of ``core.ports.records``."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from core.domain.documents import Link, Source
from core.domain.ids import EntryId, MessageId


class DocumentStore(Protocol):
    """Where documents come from, and how fresh they are."""

    async def get(self, document: EntryId) -> Source | None:
        """Give the source of a document."""
        ...

    async def among(self, documents: Collection[EntryId]) -> list[Source]:
        """The sources of those of these documents that have one, by document."""
        ...

    async def put(self, source: Source) -> None:
        """Insert or replace by document."""
        ...

    async def all(self, place: str = "") -> list[Source]:
        """All sources, or those of the documents that were last read at this place, by document."""
        ...

    async def drop(self, documents: Collection[EntryId]) -> None:
        """Keep these documents fresh no longer."""
        ...


class LinkStore(Protocol):
    """Which addresses people named, and what became of each."""

    async def put(self, link: Link) -> None:
        """Insert or replace by message and address."""
        ...

    async def of_document(self, document: EntryId) -> list[Link]:
        """The links to a document, oldest first."""
        ...

    async def at_address(self, address: str) -> list[Link]:
        """The links of an address, oldest first."""
        ...

    async def since(self, at: datetime) -> list[Link]:
        """The links of ``at`` and later, oldest first."""
        ...

    async def drop(self, messages: Collection[MessageId], by: Collection[str], documents: Collection[EntryId]) -> int:
        """Remove the links in these messages, by these people and to these documents; gives how many."""
        ...
