"""What analysts do to the knowledge by hand: each act is one job ``hand:...`` of the ledger, and can be undone (DESIGN 6, 7).

The running bot may work beside whoever calls. After each act the store is flushed and cards are looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.desk.context import Desk
from core.desk.withdraw import withdraw
from core.domain.documents import DOCUMENT
from core.domain.errors import CallerError
from core.domain.ids import SHORT, EntryId, make_id
from core.domain.jobs import Lane
from core.domain.knowledge import QA, Audience, EntryStatus, KnowledgeEntry, Revision
from core.knowledge.forgetting import is_forgotten
from core.knowledge.ledger import Because, add, approve, confirm, restore, retire, update
from core.knowledge.near_duplicates import Neighbour, Relation, neighbour_of
from core.knowledge.quarantine import BY_HAND, same_content
from core.ports.records import UnitOfWork
from core.text.language import language_of
from core.text.redaction import redact

MOST_TITLE_CHARS = 200


class IfKnown(StrEnum):
    """What becomes of a text that an entry says already or contradicts: told and not written, merged into that entry, or kept
    beside it."""

    TELL = "tell"
    MERGE = "merge"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody has written by hand."""

    question: str
    answer: str
    conditions: str
    audience: Audience
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """The revision that a text became, and the known entry that matters to it, if any."""

    revision: Revision
    neighbour: Neighbour


async def add_by_hand(written: Written, if_known: IfKnown, desk: Desk) -> Added:
    """Keep a text as an entry, without its secrets. Raises ``CallerError`` where nothing is left of it, where it is known, and,
    unless ``if_known`` says what then, where an entry says the same or the contrary."""
    entry = _entry(written, desk.clock.now())
    async with desk.teaching():
        await desk.projector.flush()
        near = await neighbour_of(entry, desk.store, desk.embedder, desk.calibration)
        async with desk.records.begin() as work:
            head = await work.ledger.head(entry.id)
            if head and head.after.status is not EntryStatus.RETIRED:
                raise CallerError(f"This is entry {entry.id[:SHORT]} already: `vigil kb show {entry.id[:SHORT]}`.")
            revision = await _add(work, entry, near, if_known)
    await settle(desk)
    return Added(revision, near)


def _entry(written: Written, now: datetime) -> KnowledgeEntry:
    question, answer, conditions = (
        redact(text).text.strip() for text in (written.question, written.answer, written.conditions)
    )
    if not question or not answer:
        raise CallerError('Write a question and an answer: `vigil kb add "why does it fail?" "Set part_size=64."`.')
    if written.expires_at and written.expires_at <= now:
        raise CallerError("It would have expired already: name a day to come.")
    return KnowledgeEntry(
        id=EntryId(make_id("entry", BY_HAND, question, answer, conditions, written.audience.value)),
        kind=QA,
        audience=written.audience,
        title=question[:MOST_TITLE_CHARS],
        question=question,
        answer=answer,
        conditions=conditions,
        language=language_of(answer),
        created_at=now,
        updated_at=now,
        expires_at=written.expires_at,
    )


async def _add(work: UnitOfWork, entry: KnowledgeEntry, near: Neighbour, if_known: IfKnown) -> Revision:
    because = _because("added by hand", "add", entry.id, entry.created_at)
    known = near.passage.entry if near.passage else None
    if known is None or if_known is IfKnown.BESIDE or near.relation is Relation.SIBLING:
        return await add(work, entry, because)
    if if_known is IfKnown.TELL:
        word = "says the same" if near.relation is Relation.SAME else "says the contrary"
        does = "confirms it" if near.relation is Relation.SAME else "replaces its answer"
        raise CallerError(
            f"Entry {known.id[:SHORT]} {word}: --if-known merge {does}, --if-known beside keeps this as an entry of its own."
        )
    if near.relation is Relation.SAME:
        confirmed = await confirm(work, known.id, because)
        assert confirmed is not None, "each act by hand is a job of its own"
        return confirmed
    head = await work.ledger.head(known.id)
    assert head is not None, "what is retrieved is in the ledger"
    after = replace(entry, id=known.id, question=known.question, created_at=known.created_at)
    return await update(work, after, replace(because, from_messages=head.from_messages))


