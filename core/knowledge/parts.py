"""What an entry says at a revision, where the entry may be a part of a document: the ledger knows the document alone."""

from collections.abc import Sequence
from dataclasses import replace

from core.domain.documents import DOCUMENT
from core.domain.ids import EntryId, subject_of
from core.domain.knowledge import EntryStatus, KnowledgeEntry, Revision
from core.knowledge.chunking import parts_of
from core.ports.records import UnitOfWork
from core.text.markdown_blocks import blocks_of


async def history_as_cited(work: UnitOfWork, entry: EntryId, cited_at: int) -> list[Revision]:
    """The revisions of an entry, oldest first. Those of a document's part, cited at revision ``cited_at`` (from 1), have the
    part in place of the document: what of it a later revision says elsewhere counts as the same part, so that a citation stands
    as long as its text is in the document. Empty where the entry is unknown."""
    return as_cited(await work.ledger.history(subject_of(entry)), entry, cited_at)


def as_cited(history: list[Revision], entry: EntryId, cited_at: int) -> list[Revision]:
    """The same of a ``history`` that has been read."""
    if subject_of(entry) == entry or not history:
        return history
    then = history[min(cited_at, len(history)) - 1].after
    cited = part_named(then, entry)
    return [replace(one, after=as_said(cited, one.after)) for one in history]


async def head_as_cited(work: UnitOfWork, entry: EntryId) -> Revision | None:
    """The newest revision of an entry, with the part of this number in place of its document; ``None`` where it is unknown."""
    head = await work.ledger.head(subject_of(entry))
    if head is None or subject_of(entry) == entry:
        return head
    return replace(head, after=part_named(head.after, entry))


def part_named(document: KnowledgeEntry, part: EntryId) -> KnowledgeEntry:
    """The part of this id; the first one, retired, where there is none so far back."""
    found = [one for one in parts_of(document) if one.id == part]
    return found[0] if found else replace(document, id=part, status=EntryStatus.RETIRED)


def as_said(part: KnowledgeEntry, document: KnowledgeEntry) -> KnowledgeEntry:
    """What a document says of a part: the part as it was where all its blocks still stand, else what stands in its place, else
    the part, retired. With the status, audience and address of the document."""
    if document.kind != DOCUMENT:
        return document
    now = parts_of(document)
    if _stands(part, now):
        return _standing_in(document, part, document.status)
    place = [one for one in now if (one.title, one.anchor) == (part.title, part.anchor)]
    return replace(place[0], id=part.id) if place else _standing_in(document, part, EntryStatus.RETIRED)


def _standing_in(document: KnowledgeEntry, part: KnowledgeEntry, status: EntryStatus) -> KnowledgeEntry:
    return replace(
        part, status=status, audience=document.audience, url=document.url, updated_at=document.updated_at,
        expires_at=document.expires_at,
    )  # fmt: skip


def _stands(part: KnowledgeEntry, now: Sequence[KnowledgeEntry]) -> bool:
    known = "\n\n".join(one.answer for one in now)
    return all(block in known for block in blocks_of(part.answer))
