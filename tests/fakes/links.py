"""Where documents come from and who linked them, in memory."""

from collections.abc import Callable, Collection
from datetime import datetime

from core.domain.documents import Link, Source
from core.domain.ids import EntryId, MessageId
from tests.fakes.records import Tables, cleaned


class MemorySources:
    def __init__(self, tables: Tables) -> None:
        self._rows = tables.documents

    async def get(self, document: EntryId) -> Source | None:
        return self._rows.get(document)

    async def among(self, documents: Collection[EntryId]) -> list[Source]:
        return [row for row in await self.all() if row.document in documents]

    async def put(self, source: Source) -> None:
        self._rows[source.document] = cleaned(source)

    async def all(self, place: str = "") -> list[Source]:
        return [row for _, row in sorted(self._rows.items()) if place in ("", row.seen.place)]

    async def drop(self, documents: Collection[EntryId]) -> None:
        for one in documents:
            self._rows.pop(one, None)


class MemoryLinks:
    def __init__(self, tables: Tables) -> None:
        self._rows = tables.links

    async def put(self, link: Link) -> None:
        self._rows[link.message or MessageId(""), link.address] = cleaned(link)

    async def of_document(self, document: EntryId) -> list[Link]:
        return self._where(lambda link: link.document == document)

    async def at_address(self, address: str) -> list[Link]:
        return self._where(lambda link: link.address == address)

    async def since(self, at: datetime) -> list[Link]:
        return self._where(lambda link: link.at >= at)

    async def drop(self, messages: Collection[MessageId], by: Collection[str], documents: Collection[EntryId]) -> int:
        rows = self._rows.items()
        gone = [key for key, row in rows if row.message in messages or row.by in by or row.document in documents]
        for key in gone:
            del self._rows[key]
        return len(gone)

    def _where(self, wanted: Callable[[Link], bool]) -> list[Link]:
        return sorted(filter(wanted, self._rows.values()), key=lambda link: (link.at, link.message or "", link.address))