async def retire_by_hand(subject: EntryId, why: str, desk: Desk) -> Revision:
    """Take an entry out of retrieval. Raises ``CallerError`` where it is out already."""
    why = redact(why).text.strip() or "retired by hand"
    async with desk.records.begin() as work:
        revision = await retire(work, subject, _because(why, "retire", subject, desk.clock.now()))
        if revision is None:
            raise CallerError(f"Entry {subject[:SHORT]} is retired already: `vigil kb history {subject[:SHORT]}`.")
    await settle(desk)
    return revision


async def restore_by_hand(subject: EntryId, n: int | None, desk: Desk) -> Revision:
    """Bring an entry back as it was at revision ``n``; ``None`` means as it last was in retrieval before its head.

    Raises ``CallerError`` where there is no such revision, where it is so already, where it was forgotten, and where a message
    that the revision was learned from was deleted since: what somebody took back stays gone.
    """
    async with desk.records.begin() as work:
        history = await work.ledger.history(subject)
        if is_forgotten(history[-1].after):
            raise CallerError(f"Entry {subject[:SHORT]} was forgotten: there is nothing to restore.")
        past = _past(history, n, subject)
        if is_forgotten(past.after):
            raise CallerError(
                f"Revision {past.n} of entry {subject[:SHORT]} was forgotten: there is nothing to restore."
            )
        if n is None and _needs_nothing(history[-1].after, past.after):
            raise CallerError(
                f"Entry {subject[:SHORT]} is in retrieval, nothing was changed: --revision brings a past text back."
            )
        await _refuse_deleted(work, past)
        why = f"restored by hand to revision {past.n}"
        revision = await restore(work, subject, past.n, _because(why, "restore", subject, desk.clock.now()))
        if revision is None:
            raise CallerError(f"Entry {subject[:SHORT]} is as it was at revision {past.n}: nothing was changed.")
    await settle(desk)
    return revision


def _past(history: Sequence[Revision], n: int | None, subject: EntryId) -> Revision:
    if n is not None and 1 <= n <= len(history):
        return history[n - 1]
    active = [one for one in history[:-1] if one.after.status is EntryStatus.ACTIVE]
    if n is not None or not active:
        raise CallerError(
            f"Name a revision from 1 to {len(history)} of entry {subject[:SHORT]}: `vigil kb history {subject[:SHORT]}`."
        )
    return active[-1]


def _needs_nothing(now: KnowledgeEntry, past: KnowledgeEntry) -> bool:
    """Whether bringing an entry back changes nothing, or, of a document, puts an older text in the place of what was read."""
    return now.status is EntryStatus.ACTIVE and (now.kind == DOCUMENT or same_content(now, past))


async def _refuse_deleted(work: UnitOfWork, past: Revision) -> None:
    for one in past.from_messages:
        message = await work.messages.get(one)
        if message and message.deleted_at is not None:
            raise CallerError(
                f"Revision {past.n} was learned from a message that was deleted since: if it still holds, write it with "
                "`vigil kb add`."
            )


async def approve_by_hand(subject: EntryId, desk: Desk) -> Revision:
    """Let a candidate into retrieval. Raises ``CallerError`` where the entry does not wait for that."""
    async with desk.records.begin() as work:
        revision = await approve(work, subject, _because("approved by hand", "approve", subject, desk.clock.now()))
        if revision is None:
            raise _no_candidate(subject)
    await settle(desk)
    return revision


async def reject_by_hand(subject: EntryId, why: str, desk: Desk) -> Revision:
    """Retire a candidate. Raises ``CallerError`` where the entry does not wait for an approval."""
    why = redact(why).text.strip() or "rejected by hand"
    async with desk.records.begin() as work:
        head = await work.ledger.head(subject)
        if head is None or head.after.status is not EntryStatus.CANDIDATE:
            raise _no_candidate(subject)
        revision = await retire(work, subject, _because(why, "reject", subject, desk.clock.now()))
        assert revision is not None, "a candidate is not retired"
    await settle(desk)
    return revision


def _no_candidate(subject: EntryId) -> CallerError:
    return CallerError(f"Entry {subject[:SHORT]} is no candidate: `vigil kb list --status candidate` lists them.")


async def settle(desk: Desk) -> None:
    """Bring the store and the cards up to the ledger."""
    now = desk.clock.now()
    async with desk.records.begin() as work:
        for job in await work.owners.listing(Lane.WITHDRAW):
            await withdraw(work, EntryId(job.key), now)
            await work.jobs.finish(job)
    await desk.projector.flush()


def _because(why: str, action: str, subject: EntryId, at: datetime) -> Because:
    return Because(why, f"{BY_HAND}{action}:{make_id(subject, at.isoformat())}", at)
