"""Keeping documents: a page as it was read becomes a revision where it reads otherwise; what is gone is retired."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.desk.places import id_for, is_put_away, known_as
from core.desk.places import named as named_among
from core.desk.ready import Ready
from core.domain.documents import AUDIENCE_NAMED, Gone, Link, Page, Seen, Source
from core.domain.ids import EntryId
from core.domain.jobs import JobOrder, Lane
from core.domain.knowledge import INTERNAL, SHARED, Audience, EntryStatus, KnowledgeEntry, Revision
from core.knowledge.ledger import Because, add, restore, retire, update
from core.knowledge.quarantine import same_content
from core.learn.ingest_documents import place_of
from core.ports.records import UnitOfWork
from core.text.addresses import is_plain

DOCUMENT_KEY, LINK_KEY = "document:", "link:"
"""What begins the key of a job of the lane ``refresh``: look at a document again, read the links of a message."""
GONE_JOB, READ_JOB = "gone:", "read:"
PROJECT_WITHIN_S = 1.0
_SPREAD = 0.5


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as it is known now; ``revision`` is what this reading changed, ``None`` where it reads as before; it no
    longer ``stands`` where another document of the same page does in its place."""

    document: EntryId
    title: str
    revision: Revision | None
    stands: bool = True


async def keep(
    work: UnitOfWork,
    ready: Ready,
    audience: Audience,
    now: datetime,
    status: EntryStatus = EntryStatus.ACTIVE,
    *,
    by_hand: bool = False,
    named: bool = False,
) -> Kept:
    """Keep a page that was asked for, new or again. What was retired by hand stays so, unless it is learned by hand; where
    somebody has said by hand who may see a page, a link to it does not show it to others."""
    found = await known_as(work, ready.page)
    meant = None if by_hand else named_among(found, audience)
    if meant is not None:
        return await keep_again(work, ready, meant, now)
    document = await id_for(work, ready.page, found, audience)
    head = await work.ledger.head(document)
    entry = replace(ready.entry, id=document, audience=audience, status=status)
    return await _keep(work, ready.page, entry, head, now, by_hand=by_hand, named=named)


async def audience_was_named(work: UnitOfWork, document: EntryId) -> bool:
    """Whether somebody has said by hand who may see a document."""
    source = await work.documents.get(document)
    return source is not None and source.named


async def keep_again(
    work: UnitOfWork, ready: Ready, head: Revision, now: datetime, *, by_hand: bool = False, named: bool = False
) -> Kept:
    """Keep what a known document says now, for those who may see it: fewer where credentials are needed by now and nobody has
    said by hand who may see it, or says so now (``named``)."""
    known = head.after
    narrowed = ready.page.with_credentials and known.audience == SHARED
    stays = named or not narrowed or await audience_was_named(work, known.id)
    entry = replace(ready.entry, id=known.id, audience=known.audience if stays else INTERNAL)
    return await _keep(work, ready.page, entry, head, now, by_hand=by_hand, named=named)


async def _keep(
    work: UnitOfWork,
    page: Page,
    entry: KnowledgeEntry,
    head: Revision | None,
    now: datetime,
    *,
    by_hand: bool,
    named: bool,
) -> Kept:
    if head is not None and is_put_away(head) and not by_hand:  # nor is it seen: restored, it is read anew
        return Kept(entry.id, head.after.title, None)
    known = await work.documents.get(entry.id)
    source = Source(document=entry.id, address=page.address, read_at=now, seen=_seen(page), named=named)
    await work.documents.put(source if known is None else _asked_as_before(known, source))
    if head is None:
        return await _written(
            work, replace(entry, created_at=now, updated_at=now), page, "it was read for the first time", add
        )
    status = await _status(work, entry, head, by_hand=by_hand)
    entry = replace(entry, status=status, created_at=head.after.created_at, updated_at=now)
    if same_content(head.after, entry):
        return Kept(entry.id, head.after.title, None)
    if head.after.status is EntryStatus.RETIRED:
        return await _written(work, entry, page, "it is there again", add)
    waits = status is EntryStatus.CANDIDATE and head.after.status is EntryStatus.ACTIVE
    if head.after.url != entry.url and head.after.answer == entry.answer:
        why = f"it is at {entry.url} now{', and waits again' if waits else ''}"
        return await _written(work, entry, page, why, update)
    why = f"it reads otherwise than {'what was approved, and waits again' if waits else 'before'}"
    return await _written(work, entry, page, why, update)


def _asked_as_before(known: Source, source: Source) -> Source:
    """Whatever else leads to a page, it is asked where it was asked before, as long as that works."""
    works = known.gone_at is None and not known.failures
    return replace(
        source, address=known.address if works else source.address, named=source.named or known.named
    )  # fmt: skip


async def _written(
    work: UnitOfWork, entry: KnowledgeEntry, page: Page, why: str, write: Callable[..., Awaitable[Revision]]
) -> Kept:
    because = Because(why, f"{READ_JOB}{entry.id}:{page.digest[:16]}", entry.updated_at)
    revision = await write(work, entry, because)
    await project_soon(work, entry.updated_at)
    return Kept(entry.id, entry.title, revision)


