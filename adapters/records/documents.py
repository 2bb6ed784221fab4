"""Where documents come from and who linked them: the tables ``documents`` and ``links``."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, select

from adapters.records import tables
from adapters.records.database import Database, chunks, upsert
from core.domain.documents import Link, Seen, Source
from core.domain.ids import EntryId, MessageId

_d, _l = tables.documents.c, tables.links.c
_GET = select(tables.documents).where(_d.document == bindparam("document"))
_ALL = select(tables.documents).order_by(_d.document)
_AT_PLACE = _ALL.where(_d.place == bindparam("place"))
_IN_ORDER = select(tables.links).order_by(_l.at, _l.message, _l.address)
_OF_DOCUMENT = _IN_ORDER.where(_l.document == bindparam("wanted"))
_AT_ADDRESS = _IN_ORDER.where(_l.address == bindparam("wanted"))
_SINCE = _IN_ORDER.where(_l.at >= bindparam("wanted"))


class SqlDocumentStore:
    """``DocumentStore`` over the table ``documents``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, document: EntryId) -> Source | None:
        """As the port says."""
        row = await self._db.row(_GET, {"document": document})
        return None if row is None else _row_to_source(row)

    async def among(self, documents: Collection[EntryId]) -> list[Source]:
        """As the port says."""
        some = chunks(sorted(documents))
        rows = [row for ids in some for row in await self._db.rows(_ALL.where(_d.document.in_(ids)))]
        return [_row_to_source(row) for row in rows]

    async def put(self, source: Source) -> None:
        """As the port says."""
        row = {
            "document": source.document, "address": source.address, "read_at": source.read_at,
            "digest": source.seen.digest, "etag": source.seen.etag, "modified": source.seen.modified,
            "gone_at": source.gone_at, "failures": source.failures, "failure": source.failure,
            "place": source.seen.place, "with_credentials": source.seen.with_credentials, "named": source.named,
        }  # fmt: skip
        await self._db.write(upsert(tables.documents, "document"), row)

    async def all(self, place: str = "") -> list[Source]:
        """As the port says."""
        rows = await (self._db.rows(_AT_PLACE, {"place": place}) if place else self._db.rows(_ALL))
        return [_row_to_source(row) for row in rows]

    async def drop(self, documents: Collection[EntryId]) -> None:
        """As the port says."""
        for some in chunks(documents):
            await self._db.write(delete(tables.documents).where(_d.document.in_(some)))


class SqlLinkStore:
    """``LinkStore`` over the table ``links``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def put(self, link: Link) -> None:
        """As the port says."""
        row = {
            "message": link.message or "", "address": link.address, "document": link.document, "by": link.by,
            "reason": link.reason, "at": link.at,
        }  # fmt: skip
        await self._db.write(upsert(tables.links, "message", "address"), row)

    async def of_document(self, document: EntryId) -> list[Link]:
        """As the port says."""
        return await self._links(_OF_DOCUMENT, document)

    async def at_address(self, address: str) -> list[Link]:
        """As the port says."""
        return await self._links(_AT_ADDRESS, address)

    async def since(self, at: datetime) -> list[Link]:
        """As the port says."""
        return await self._links(_SINCE, at)

    async def drop(self, messages: Collection[MessageId], by: Collection[str], documents: Collection[EntryId]) -> int:
        """As the port says."""
        named = ((_l.message, messages), (_l.by, by), (_l.document, documents))
        gone = [delete(tables.links).where(one.in_(some)) for one, wanted in named for some in chunks(wanted)]
        return sum([await self._db.write(one) for one in gone])

    async def _links(self, statement: Any, wanted: object) -> list[Link]:
        return [_row_to_link(row) for row in await self._db.rows(statement, {"wanted": wanted})]


def _row_to_source(row: RowMapping) -> Source:
    return Source(
        document=EntryId(row["document"]), address=row["address"], read_at=row["read_at"],
        seen=Seen(row["digest"], row["etag"], row["modified"], row["place"], row["with_credentials"]),
        gone_at=row["gone_at"], failures=row["failures"], failure=row["failure"], named=row["named"],
    )  # fmt: skip


def _row_to_link(row: RowMapping) -> Link:
    document = None if row["document"] is None else EntryId(row["document"])
    message = MessageId(row["message"]) if row["message"] else None
    return Link(
        address=row["address"], at=row["at"], document=document, message=message, by=row["by"],
        reason=row["reason"],
    )  # fmt: skip
