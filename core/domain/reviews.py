"""Review: the ruling on the entries behind an unaccepted answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.dialogue import Line
from core.domain.ids import AnswerId, EntryId, MessageId
from core.domain.knowledge import QA, KnowledgeEntry
from core.domain.tasks import Lesson


class Verdict(StrEnum):
    """``keep`` changes nothing, ``delete`` retires a learned entry or flags a document, ``update`` words it anew."""

    KEEP = "keep"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer as given: its text, whose markers are the numbers of the cited entries, when, and whether people saw it."""

    id: AnswerId
    text: str
    at: datetime
    seen: bool


@dataclass(frozen=True, slots=True)
class CitedEntry:
    """An entry as an answer used it, at the cited ``revision``; ``now`` is what it says now where that is something else."""

    n: int
    entry: KnowledgeEntry
    revision: int
    now: KnowledgeEntry | None = None

    @property
    def current(self) -> KnowledgeEntry:
        """What is ruled on."""
        return self.now or self.entry

    @property
    def learned(self) -> bool:
        """Whether it was learned from people, and is not part of a document."""
        return self.entry.kind == QA


@dataclass(frozen=True, slots=True)
class ReviewInput:
    """A question with every answer given to it, what they cite, and the whole labelled dialogue, oldest first."""

    question: str
    asked_at: datetime
    asked_in: tuple[MessageId, ...]
    answers: tuple[GivenAnswer, ...]
    cited: tuple[CitedEntry, ...]
    dialogue: tuple[Line, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, in the order of the prompt."""
        return self.dialogue


@dataclass(frozen=True, slots=True)
class EntryRuling:
    """The ruling on the cited entry ``n``, why, and how sure (0..1).

    ``correction`` are the messages that carry the right answer, likeliest first; ``confirmed`` says that the requester found
    it right. An ``update`` brings the whole new text in ``lesson`` and, where the question changes too, in ``question``; it is
    a ``sibling`` when the symptom is the same and the cause or the conditions are others: then the entry itself stays.
    """

    n: int
    verdict: Verdict
    reason: str
    correction: tuple[MessageId, ...] = ()
    sibling: bool = False
    confirmed: bool = False
    confidence: float = 0.0
    question: str = ""
    lesson: Lesson | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One ruling per cited entry; an entry without one is kept."""

    rulings: tuple[EntryRuling, ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What holds for one answer after the rules: one verdict on some of its entries, and why."""

    answer: AnswerId
    verdict: Verdict
    entries: tuple[EntryId, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """The output of a run of the task ``review``: what the engine ``said``, and what ``holds`` of it."""

    said: Review
    holds: tuple[Verdicts, ...]