async def _status(work: UnitOfWork, entry: KnowledgeEntry, head: Revision, *, by_hand: bool) -> EntryStatus:
    """Whether a document that is known waits for an approval: where nobody has given one, whatever became of it meanwhile, and
    where it waited once and says now what nobody has approved. What is learned by hand waits only where it waits already."""
    known = head.after.status
    if known is EntryStatus.CANDIDATE or by_hand:
        return EntryStatus.CANDIDATE if known is EntryStatus.CANDIDATE else EntryStatus.ACTIVE
    if known is EntryStatus.ACTIVE and same_content(head.after, replace(entry, status=known)):
        return known
    images = [one.after for one in await work.ledger.history(entry.id)]
    stood = [one for one in images if one.status is not EntryStatus.RETIRED][-1:]
    if stood and same_content(stood[0], replace(entry, status=stood[0].status)):
        return stood[0].status
    waited = any(one.status is EntryStatus.CANDIDATE for one in images)
    return EntryStatus.CANDIDATE if waited else EntryStatus.ACTIVE if stood else entry.status


async def found_unchanged(work: UnitOfWork, source: Source, now: datetime) -> Revision | None:
    """A document still reads as it was seen; one that was retired because it was gone is back."""
    await work.documents.put(replace(source, read_at=now, gone_at=None, failures=0, failure=""))
    head = await work.ledger.head(source.document)
    if head is None or head.after.status is not EntryStatus.RETIRED or is_put_away(head):
        return None
    history = await work.ledger.history(source.document)
    stood = [one.n for one in history if one.after.status is not EntryStatus.RETIRED]
    if not stood:
        return None
    because = Because("it is there again", f"{READ_JOB}{source.document}:{now.isoformat()}", now)
    back = await restore(work, source.document, stood[-1], because)
    await project_soon(work, now)
    return back


async def found_gone(work: UnitOfWork, source: Source, gone: Gone, now: datetime, *, at_once: bool = False) -> bool:
    """A document is not there: retired where that is for good, at once, or the second time it is not there; gives whether it is
    retired."""
    settled = gone.for_good or at_once or source.gone_at is not None
    await work.documents.put(replace(source, gone_at=source.gone_at or now, failures=0, failure=""))
    if settled:
        because = Because(gone.reason, f"{GONE_JOB}{source.document}", now)
        if await retire(work, source.document, because) is not None:
            await project_soon(work, now)
    return settled


async def found_missing_host(work: UnitOfWork, source: Source, patience: timedelta, now: datetime) -> bool:
    """A document's host is not found: retired once it is missed for so long; gives whether it is."""
    since = source.gone_at or now
    await work.documents.put(replace(source, gone_at=since))
    if now - since < patience:
        return False
    if await retire(work, source.document, Because(source.failure, f"{GONE_JOB}{source.document}", now)) is not None:
        await project_soon(work, now)
    return True


async def found_not_public(work: UnitOfWork, source: Source, head: Revision, now: datetime) -> Revision | None:
    """Not everybody can open a document any more: it is for analysts, unless somebody has named who may see it."""
    known = head.after
    if source.named or known.audience != SHARED or known.status is EntryStatus.RETIRED:
        return None
    because = Because("not everybody can open it any more", f"{READ_JOB}{known.id}:{now.isoformat()}", now)
    narrowed = await update(work, replace(known, audience=INTERNAL, updated_at=now), because)
    await project_soon(work, now)
    return narrowed


async def order_refresh(work: UnitOfWork, document: EntryId, refresh_s: float, now: datetime) -> None:
    """Look at a document again later."""
    await work.jobs.order(now, JobOrder(Lane.REFRESH, f"{DOCUMENT_KEY}{document}", spread_s(document, refresh_s)))


async def follow_imported(work: UnitOfWork, document: KnowledgeEntry, refresh_s: float, now: datetime) -> None:
    """Look from time to time at a page of the web that another home has read. No import names a file to be read. Whom it is for
    counts as named where it is not for everybody: no link widens what another home kept for some."""
    if not is_plain(document.url):
        return
    narrow = document.audience != SHARED
    seen = Seen("", place=document.url)
    source = Source(
        document=document.id, address=document.url, read_at=document.updated_at, seen=seen, named=narrow
    )  # fmt: skip
    await work.documents.put(source)
    by = AUDIENCE_NAMED if narrow else ""
    await work.links.put(Link(address=document.url, at=now, document=document.id, by=by))
    await order_refresh(work, document.id, refresh_s, now)


def spread_s(document: EntryId, refresh_s: float) -> float:
    """About ``refresh_s``, for each document something else, so that not all are asked for at once."""
    share = hashlib.sha256(document.encode()).digest()[0] / 255
    return refresh_s * (1 - _SPREAD / 2 + _SPREAD * share)


def _seen(page: Page) -> Seen:
    return Seen(page.digest, page.etag, page.modified, place_of(page), page.with_credentials)


async def project_soon(work: UnitOfWork, now: datetime) -> None:
    """Have retrieval see what has changed."""
    await work.jobs.order(now, JobOrder(Lane.PROJECT, "knowledge", PROJECT_WITHIN_S, PROJECT_WITHIN_S))


def failing(sources: Sequence[Source]) -> list[Source]:
    """Those that could not be read the last time, or are gone."""
    return [one for one in sources if one.failures or one.gone_at is not None]
