"""Which documents are at a place: a page may be asked by several addresses, move, and be known once for each who may see it."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

from core.domain.documents import Page, Source
from core.domain.ids import EntryId, make_id
from core.domain.knowledge import Audience, EntryStatus, Revision
from core.knowledge.quarantine import BY_HAND
from core.learn.ingest_documents import document_id, place_of
from core.ports.records import UnitOfWork
from core.text.addresses import canonical


@dataclass(frozen=True, slots=True)
class Known:
    """A document that was read somewhere, and its newest revision."""

    source: Source
    head: Revision


def is_put_away(head: Revision) -> bool:
    """Whether a person has taken the document out of retrieval: then no reading brings it back."""
    return head.after.status is EntryStatus.RETIRED and head.job.startswith(BY_HAND)


async def at_place(work: UnitOfWork, place: str) -> list[Known]:
    """The documents that were last read at a place, retired ones too."""
    found = [(source, await work.ledger.head(source.document)) for source in await work.documents.all(place)]
    return [Known(source, head) for source, head in found if head is not None]


async def known_as(work: UnitOfWork, page: Page) -> list[Known]:
    """The documents that a page is: those at its place; without any, those where it was asked for, which leads there now."""
    place, asked = place_of(page), canonical(page.address)
    found = await at_place(work, place)
    moved = not found and bool(asked) and asked != place and not is_lost(asked, place)
    return await at_place(work, asked) if moved else found


def is_lost(before: str, now: str) -> bool:
    """Whether a page has not moved, but is gone: many sites lead to their start page from what they do not have."""
    return _is_front(now) and not _is_front(before)


def _is_front(place: str) -> bool:
    parts = urlsplit(place)
    return bool(parts.hostname) and parts.path in ("", "/") and not parts.query


def named(found: Collection[Known], audience: Audience) -> Revision | None:
    """Among documents of one page the one whose audience somebody has named: what is in retrieval first, then what is for the
    ``audience``, and last what was put away."""
    heads = [one.head for one in found if one.source.named]
    return min(
        heads,
        key=lambda head: (is_put_away(head), head.after.status is EntryStatus.RETIRED, head.after.audience != audience),
        default=None,
    )


async def id_for(work: UnitOfWork, page: Page, found: Collection[Known], audience: Audience) -> EntryId:
    """The id of the document that a page is for an audience: of the one that is ``found``, else a new one. What was read there
    first may be elsewhere by now: then its id is no longer to be had."""
    place = place_of(page)
    own = document_id(place, audience)
    same = [one.head for one in found if one.head.after.audience == audience]
    if same:
        return min(same, key=lambda head: (head.after.status is EntryStatus.RETIRED, head.subject_id != own)).subject_id
    for n in count(1):
        source = await work.documents.get(own)
        if source is None or source.seen.place == place:
            break
        own = EntryId(make_id("document", place, audience.value, str(n)))
    return own
