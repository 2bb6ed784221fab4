"""Writing what was learned, so that a repeated or later run revises and never adds a second copy (DESIGN 6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.calibration import Calibration
from core.domain.ids import EntryId
from core.domain.knowledge import ChangeKind, EntryStatus, KnowledgeEntry, Revision
from core.knowledge.decisions import by_hand, decided, decided_at, ruled, said_at, since
from core.knowledge.ledger import Because, add, bringer, confirm, retire, standing, take_back, update
from core.knowledge.near_duplicates import Neighbour, Relation, neighbour_of
from core.knowledge.quarantine import same_content
from core.learn.extract import Learned
from core.ports.embedder import Embedder
from core.ports.knowledge_store import KnowledgeStore
from core.ports.records import UnitOfWork

WENT_ON = "the thread went on"
ALONE = Neighbour(Relation.DIFFERENT)


@dataclass(frozen=True, slots=True)
class Change:
    """What to write: the learned entry and what it is to its nearest neighbour, if anybody has looked for one."""

    learned: Learned
    neighbour: Neighbour = ALONE


async def stands(work: UnitOfWork, entry: EntryId, job: str) -> bool:
    """Whether a question's own entry holds and its job has touched no other: writing the lesson then words that entry anew,
    whatever else is known, and nobody need look for neighbours (nine in ten runs of a replayed forum)."""
    head = await work.ledger.head(entry)
    if head is None or head.after.status is EntryStatus.RETIRED:
        return False
    return all(one == entry for one in await work.ledger.touched_by(job))


async def plan(
    learned: Learned,
    store: KnowledgeStore,
    embedder: Embedder,
    calibration: Calibration,
    without: frozenset[EntryId] = frozenset(),
) -> Change:
    """Find out what the lesson is to what is known, ``without`` these entries. The store must be flushed before."""
    return Change(learned, await neighbour_of(learned.entry, store, embedder, calibration, without))


async def write(work: UnitOfWork, change: Change, because: Because) -> str:
    """Write one change and say in a word what it was; ``because.job`` is the question's extract job."""
    entry = change.learned.entry
    taught_in, asked_in = change.learned.lesson.from_messages, change.learned.asked_in
    because = replace(because, why=change.learned.why, from_messages=taught_in)
    worded = replace(
        because, from_messages=tuple(dict.fromkeys((*taught_in, *asked_in)))
    )  # it keeps the question's words
    history = await work.ledger.history(entry.id)
    if await _left(work, change.learned, history, because.job):
        return "known"
    if history and history[-1].after.status is not EntryStatus.RETIRED:
        return await _revise(work, entry, history, worded)
    earlier, relation = change.neighbour.passage, change.neighbour.relation
    if earlier is None or earlier.entry.id != target_of(change):
        await add(work, entry, worded)
        return "added"
    if relation is Relation.SAME:
        return (
            "confirmed"
            if await confirm(work, earlier.entry.id, _as(because, "another thread says the same"))
            else "known"
        )
    if await _countermanded(work, earlier.entry.id, because.job):
        await add(work, entry, worded)
        return "added"
    return await _overrule(work, change.learned, earlier.entry.id, because)


async def relearn(work: UnitOfWork, change: Change, because: Because) -> str:
    """Write what extract has found. What an earlier run did to other entries is taken back where this one does something else;
    what has been ruled on there since is not taught once more as another entry."""
    entry, back = change.learned.entry, False
    elsewhere = [one for one in await work.ledger.touched_by(because.job) if one != entry.id]
    for subject in elsewhere:
        history = await work.ledger.history(subject)
        taught = ruled(since(history, because.job)) and await _outdated(work, change.learned, history, because.job)
        if taught or _stands(entry, history, because.job):
            return "known"
    for subject in elsewhere:
        if subject != target_of(change):
            back = await take_back(work, subject, _as(because, WENT_ON)) is not None or back
    word = await write(work, change, because)
    return "restored" if back and word == "known" else word


def _stands(entry: KnowledgeEntry, history: Sequence[Revision], job: str) -> bool:
    """Whether a known entry says this already because an earlier run of the job put it there."""
    mine = standing(history, job)
    return mine is not None and history[-1].after.status is not EntryStatus.RETIRED and _says(mine.after, entry)


def _says(known: KnowledgeEntry, entry: KnowledgeEntry) -> bool:
    retired = known.status is EntryStatus.RETIRED
    return not retired and same_content(replace(entry, status=known.status, question=known.question), known)


