"""What Vigil knows: entries, who may see them, their revisions, and how they are looked up."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import InstanceOf

from core.domain.ids import EntryId, MessageId
from core.domain.people import Role

QA = "qa"
CHUNK = "chunk"
ENTRY = "entry"


class EntryStatus(StrEnum):
    """Only ``active`` entries are retrieved; a ``candidate`` waits for an analyst's approval."""

    ACTIVE = "active"
    CANDIDATE = "candidate"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may see an entry: ``internal`` (analysts), ``shared`` (all customers of this team) or ``customer:<id>``."""

    value: str

    @classmethod
    def customer(cls, organisation: str) -> Self:
        """The audience of one customer."""
        return cls(f"customer:{organisation}")


INTERNAL = Audience("internal")
SHARED = Audience("shared")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes a search is for. ``audiences`` lists what they may see; ``None`` is the operator, who sees everything."""

    audiences: tuple[Audience, ...] | None

    @classmethod
    def of_customer(cls, organisation: str | None) -> Self:
        """A channel's viewer: shared knowledge, and that of its one customer when there is exactly one."""
        own = () if organisation is None else (Audience.customer(organisation),)
        return cls((SHARED, *own))

    @classmethod
    def analyst(cls, organisation: str | None) -> Self:
        """An analyst who looks at a channel and is seen by nobody: also what is for analysts only."""
        return cls((INTERNAL, *(cls.of_customer(organisation).audiences or ())))

    @classmethod
    def operator(cls) -> Self:
        """Whoever runs the process: sees every audience."""
        return cls(None)

    def may_see(self, audience: Audience) -> bool:
        """Whether an entry of this audience may be shown."""
        return self.audiences is None or audience in self.audiences


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeEntry:
    """One thing known. A ``qa`` entry answers a question, a ``chunk`` is part of a document; other kinds may follow.

    ``question`` serves retrieval and is shown only inside the audience; ``title`` (object and symptom), ``answer`` and
    ``conditions`` are shown. ``keys`` are codes and versions verbatim. ``confirmations`` counts independent confirmations.
    ``taught_by`` tells support's answer from a requester's own fix.
    """

    id: EntryId
    kind: str
    audience: Audience
    title: str
    answer: str
    created_at: datetime
    updated_at: datetime
    question: str = ""
    status: EntryStatus = EntryStatus.ACTIVE
    object: str = ""
    symptom: str = ""
    conditions: str = ""
    keys: tuple[str, ...] = ()
    url: str = ""
    anchor: str = ""
    language: str = "en"
    expires_at: datetime | None = None
    confirmed_at: datetime | None = None
    confirmations: int = 0
    uses: int = 0
    derived_from: tuple[EntryId, ...] = ()
    taught_by: Role = Role.ANALYST


class ChangeKind(StrEnum):
    """What a revision did."""

    ADDED = "added"
    UPDATED = "updated"
    CONFIRMED = "confirmed"
    RETIRED = "retired"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One step in the life of a subject, newest ``n`` highest, starting at 1. ``after`` is the entry as it is from then on;
    ``why`` is a sentence, ``job`` what made it, ``from_messages`` what it comes from: what taught it before what asked."""

    subject_kind: str
    subject_id: EntryId
    n: int
    change: ChangeKind
    after: KnowledgeEntry
    at: datetime
    why: str
    job: str
    from_messages: tuple[MessageId, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One hybrid look-up. ``vector`` has the embedder's dimension and unit norm; ``text`` feeds full-text search.

    ``kinds`` maps a kind to the most passages it may give (its quota). ``now`` decides what has expired. ``context`` are words
    that were said around it: they count little beside its own.
    """

    text: str
    vector: NDArray[np.float32]
    viewer: Viewer
    now: datetime
    kinds: tuple[tuple[str, int], ...] = ((QA, 10), (CHUNK, 10))
    language: str = "en"
    context: str = ""


Vector = NDArray[np.float32]
"""A unit vector of the embedder's dimension."""


@dataclass(frozen=True, slots=True)
class Passage:
    """An entry retrieved for a query. ``relevance`` is 0..1, higher is better: the store gives its fused rank score, rerank
    replaces it by a calibrated one. ``cosine`` with the whole entry, ``answer_cosine`` with its answer alone and
    ``question_cosine`` with the question that it answers are -1..1; ``lexical`` is the full-text score over the query's best,
    0..1. ``vectors`` are those of the stored entry, whole and answer, where the store gives them; they spare computing and are
    in no record."""

    entry: KnowledgeEntry
    revision: int
    relevance: float
    cosine: float
    answer_cosine: float
    lexical: float
    question_cosine: float
    vectors: tuple[InstanceOf[Vector], InstanceOf[Vector]] | None = field(default=None, compare=False, repr=False)

    @property
    def answer_vector(self) -> Vector | None:
        """The unit vector of the answer by itself. ``None`` for what has no question: the store holds it with its title."""
        return self.vectors[1] if self.vectors and self.entry.question else None

    @property
    def question_vector(self) -> Vector | None:
        """The unit vector of the question by itself, where there is one: see ``question_cosine``."""
        if not self.vectors or not self.entry.question:
            return None
        whole, answer = self.vectors
        return np.asarray(2.0 * float(whole @ answer) * whole - answer, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as the projection keeps it: at which revision, with the unit vectors (the embedder's dimension) of the whole
    entry, which is the direction of its question's and its answer's together, and of its answer alone."""

    entry: KnowledgeEntry
    revision: int
    vector: NDArray[np.float32]
    answer_vector: NDArray[np.float32]


def question_cosine(cosine: float, answer_cosine: float, within: float) -> float:
    """Give the cosine of a query with an entry's question, from those with the whole entry and with its answer, and from the
    one ``within`` the entry, of the whole with the answer: the whole is the unit vector along question + answer, so the
    question is 2 ``within`` times the whole, less the answer."""
    return 2.0 * within * cosine - answer_cosine
