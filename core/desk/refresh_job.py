"""The refresh lane: reading what analysts link, and what is known from there again, off the hot path (DESIGN 6, Documents)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from core.desk.caps import next_day
from core.desk.context import Desk, Heard
from core.desk.documents import DOCUMENT_KEY, LINK_KEY, keep, order_refresh
from core.desk.ready import made_ready
from core.desk.refresh_document import look_again
from core.domain.channels import Channel
from core.domain.documents import Gone, Link, Page
from core.domain.errors import TransientError, VigilError
from core.domain.ids import EntryId, MessageId
from core.domain.jobs import Job, JobOrder, JobState, Lane
from core.domain.knowledge import EntryStatus
from core.domain.people import Role, RoleBasis
from core.domain.policy import DEFAULT_SCOPE, Policy
from core.domain.sessions import Message
from core.learn.ingest_documents import OFF_TOPIC, audience_for, is_about, links_of, why_not
from core.ports.documents import Documents
from core.text.redaction import redact

log = structlog.get_logger(__name__)

LINK_DELAY_S = 5.0
"""Long enough to take a slip back."""
FOR_THE_BOT = "documents are read by the running bot"
OVER_CAP = "as many links were read today as may be"
TOO_MANY = "the message has more links than are read of one"
MOST_TRIES = 5
FIRST_RETRY_S = 60.0


def link_consumer(heard: Heard, _policy: Policy) -> Sequence[JobOrder]:
    """Read what an analyst links. Registered where documents are read: an export orders nothing."""
    return link_orders(heard.message)


def link_orders(message: Message) -> Sequence[JobOrder]:
    """The job that reads the links of a message, where somebody wrote it whose links are read: an analyst, and none who is only
    presumed to be one, because what these say teaches only once the requester confirms it."""
    if not _counts(message) or not links_of(message.text):
        return ()
    return (JobOrder(Lane.REFRESH, f"{LINK_KEY}{message.id}", LINK_DELAY_S, LINK_DELAY_S),)


def _counts(message: Message) -> bool:
    standing = message.standing
    analyst = standing.role is Role.ANALYST and standing.basis is not RoleBasis.PRESUMED
    return analyst and not message.author.is_bot and message.deleted_at is None


async def refresh_job(job: Job, desk: Desk) -> None:
    """Read a message's links, or a document again. Cut off anywhere, it is simply done again."""
    if desk.documents is None:  # the running bot takes it up at its next start
        async with desk.records.begin() as work:
            await work.jobs.put_back(replace(job, state=JobState.PARKED, reason=FOR_THE_BOT))
    elif job.key.startswith(LINK_KEY):
        await _read_links(job, desk, desk.documents)
    else:
        await _look_again(job, desk, desk.documents)


@dataclass(frozen=True, slots=True)
class _Posted:
    """A message with links, where it was posted, and what its thread and the team are about; ``known`` are the addresses of it
    that were dealt with, ``left_today`` how many more may be read today."""

    message: Message
    channel: Channel
    about: tuple[str, ...]
    known: frozenset[str]
    left_today: int


async def _read_links(job: Job, desk: Desk, documents: Documents) -> None:
    posted = await _posted(MessageId(job.key.removeprefix(LINK_KEY)), desk)
    addresses = links_of(posted.message.text) if posted else []
    failed = 0
    for n, address in enumerate(addresses):
        if posted is None or address in posted.known:
            continue
        if posted.left_today <= 0:
            await _put_back(job, next_day(desk.clock.now()), OVER_CAP, desk)
            return
        reason = TOO_MANY if n >= desk.policy.links_per_message else why_not(address)
        try:
            link = (
                await _linked(address, posted, desk, documents)
                if not reason
                else _left_out(address, reason, posted, desk)
            )
        except TransientError as error:
            failed += 1
            if job.attempts < MOST_TRIES:
                continue
            link = _left_out(address, error.sentence, posted, desk)
        posted = replace(posted, left_today=posted.left_today - (link is None or link.document is not None))
        if link is not None:
            async with desk.records.begin() as work:
                await work.links.put(link)
            log.info("link_looked_at", message=posted.message.id, document=link.document, left_out=bool(link.reason))
    if failed and job.attempts < MOST_TRIES:
        await _put_back(job, _later(desk, FIRST_RETRY_S * 4 ** (job.attempts - 1)), "", desk)
        return
    async with desk.records.begin() as work:
        await work.jobs.finish(job)