async def _countermanded(work: UnitOfWork, subject: EntryId, job: str) -> bool:
    """Whether somebody has changed by hand what this job once did to an entry."""
    history = await work.ledger.history(subject)
    return any(one.job == job for one in history) and by_hand(since(history, job))


def target_of(change: Change) -> EntryId:
    """The entry that writing a change touches: a known one that it confirms or overrules, else the new one. What waits for an
    approval overrules nothing."""
    entry, near = change.learned.entry, change.neighbour
    approved = entry.status is not EntryStatus.CANDIDATE
    touches = near.relation is Relation.SAME or (near.relation is Relation.CONTRARY and approved)
    return near.passage.entry.id if near.passage and touches else entry.id


async def _left(work: UnitOfWork, learned: Learned, history: Sequence[Revision], job: str) -> bool:
    """Whether what others have decided since this job last wrote the entry stays: always where it was done by hand, else unless
    the dialogue has newer words that teach something else."""
    others = since(history, job)
    if not others or by_hand(others):
        return bool(others)
    return not _says(history[-1].after, learned.entry) and await _outdated(work, learned, history, job)


async def _outdated(work: UnitOfWork, learned: Learned, history: Sequence[Revision], job: str) -> bool:
    """Whether a lesson is what this job wrote last, or was said before what others have decided."""
    mine, last = [one.after for one in history if one.job == job], decided(history, job)
    if last is None or (mine and _says(mine[-1], learned.entry)):
        return True
    said = await said_at(work, learned.lesson.from_messages)
    return said is not None and said <= await decided_at(work, history, last)


async def _revise(work: UnitOfWork, entry: KnowledgeEntry, history: Sequence[Revision], because: Because) -> str:
    """Word the question's own entry anew; the confirmations of others stay, and so do their sources. An approval holds for the
    words that were approved."""
    known = history[-1].after
    if same_content(replace(entry, status=known.status), known):
        entry = replace(entry, status=known.status)
    kept = replace(
        entry,
        created_at=known.created_at,
        uses=known.uses,
        confirmations=max(entry.confirmations, known.confirmations),
        confirmed_at=known.confirmed_at or entry.confirmed_at,
    )
    if same_content(kept, known) and kept.confirmations == known.confirmations:
        return "known"
    others = [m for m in history[-1].from_messages if (by := bringer(history, m)) and by.job != because.job]
    sources = tuple(dict.fromkeys((*because.from_messages, *others)))
    await update(work, kept, replace(because, why=f"{WENT_ON}: {because.why}", from_messages=sources))
    return "updated"


async def _overrule(work: UnitOfWork, learned: Learned, subject: EntryId, because: Because) -> str:
    """The same problem under the same conditions with another answer: the newer one holds, both sources stay in the ledger. It
    takes the place of what an earlier run of the job did to the entry."""
    history = await work.ledger.history(subject)
    if not history or _stands(learned.entry, history, because.job):
        return "known"
    back = await take_back(work, subject, _as(because, WENT_ON))
    if back:
        history = await work.ledger.history(subject)
    if await _outdated(work, learned, history, because.job):
        return "restored" if back else "known"
    before = history[-1].after
    after = replace(learned.entry, id=subject, question=before.question, created_at=before.created_at, uses=before.uses)
    sources = tuple(dict.fromkeys((*history[-1].from_messages, *because.from_messages)))
    await update(work, after, replace(because, why=f"a newer answer differs: {because.why}", from_messages=sources))
    return "updated"


async def unlearn(work: UnitOfWork, question: EntryId, because: Because) -> str:
    """Take back what earlier runs of this job made, now that the dialogue no longer carries it: the question's own entry and
    what the job added are retired, an entry that they had changed goes back to what it was before."""
    undone = "known"
    for subject in await work.ledger.touched_by(because.job):
        revision = await undo(work, subject, because, own=subject == question)
        if revision:
            undone = "retired" if revision.change is ChangeKind.RETIRED else "restored"
    return undone


async def undo(work: UnitOfWork, subject: EntryId, because: Because, *, own: bool = False) -> Revision | None:
    """Take back what this job did to an entry: its ``own``, or one that it added, is retired, unless others have written it
    anew or brought it back by hand since; another goes back to what it was before."""
    history = await work.ledger.history(subject)
    if not own and history[0].job != because.job:
        return await take_back(work, subject, because)
    others = since(history, because.job)
    if by_hand(others) or (others and others[-1].change is ChangeKind.UPDATED):
        return None
    return await retire(work, subject, because)


def _as(because: Because, why: str) -> Because:
    return replace(because, why=why)
