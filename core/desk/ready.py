"""A page made ready to be kept: masked and cut before any transaction, in a thread, so that a long one holds up nobody."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from core.domain.documents import MOST_PARTS, Page
from core.domain.errors import CallerError
from core.domain.knowledge import SHARED, EntryStatus, KnowledgeEntry
from core.knowledge.chunking import parts_of
from core.learn.ingest_documents import document_id, entry_of, place_of


@dataclass(frozen=True, slots=True)
class Ready:
    """A page and the entry that it becomes: active and for everybody, until whoever keeps it says otherwise; ``parts`` are as
    many as it is cut into."""

    page: Page
    entry: KnowledgeEntry
    parts: int


async def made_ready(page: Page, now: datetime) -> Ready:
    """Mask and cut a page. Raises ``CallerError`` where no text is left, where its address holds a secret, and where it is too
    long."""
    return await asyncio.to_thread(_made_ready, page, now)


def _made_ready(page: Page, now: datetime) -> Ready:
    entry = entry_of(page, document_id(place_of(page), SHARED), SHARED, EntryStatus.ACTIVE, (now, now))
    parts = len(parts_of(entry))
    if parts > MOST_PARTS:
        raise CallerError(
            f"This document has {parts:,} parts, and at most {MOST_PARTS:,} are kept of one: name its chapters one by one."
        )
    return Ready(page, entry, parts)