async def _posted(message_id: MessageId, desk: Desk) -> _Posted | None:
    now = desk.clock.now()
    async with desk.records.read() as work:
        message = await work.messages.get(message_id)
        session = await work.sessions.get(message.session) if message else None
        if message is None or session is None or not _counts(message):
            return None
        channel = await work.channels.get(session.channel)
        said = [m.text for m in await work.messages.of_session(session.id) if m.role is Role.REQUESTER]
        today = await work.links.since(now.replace(hour=0, minute=0, second=0, microsecond=0))
        linked = [one for a in links_of(message.text) for one in await work.links.at_address(a)]
    read = sum(one.document is not None and one.message is not None for one in today)
    scope = channel.settings.scope or desk.policy.scope
    about = (*said, "" if scope == DEFAULT_SCOPE else scope)
    known = frozenset(one.address for one in linked if one.message == message.id)
    return _Posted(message, channel, about, known, desk.policy.links_per_day - read)


async def _linked(address: str, posted: _Posted, desk: Desk, documents: Documents) -> Link | None:
    """Read an address and keep the page with its link; the link alone where it was left out, ``None`` where it is kept."""
    try:
        page = await documents.read(address)
    except TransientError:
        raise
    except VigilError as error:
        return _left_out(address, error.sentence, posted, desk)
    if not isinstance(page, Page):
        return _left_out(address, page.reason if isinstance(page, Gone) else "it could not be read", posted, desk)
    if any(one.strip() for one in posted.about) and not await asyncio.to_thread(is_about, page, posted.about):
        return _left_out(address, OFF_TOPIC, posted, desk)
    try:
        await _keep(address, page, posted, desk)
    except TransientError:
        raise
    except VigilError as error:
        return _left_out(address, error.sentence, posted, desk)
    return None


async def _keep(address: str, page: Page, posted: _Posted, desk: Desk) -> None:
    now = desk.clock.now()
    status = EntryStatus.CANDIDATE if posted.channel.settings.approval else EntryStatus.ACTIVE
    ready = await made_ready(page, now)
    async with desk.records.begin() as work:
        message = await work.messages.get(posted.message.id)
        if message is None or address not in links_of(message.text):
            return  # taken back while it was read
        kept = await keep(work, ready, audience_for(page, posted.channel.customer), now, status)
        by = posted.message.author.id
        await work.links.put(Link(address=address, at=now, document=kept.document, message=message.id, by=by))
        await order_refresh(work, kept.document, desk.policy.refresh_s, now)
    log.info("document_read", document=kept.document, changed=kept.revision is not None)


def _left_out(address: str, reason: str, posted: _Posted, desk: Desk) -> Link:
    return Link(
        address=address, at=desk.clock.now(), message=posted.message.id, by=posted.message.author.id,
        reason=redact(reason).text,
    )  # fmt: skip


async def _look_again(job: Job, desk: Desk, documents: Documents) -> None:
    wait_s = await look_again(EntryId(job.key.removeprefix(DOCUMENT_KEY)), desk, documents)
    if wait_s is not None:
        await _put_back(job, _later(desk, wait_s), "", desk)
        return
    async with desk.records.begin() as work:
        await work.jobs.finish(job)


def _later(desk: Desk, seconds: float) -> datetime:
    return desk.clock.now() + timedelta(seconds=seconds)


async def _put_back(job: Job, run_at: datetime, reason: str, desk: Desk) -> None:
    attempts = job.attempts if reason == "" and job.key.startswith(LINK_KEY) else 0
    async with desk.records.begin() as work:
        await work.jobs.put_back(replace(job, run_at=run_at, attempts=attempts, reason=reason))
