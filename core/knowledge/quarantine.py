"""Entries that wait because what they are derived from has changed, told from their history alone (DESIGN 6).

A revision by the job ``quarantine:<source>:<n>`` takes an entry out of retrieval: it was derived from revision ``n`` of the
source, which no longer stands. It comes back when all its sources say again what they said then, or when a person approves it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.ids import EntryId
from core.domain.knowledge import SHARED, ChangeKind, EntryStatus, KnowledgeEntry, Revision

PREFIX = "quarantine:"
BY_HAND = "hand:"


@dataclass(frozen=True, slots=True)
class Hold:
    """What keeps an entry waiting: the source, and its revision (from 1) on which the entry stands."""

    source: EntryId
    n: int

    @property
    def job(self) -> str:
        """How the ledger names it."""
        return f"{PREFIX}{self.source}:{self.n}"


def still_says(then: KnowledgeEntry, now: KnowledgeEntry) -> bool:
    """Whether what was said or derived from ``then`` stands on ``now`` too: it is active, reads the same, and whoever could see
    it still may."""
    return now.status is EntryStatus.ACTIVE and now.audience in (then.audience, SHARED) and _read(then) == _read(now)


def _read(entry: KnowledgeEntry) -> tuple[object, ...]:
    """Not its address: what has moved still says so, and the old one leads there."""
    return entry.kind, entry.answer, entry.conditions, entry.expires_at


def holds(history: Sequence[Revision]) -> list[Hold]:
    """What keeps the entry waiting, newest first; empty where it does not wait, or waits for an approval of its own."""
    found: list[Hold] = []
    for revision in reversed(history):
        if revision.after.status is not EntryStatus.CANDIDATE:
            break
        if hold := _hold(revision):
            found.append(hold)
        elif revision.change in (ChangeKind.ADDED, ChangeKind.UPDATED) or revision.job.startswith(BY_HAND):
            return []  # it was written anew since, and waits in its own right
    return list(dict.fromkeys(found))


def _hold(revision: Revision) -> Hold | None:
    if not revision.job.startswith(PREFIX):
        return None
    source, _, n = revision.job.removeprefix(PREFIX).rpartition(":")
    return Hold(EntryId(source), int(n)) if n.isdecimal() and int(n) else None


def own(history: Sequence[Revision]) -> list[Revision]:
    """The revisions that changed the entry itself: all but those that follow its sources."""
    return [revision for revision in history if not revision.job.startswith(PREFIX)]


def stood(history: Sequence[Revision]) -> Revision | None:
    """The last revision before the head that could be retrieved."""
    active = [revision for revision in history[:-1] if revision.after.status is EntryStatus.ACTIVE]
    return active[-1] if active else None


def same_content(one: KnowledgeEntry, other: KnowledgeEntry) -> bool:
    """Whether two images of an entry show and retrieve the same, whatever their dates and counts."""
    return _content(one) == _content(other)


def _content(entry: KnowledgeEntry) -> tuple[object, ...]:
    return (
        entry.kind, entry.status, entry.audience, entry.question, entry.answer, entry.title, entry.object, entry.symptom,
        entry.conditions, entry.keys, entry.expires_at, entry.url, entry.anchor, entry.taught_by,
    )  # fmt: skip
