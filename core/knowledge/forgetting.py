"""What an entry keeps once somebody whom it was learned from is forgotten: the one exception to "everything can be undone".

The rule is on words: what an entry shares with forgotten messages, and with nothing else that it was learned from, goes.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.ids import EntryId, MessageId
from core.domain.knowledge import INTERNAL, QA, SHARED, EntryStatus, KnowledgeEntry, Revision
from core.domain.people import Role
from core.domain.sessions import Message
from core.knowledge.decisions import FORGETS
from core.knowledge.ledger import Because, retire, update
from core.ports.records import UnitOfWork
from core.text.sentences import sentences
from core.text.terms import content_terms

MOST_TITLE_CHARS = 200
PARTLY = "some of what it was learned from is forgotten: look at it anew"
_OTHER_WORD = re.compile(r"[^\W\d_a-zA-Z\u3400-\u9fff]{2,}")
"""A word in neither Latin letters nor Han characters: those are ``content_terms``."""


def words_of(*texts: str) -> frozenset[str]:
    """The words that tell one text from another, in any script; everyday words are left out."""
    found = {term for text in texts for term in content_terms(text)}
    return frozenset(found | {word.casefold() for text in texts for word in _OTHER_WORD.findall(text)})


@dataclass(frozen=True, slots=True)
class Lost:
    """What is forgotten: the messages by id, their ``words``, and the people or organisations by id. Messages that expired
    before have no words left to compare: ``unknown`` are those, ``taught`` those by somebody who was no requester."""

    messages: frozenset[MessageId]
    words: frozenset[str]
    unknown: frozenset[MessageId] = frozenset()
    taught: frozenset[MessageId] = frozenset()

    @classmethod
    def of(cls, messages: Iterable[Message], names: Collection[str]) -> "Lost":
        """From the messages as they are before they go, and the names and ids that go with them."""
        gone = list(messages)
        return cls(
            frozenset(one.id for one in gone),
            words_of(*(one.text for one in gone), *(a.name for one in gone for a in one.attachments), *names),
            frozenset(one.id for one in gone if one.expired_at is not None),
            frozenset(one.id for one in gone if one.role is not Role.REQUESTER),
        )

    def leans(self, text: str, kept: frozenset[str]) -> bool:
        """Whether a text says forgotten words that nothing ``kept`` says."""
        return not (words_of(text) & self.words) <= kept

    def asked_in(self, revision: Revision) -> bool:
        """Whether a requester who is forgotten stands behind a revision: what it says may be theirs in words that their message
        has no longer, or in those of a model."""
        return bool((self.messages - self.taught) & set(revision.from_messages))

    def taught_in(self, revision: Revision) -> bool:
        """Whether somebody else who is forgotten stands behind a revision."""
        return bool(self.taught & set(revision.from_messages))


def is_forgotten(entry: KnowledgeEntry) -> bool:
    """Whether this image was emptied by a forgetting."""
    return entry.status is EntryStatus.RETIRED and not (entry.answer or entry.title or entry.url)


def forgotten_why(at: datetime) -> str:
    """The reason that stays in the ledger."""
    return f"forgotten on {at.day} {at:%b %Y}"


def emptied(entry: KnowledgeEntry) -> KnowledgeEntry:
    """An image of which nothing is left but that it was there."""
    return KnowledgeEntry(
        id=entry.id, kind=entry.kind, audience=SHARED if entry.audience == SHARED else INTERNAL, title="", answer="",
        created_at=entry.created_at, updated_at=entry.updated_at, status=EntryStatus.RETIRED,
    )  # fmt: skip


def without(revision: Revision, lost: Lost, kept: frozenset[str]) -> KnowledgeEntry | None:
    """A revision's image without the forgotten words, ``None`` where its answer says them. A document says its own words.

    Where a forgotten person stands behind it, what nobody ``kept`` says in these words is taken for theirs: of a requester all
    but the answer, of whoever taught it the answer too.
    """
    entry = revision.after
    if entry.kind != QA:
        return entry
    unread = lost.unknown & set(revision.from_messages)
    if lost.leans(entry.answer, kept) or unread & lost.taught or (unread and entry.audience != SHARED):
        return None
    if lost.taught_in(revision) and not words_of(entry.answer) <= kept:
        return None
    theirs = lost.asked_in(revision) or lost.taught_in(revision)

    def clear(text: str) -> str:
        leans = not words_of(text) <= kept if theirs else lost.leans(text, kept)
        return "" if unread or leans else text

    return replace(
        entry,
        question=clear(entry.question),
        title=clear(entry.title) or _title(entry.answer),
        object=clear(entry.object),
        symptom=clear(entry.symptom),
        conditions=clear(entry.conditions),
        keys=tuple(key for key in entry.keys if clear(key)),
    )


def _title(answer: str) -> str:
    first = next((one.text for one in sentences(answer) if one.text.strip()), answer)
    return first.strip()[:MOST_TITLE_CHARS]


def as_lesson(revision: Revision) -> KnowledgeEntry | None:
    """The image of a lesson in an analyst's words that names nobody, kept without its thread; ``None`` where it is none: what
    is ``shared`` has passed the check of ``core.learn.generalise``."""
    entry = revision.after
    if entry.audience != SHARED or entry.taught_by is Role.REQUESTER or entry.status is not EntryStatus.ACTIVE:
        return None
    return replace(entry, question="")


def remains(head: Revision, lost: Lost, kept: frozenset[str], gone: Collection[EntryId]) -> KnowledgeEntry | None:
    """The head without the forgotten words; ``None`` where it goes: nothing else stands behind it, or its answer says them.
    ``gone`` are the entries that go."""
    taught, under = set(head.from_messages) - lost.messages, set(head.after.derived_from) - set(gone)
    if (head.from_messages or head.after.derived_from) and not (taught or under):
        return None
    return None if head.after.status is EntryStatus.RETIRED else without(head, lost, kept)


async def forget_entry(work: UnitOfWork, history: Sequence[Revision], because: Because) -> None:
    """Empty every revision of an entry. What stands on it follows, as on any that is retired."""
    subject = history[0].subject_id
    await retire(work, subject, because)
    for one in await work.ledger.history(subject):
        image = replace(one, after=emptied(one.after), why=because.why, from_messages=())
        await work.forgettings.rewrite(image)


async def reduce_entry(
    work: UnitOfWork,
    history: Sequence[Revision],
    head: KnowledgeEntry,
    lost: Lost,
    kept: frozenset[str],
    because: Because,
) -> bool:
    """Take the forgotten words and sources out of every revision of an entry; ``head`` is what the last one says from now on.
    It waits for an analyst where somebody who taught it is forgotten, or a condition of it. Gives whether it has changed."""
    changed = False
    for one in history:
        after = head if one is history[-1] else (without(one, lost, kept) or emptied(one.after))
        why = because.why if lost.leans(one.why, kept) else one.why
        left = replace(
            one, after=after, why=why, from_messages=tuple(m for m in one.from_messages if m not in lost.messages)
        )
        if left != one:
            await work.forgettings.rewrite(left)
            changed = True
    was, taught = history[-1], lost.taught & set(history[-1].from_messages)
    if head.status is EntryStatus.ACTIVE and (taught or head.conditions != was.after.conditions):
        sources = tuple(m for m in was.from_messages if m not in lost.messages)
        waiting = replace(because, why=PARTLY, from_messages=sources)
        await update(work, replace(head, status=EntryStatus.CANDIDATE, updated_at=because.at), waiting)
    return changed


def forgets(name: str) -> str:
    """How the ledger names the job of a forgetting."""
    return f"{FORGETS}{name}"
