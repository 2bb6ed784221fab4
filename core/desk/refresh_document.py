"""Looking at a known document again: what is new of it is kept, what is gone is retired, what is not public is for fewer."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from core.desk.context import Desk
from core.desk.documents import (
    found_gone,
    found_missing_host,
    found_not_public,
    spread_s,
)
from core.desk.moving import follow, keep_beside
from core.desk.places import Known, is_put_away
from core.desk.ready import Ready, made_ready
from core.desk.refresh_reading import Found, read_again
from core.domain.documents import Gone, Page, Source
from core.domain.errors import CallerError, NoSuchHostError, NotPublicError, TransientError, VigilError
from core.domain.ids import EntryId
from core.ports.documents import Documents
from core.text.redaction import redact

log = structlog.get_logger(__name__)

FIRST_RETRY_S = 600.0
MOST_WAIT_S = 7 * 86_400.0
GONE_AGAIN_SHARE = 0.25
"""Of the usual time, after which something that is not there is looked for a second time."""
HOST_MISSED_FOR = timedelta(days=7)
"""A name that somebody forgot to pay for, or a name server that is being moved, is back within days."""


async def look_again(document: EntryId, desk: Desk, documents: Documents, *, at_once: bool = False) -> float | None:
    """Read a document again; gives after how many seconds to look the next time, ``None`` where nobody looks any more. What is
    gone is retired the second time, or ``at_once``."""
    async with desk.records.read() as work:
        source, head = await work.documents.get(document), await work.ledger.head(document)
        links = await work.links.of_document(document)
    if source is None or head is None or is_put_away(head):
        return None
    try:
        found = await read_again(source, links, documents)
        return await _kept(source, found, desk, at_once=at_once)
    except VigilError as error:
        return await _failed(document, error, desk)


async def _kept(asked: Source, found: Found, desk: Desk, *, at_once: bool) -> float:
    document, reading, now = asked.document, found.reading, desk.clock.now()
    usual_s = spread_s(document, desk.policy.refresh_s)
    ready = await made_ready(reading, now) if isinstance(reading, Page) else None
    elsewhere = await _beside(found, now)
    async with desk.records.begin() as work:
        source, head = await work.documents.get(document), await work.ledger.head(document)
        if source is None or head is None or is_put_away(head):
            return usual_s
        if isinstance(reading, Gone):
            retired = await found_gone(work, source, reading, now, at_once=at_once)
            log.info("document_gone", document=document, retired=retired)
            return min(7 * usual_s, MOST_WAIT_S) if retired else usual_s * GONE_AGAIN_SHARE
        if found.address != asked.address:
            source = replace(source, address=found.address)
            await work.documents.put(source)
        if elsewhere is not None:
            await keep_beside(work, elsewhere, Known(source, head), asked.address, desk.policy.refresh_s, now)
        kept = await follow(work, ready, Known(source, head), now)
        log.info("document_read", document=document, changed=kept.revision is not None)
    return usual_s if kept.stands else min(7 * usual_s, MOST_WAIT_S)


async def _beside(found: Found, now: datetime) -> Ready | None:
    """The page to which the usual address leads by now; none where it cannot be kept: the document itself is read."""
    try:
        return await made_ready(found.elsewhere, now) if found.elsewhere else None
    except CallerError:
        return None


async def _failed(document: EntryId, error: VigilError, desk: Desk) -> float:
    """Note why a document could not be read, and give after how many seconds it is tried again: sooner than usual where that
    may help, and each time later. One that not everybody can open any more is for fewer at once."""
    now, usual_s = desk.clock.now(), spread_s(document, desk.policy.refresh_s)
    async with desk.records.begin() as work:
        source, head = await work.documents.get(document), await work.ledger.head(document)
        if source is None or head is None:
            return usual_s
        failures = source.failures + 1
        failed = replace(source, failures=failures, failure=redact(error.sentence).text)
        await work.documents.put(failed)
        log.warning("document_not_read", document=document, failures=failures, error=type(error).__name__)
        if isinstance(error, NoSuchHostError):
            retired = await found_missing_host(work, failed, HOST_MISSED_FOR, now)
            return min(7 * usual_s, MOST_WAIT_S) if retired else usual_s
        if isinstance(error, NotPublicError):
            await found_not_public(work, failed, head, now)
    first_s = FIRST_RETRY_S if isinstance(error, TransientError) else usual_s
    asked_s = error.retry_after_s or 0.0 if isinstance(error, TransientError) else 0.0
    return max(min(first_s * (1 << min(failures - 1, 20)), MOST_WAIT_S), asked_s)
