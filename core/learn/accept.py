"""What an Accept teaches: it confirms the entry that the answer leans on, or keeps question and answer (DESIGN 6, Accept)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.answers import Answer
from core.domain.calibration import Calibration
from core.domain.ids import AnswerId, EntryId, make_id
from core.domain.knowledge import INTERNAL, QA, SHARED, Audience, EntryStatus, KnowledgeEntry
from core.domain.people import Role
from core.domain.sessions import Question
from core.knowledge.ledger import Because, add, confirm
from core.knowledge.near_duplicates import Relation, neighbour_of, opposed
from core.learn.extract import MOST_QUESTION_CHARS
from core.ports.embedder import Embedder
from core.ports.knowledge_store import KnowledgeStore
from core.ports.records import UnitOfWork
from core.text.carried import shares, strays
from core.text.opposites import names_other_things
from core.text.sentences import sentences

LEAST_SHARED = 0.3
"""Of an answer's words, the least share (0..1) that what it cites must have, so that a requester's Accept makes it known to
others. Set by hand."""
_CUT_OFF = re.compile(r"(?<=\S) …(?:\n```)?\s*$")
OUTDATED = "what the answer cites has changed since"


@dataclass(frozen=True, slots=True)
class Cited:
    """An entry that an answer cites: the image that was cited, and the one that holds now."""

    then: KnowledgeEntry
    now: KnowledgeEntry

    @property
    def holds(self) -> bool:
        """Whether it still says what it said."""
        same = (self.then.answer, self.then.conditions) == (self.now.answer, self.now.conditions)
        return same and self.now.status is EntryStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Confirms:
    """The Accept confirms this entry."""

    entry: EntryId


@dataclass(frozen=True, slots=True)
class Keeps:
    """The Accept keeps question and answer as this entry."""

    entry: KnowledgeEntry


@dataclass(frozen=True, slots=True)
class TeachesNothing:
    """The Accept stays a label, and why."""

    reason: str


Taught = Confirms | Keeps | TeachesNothing


def job_name(answer: AnswerId) -> str:
    """How the ledger and the learn lane name what an Accept of this answer does."""
    return f"accept:{answer}"


def kept_entry_id(answer: AnswerId) -> EntryId:
    """The id of the entry that an accepted answer may become."""
    return EntryId(make_id("entry", answer))


def why(role: Role) -> str:
    """The reason that the ledger keeps."""
    return "an analyst accepted the answer" if role is Role.ANALYST else "the requester accepted the answer"


async def leans_on(
    answer: Answer, cited: Sequence[Cited], embedder: Embedder, calibration: Calibration
) -> EntryId | None:
    """The one learned entry that says what the answer says, if it leans on a single one: quoted from it, or the same by the
    calibrated ``same_answer`` without naming other things or the opposite."""
    if len(cited) != 1 or cited[0].now.kind != QA:
        return None
    known = cited[0].now
    if quotes(answer, [known]):
        return known.id
    said, held = answer.plain_text, known.answer
    vectors = await embedder.embed([said, held], "passage")
    near = float(vectors[0] @ vectors[1]) >= calibration.same_answer
    return known.id if near and not names_other_things(said, held) and not opposed(said, held, near) else None


def quotes(answer: Answer, entries: Sequence[KnowledgeEntry]) -> bool:
    """Whether every sentence of the answer stands in what these entries show, be it cut off at its end."""
    known = " ".join(
        _folded(text) for e in entries for text in (f"{e.conditions}: {e.answer}", f"{e.conditions}：{e.answer}")
    )
    said = [_CUT_OFF.sub("", s.text) for claim in answer.claims for s in sentences(claim.text) if s.text.strip()]
    return all(_folded(text) in known for text in said)


def carried(entries: Sequence[KnowledgeEntry], answer: Answer) -> bool:
    """Whether the answer says only what these entries are about, as far as words in one language tell: what a requester accepts
    and no entry says stays theirs."""
    if quotes(answer, entries):
        return True
    known = "\n".join(f"{e.title}\n{e.question}\n{e.conditions}\n{e.answer}" for e in entries)
    return all(shares(c.text, known, LEAST_SHARED) and not strays(c.text, known) for c in answer.claims)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def narrowest(audiences: Sequence[Audience]) -> Audience:
    """The audience that may see what comes from all of these: ``shared`` of none, ``internal`` where two customers meet."""
    kinds = set(audiences) - {SHARED}
    if not kinds:
        return SHARED
    return kinds.pop() if len(kinds) == 1 else INTERNAL


def kept_entry(
    question: Question, answer: Answer, cited: Sequence[Cited], audience: Audience, status: EntryStatus, now: datetime
) -> KnowledgeEntry:
    """Question and answer as an entry that rests on what the answer cites: no wider, no longer valid, no better vouched for."""
    sources = [one.now for one in cited]
    expiries = [e.expires_at for e in sources if e.expires_at]
    first = sources[0]
    return KnowledgeEntry(
        id=kept_entry_id(answer.id),
        kind=QA,
        audience=narrowest([audience, *(e.audience for e in sources)]),
        title=first.title,
        question=question.query[:MOST_QUESTION_CHARS],
        answer=answer.plain_text,
        object=first.object,
        symptom=first.symptom,
        conditions=first.conditions if len(sources) == 1 else "",
        keys=tuple(dict.fromkeys(key for e in sources for key in e.keys)),
        language=question.language,
        status=status,
        created_at=now,
        updated_at=now,
        expires_at=min(expiries, default=None),
        confirmed_at=now,
        confirmations=1,
        derived_from=tuple(e.id for e in sources),
        taught_by=Role.REQUESTER if any(e.taught_by is Role.REQUESTER for e in sources) else Role.ANALYST,
    )


async def known_as(
    entry: KnowledgeEntry, store: KnowledgeStore, embedder: Embedder, calibration: Calibration
) -> Confirms | Keeps:
    """Confirm an entry of the same audience that says the same already, else keep this one: an Accept overrules nothing. The
    store must be flushed before."""
    neighbour = await neighbour_of(entry, store, embedder, calibration)
    same = neighbour.passage if neighbour.relation is Relation.SAME else None
    return Confirms(same.entry.id) if same else Keeps(entry)


async def keep(work: UnitOfWork, taught: Confirms | Keeps, because: Because) -> bool:
    """Write what an Accept taught, once however often it is repeated; gives whether the ledger has changed."""
    if isinstance(taught, Confirms):
        return await confirm(work, taught.entry, because) is not None
    head = await work.ledger.head(taught.entry.id)
    if head is None or head.after.status is EntryStatus.RETIRED:
        await add(work, taught.entry, because)
        return True
    return False
