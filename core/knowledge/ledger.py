"""Writing the life of an entry: each function appends one revision (DESIGN 7, the ledger)."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.ids import EntryId, MessageId
from core.domain.knowledge import ENTRY, ChangeKind, EntryStatus, KnowledgeEntry, Revision
from core.ports.records import UnitOfWork


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
    """Count one more confirmation, once per job. Gives ``None`` when this job has confirmed it before."""
    history = await work.ledger.history(subject)
    if not history or any(revision.job == because.job for revision in history):
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
    """Bring back the image before this job's revision, if that is still the head; ``None`` when there is nothing to undo."""
    history = await work.ledger.history(subject)
    if len(history) < 2 or history[-1].job != because.job or history[-1].change is ChangeKind.RESTORED:
        return None
    before = history[-2]
    restored = replace(because, from_messages=before.from_messages)
    return await _append(work, before.after, ChangeKind.RESTORED, restored, history[-1])


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
    await work.ledger.append(revision)
    return revision


def same_content(one: KnowledgeEntry, other: KnowledgeEntry) -> bool:
    """Whether two images of an entry show and retrieve the same, whatever their dates and counts."""
    return _content(one) == _content(other)


def _content(entry: KnowledgeEntry) -> tuple[object, ...]:
    return (
        entry.kind, entry.status, entry.audience, entry.question, entry.answer, entry.title, entry.object, entry.symptom,
        entry.conditions, entry.keys, entry.expires_at, entry.url, entry.anchor, entry.taught_by,
    )  # fmt: skip
