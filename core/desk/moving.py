"""Documents that are at another address than before: one active copy stays, with its history and its id where that can be."""

from dataclasses import replace
from datetime import datetime

from core.desk.documents import GONE_JOB, Kept, found_unchanged, keep, keep_again, order_refresh, project_soon
from core.desk.places import Known, at_place
from core.desk.ready import Ready
from core.domain.ids import SHORT
from core.domain.knowledge import INTERNAL, SHARED, EntryStatus
from core.knowledge.ledger import Because, retire
from core.learn.ingest_documents import place_of
from core.ports.records import UnitOfWork
from core.text.addresses import canonical


async def follow(work: UnitOfWork, ready: Ready | None, known: Known, now: datetime) -> Kept:
    """Keep what a known document says now, wherever that is; ``None`` where it says what it said. Where another document of the
    same page is there already, that one stands in its place, with its links; where the audience of one of the two was named,
    that one stands and the shared one does not."""
    own, head = known.source, known.head
    place = own.seen.place if ready is None else place_of(ready.page)
    arrives = place != own.seen.place or head.after.status is EntryStatus.RETIRED
    others = [one for one in await at_place(work, place) if arrives and _is_other(one, known)]
    for other in others:
        same = other.head.after.audience == head.after.audience
        if same or (other.source.named and not own.named and head.after.audience == SHARED):
            await _give_way(work, known, other, now)
            return Kept(own.document, head.after.title, None, stands=False)
    for other in others:
        if own.named and not other.source.named and other.head.after.audience == SHARED:
            await _give_way(work, other, known, now)
    if ready is not None:
        return await keep_again(work, ready, head, now)
    return Kept(own.document, head.after.title, await found_unchanged(work, own, now))


def _is_other(one: Known, known: Known) -> bool:
    return one.source.document != known.source.document and one.head.after.status is not EntryStatus.RETIRED


async def _give_way(work: UnitOfWork, known: Known, other: Known, now: datetime) -> None:
    """Retire a document for another of the same page, which is asked by its addresses, too, and stays as narrow as it was."""
    document, stays = known.source.document, other.source
    because = Because(f"its page is document {stays.document[:SHORT]} now", f"{GONE_JOB}{document}", now)
    if await retire(work, document, because) is not None:
        await project_soon(work, now)
    await work.documents.put(replace(known.source, gone_at=known.source.gone_at or now, failures=0, failure=""))
    alike = known.head.after.audience == other.head.after.audience
    if alike and known.source.named and known.head.after.audience != SHARED:
        await work.documents.put(replace(stays, named=True))
    for link in await work.links.of_document(document):
        await work.links.put(replace(link, document=stays.document))


async def keep_beside(
    work: UnitOfWork, ready: Ready, known: Known, address: str, refresh_s: float, now: datetime
) -> Kept:
    """Keep the page to which an address of a document leads by now, while the document itself is where it was: for the same
    people, or for analysts where not everybody can open it; unread by anybody it waits where the document ever did."""
    head, named = known.head, known.source.named
    narrowed = ready.page.with_credentials and head.after.audience == SHARED and not named
    history = await work.ledger.history(head.subject_id)
    waits = any(one.after.status is EntryStatus.CANDIDATE for one in history)
    status = EntryStatus.CANDIDATE if waits else EntryStatus.ACTIVE
    kept = await keep(work, ready, INTERNAL if narrowed else head.after.audience, now, status, named=named)
    for link in await work.links.of_document(head.subject_id):
        if link.address == canonical(address):
            await work.links.put(replace(link, document=kept.document))
    await order_refresh(work, kept.document, refresh_s, now)
    return kept
