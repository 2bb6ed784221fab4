"""Writing the life of an entry: each function appends one revision (DESIGN 7, the ledger)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from core.domain.errors import CallerError
from core.domain.ids import SHORT, EntryId, MessageId, subject_of
from core.domain.jobs import JobOrder, Lane
from core.domain.knowledge import ENTRY, ChangeKind, EntryStatus, KnowledgeEntry, Revision
from core.knowledge.parts import history_as_cited
from core.knowledge.quarantine import Hold, holds, own, same_content, still_says, stood
from core.ports.records import UnitOfWork

REVISIONS_BETWEEN_MAINTENANCE = 25
"""Counted in the ledger, because full text scores what is compacted otherwise: a killed replay must compact where an
undisturbed one does. LanceDB leaves about three files and a version per put; after 25 of them a search of 400 entries takes
37 ms of CPU instead of 26, and compacting takes 100 (measured)."""
MAINTAIN_WITHIN_S = 2.0
"""Later than a projection, so that what was just written is compacted too."""


@dataclass(frozen=True, slots=True)
class Because:
    """What stands behind a revision: a sentence, the job that made it, when, and the messages it was learned from."""

    why: str
    job: str
    at: datetime
    from_messages: tuple[MessageId, ...] = ()


async def add(work: UnitOfWork, entry: KnowledgeEntry, because: Because) -> Revision:
    """Append the first revision of an entry, or bring back one that was retired under the same id."""
    head = await work.ledger.head(entry.id)
    change = ChangeKind.ADDED if head is None else ChangeKind.RESTORED
    return await _append(work, entry, change, because, head)


async def update(work: UnitOfWork, entry: KnowledgeEntry, because: Because) -> Revision:
    """Append a changed image of an entry that exists."""
    return await _append(work, entry, ChangeKind.UPDATED, because, await work.ledger.head(entry.id))


async def confirm(work: UnitOfWork, subject: EntryId, because: Because) -> Revision | None:
    """Count one more confirmation, once per job. Gives ``None`` while what this job did to the entry before still stands."""
    history = await work.ledger.history(subject)
    if not history or standing(history, because.job):
        return None
    head = history[-1]
    after = replace(head.after, confirmations=head.after.confirmations + 1, confirmed_at=because.at)
    sources = tuple(dict.fromkeys((*head.from_messages, *because.from_messages)))
    return await _append(work, after, ChangeKind.CONFIRMED, replace(because, from_messages=sources), head)


async def retire(work: UnitOfWork, subject: EntryId, because: Because) -> Revision | None:
    """Take an entry out of retrieval with the reason kept. Gives ``None`` when it is out already or unknown."""
    head = await work.ledger.head(subject)
    if head is None or head.after.status is EntryStatus.RETIRED:
        return None
    after = replace(head.after, status=EntryStatus.RETIRED, updated_at=because.at)
    return await _append(work, after, ChangeKind.RETIRED, replace(because, from_messages=head.from_messages), head)


async def take_back(work: UnitOfWork, subject: EntryId, because: Because) -> Revision | None:
    """Undo this job's revision with its sources: the image before it comes back if it is still the head, also from
    retirement; a confirmation no longer counts wherever it is. ``None`` when there is nothing to undo, somebody has changed
    the entry since, or a retired image was learned from a message that is deleted by now: what is taken back stays gone."""
    history = await work.ledger.history(subject)
    last = standing(history, because.job)
    if last is None or last.n == 1:
        return None
    head, gone = history[-1], brought(history, last)
    newest = last is own(history)[-1]
    if head.after.status is EntryStatus.RETIRED and not newest:
        return None
    if newest:
        after = history[last.n - 2].after
        after = replace(after, status=head.after.status) if holds(history) else after
    elif last.change is ChangeKind.CONFIRMED:
        after = replace(head.after, confirmations=max(head.after.confirmations - 1, 0))
    else:
        return None
    sources = tuple(m for m in head.from_messages if m not in gone)
    if head.after.status is EntryStatus.RETIRED and await _any_deleted(work, sources):
        return None
    back = await _append(work, after, ChangeKind.RESTORED, replace(because, from_messages=sources), head)
    return await _catch_up(work, back) if head.after.status is EntryStatus.RETIRED else back


async def _any_deleted(work: UnitOfWork, messages: Sequence[MessageId]) -> bool:
    found = [await work.messages.get(one) for one in messages]
    return any(message is not None and message.deleted_at is not None for message in found)


async def restore(work: UnitOfWork, subject: EntryId, n: int, because: Because) -> Revision | None:
    """Bring back an entry as it was at revision ``n`` (from 1), with the sources it had. Gives ``None`` when it is so already;
    raises ``CallerError`` where there is no such revision."""
    history = await work.ledger.history(subject)
    if not 1 <= n <= len(history):
        raise CallerError(f"Entry {subject} has {len(history)} revisions: `vigil kb history` shows them.")
    head, past = history[-1], history[n - 1]
    if (head.after, head.from_messages) == (past.after, past.from_messages):
        return None
    return await _append(
        work, past.after, ChangeKind.RESTORED, replace(because, from_messages=past.from_messages), head
    )


async def approve(work: UnitOfWork, subject: EntryId, because: Because) -> Revision | None:
    """Let a candidate into retrieval. Gives ``None`` when it does not wait or is unknown."""
    head = await work.ledger.head(subject)
    if head is None or head.after.status is not EntryStatus.CANDIDATE:
        return None
    after = replace(head.after, status=EntryStatus.ACTIVE, updated_at=because.at)
    return await _append(work, after, ChangeKind.UPDATED, replace(because, from_messages=head.from_messages), head)


async def lose_source(work: UnitOfWork, subject: EntryId, message: MessageId, because: Because) -> Revision | None:
    """A message is gone: what another job than the entry's own did with it is taken back, else the entry is retired. Gives
    ``None`` when it is out already or was not learned from that message."""
    history = await work.ledger.history(subject)
    source = bringer(history, message)
    if source is None or history[-1].after.status is EntryStatus.RETIRED:
        return None
    undone = source.job != history[0].job and await take_back(work, subject, replace(because, job=source.job))
    return undone or await retire(work, subject, because)


async def order_upkeep(work: UnitOfWork, at: datetime) -> None:
    """Have the store maintained soon after ``at``."""
    await work.jobs.order(at, JobOrder(Lane.MAINTAIN, "knowledge", MAINTAIN_WITHIN_S, MAINTAIN_WITHIN_S))


def standing(history: Sequence[Revision], job: str) -> Revision | None:
    """The newest revision of a job if it holds still: neither taken back nor lost with what it was learned from."""
    own = [revision for revision in history if revision.job == job]
    if not own or own[-1].change is ChangeKind.RESTORED:
        return None
    return own[-1] if brought(history, own[-1]) <= set(history[-1].from_messages) else None


def brought(history: Sequence[Revision], revision: Revision) -> set[MessageId]:
    """The messages that were not among the sources before this revision."""
    return set(revision.from_messages) - set(history[revision.n - 2].from_messages if revision.n > 1 else ())


def bringer(history: Sequence[Revision], message: MessageId) -> Revision | None:
    """The revision since which a message is among the head's sources; ``None`` when it is none of them."""
    since = list(takewhile(lambda revision: message in revision.from_messages, reversed(history)))
    return since[-1] if since else None


async def _append(
    work: UnitOfWork, after: KnowledgeEntry, change: ChangeKind, because: Because, head: Revision | None
) -> Revision:
    revision = Revision(
        subject_kind=ENTRY,
        subject_id=after.id,
        n=head.n + 1 if head else 1,
        change=change,
        after=after,
        at=because.at,
        why=because.why,
        job=because.job,
        from_messages=because.from_messages,
    )
    if await work.ledger.append(revision) and await work.lineage.length() % REVISIONS_BETWEEN_MAINTENANCE == 0:
        await order_upkeep(work, because.at)
    if head is not None and not same_content(head.after, after):
        await _carry(work, revision)
    return revision


async def _carry(work: UnitOfWork, changed: Revision) -> None:
    """What stands on a changed entry follows it: cards that cite it are looked at, derived entries wait or come back."""
    if await work.lineage.citing(changed.subject_id):
        await work.jobs.order(changed.at, JobOrder(Lane.WITHDRAW, changed.subject_id))
    for entry in await work.lineage.derived(changed.subject_id):
        known = await work.ledger.history(entry) if entry != changed.subject_id else []
        if known and await _stands_again(work, known):
            await _release(work, known, changed)
            continue
        for source in known[-1].after.derived_from if known else ():
            history = await _as_derived(work, source, known) if subject_of(source) == changed.subject_id else []
            before = stood(history)
            if before is not None and not still_says(before.after, history[-1].after):
                await _hold(work, known, Hold(source, before.n), changed)
                break


async def _as_derived(work: UnitOfWork, source: EntryId, derived: Sequence[Revision]) -> list[Revision]:
    """The history of an entry, or of the part of a document, that another entry is derived from: parts are numbered as they
    were then."""
    history = await work.ledger.history(subject_of(source))
    then = [one.n for one in history if one.at <= derived[0].at]
    return await history_as_cited(work, source, then[-1] if then else 1)


async def _stands_again(work: UnitOfWork, history: Sequence[Revision]) -> bool:
    """Whether an entry waits, and every source of it says again what it did when the entry was derived."""
    waits_for = holds(history)
    for hold in waits_for:
        source = await _as_derived(work, hold.source, history)
        if hold.n > len(source) or not still_says(source[hold.n - 1].after, source[-1].after):
            return False  # an import knows a source's head alone
    return bool(waits_for)


async def _release(work: UnitOfWork, history: Sequence[Revision], changed: Revision) -> None:
    head = history[-1]
    why = f"{changed.subject_id[:SHORT]}, which it is derived from, stands again: {changed.why}"
    because = Because(why, holds(history)[0].job, changed.at, head.from_messages)
    await _append(work, replace(head.after, status=EntryStatus.ACTIVE), ChangeKind.RESTORED, because, head)


async def _hold(work: UnitOfWork, history: Sequence[Revision], hold: Hold, changed: Revision) -> Revision | None:
    """Let a derived entry wait, unless it is retired, waits in its own right, or for this source already."""
    head, waits_for = history[-1], holds(history)
    if head.after.status is not EntryStatus.ACTIVE and not waits_for:
        return None
    if any(known.source == hold.source for known in waits_for):
        return None
    word = "changed" if changed.after.status is EntryStatus.ACTIVE else "withdrawn"
    why = f"{hold.source[:SHORT]}, which it is derived from, was {word}: {changed.why}"
    because = Because(why, hold.job, changed.at, head.from_messages)
    return await _append(work, replace(head.after, status=EntryStatus.CANDIDATE), ChangeKind.UPDATED, because, head)


async def _catch_up(work: UnitOfWork, back: Revision) -> Revision:
    """An entry is back from retirement: it waits for what has changed under it meanwhile."""
    for source in back.after.derived_from:
        history = await _as_derived(work, source, await work.ledger.history(back.subject_id))
        then = [one for one in history if one.at <= back.after.updated_at and one.after.status is EntryStatus.ACTIVE]
        if then and not still_says(then[-1].after, history[-1].after):
            known = await work.ledger.history(back.subject_id)
            back = await _hold(work, known, Hold(source, then[-1].n), replace(history[-1], at=back.at)) or back
    return back
