"""What Vigil says, and why it sometimes does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.domain.ids import AnswerId, CardId, EntryId, QuestionId, SessionId
from core.domain.knowledge import KnowledgeEntry, Passage
from core.domain.people import Role


@dataclass(frozen=True, slots=True)
class Observation:
    """A tool's result: which source gave it, for which parameters, and its text."""

    id: str
    source: str
    params: str
    text: str
    at: datetime


Evidence = Passage | Observation

ABSTENTION = "NO_RELIABLE_ANSWER"
"""What an engine gives instead of an answer; the same for prompt, code and tests."""


@dataclass(frozen=True, slots=True)
class Span:
    """The words of the evidence with number ``n`` that carry a claim, as they stand there."""

    n: int
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A piece of an answer and the numbers of the citations that carry it; ``spans`` are their words, where an engine names
    them."""

    text: str
    cites: tuple[int, ...]
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered reference to the cited revision of an entry, with what the reader sees of it."""

    n: int
    entry: EntryId
    revision: int
    title: str
    url: str
    kind: str
    updated_at: datetime
    confirmed_at: datetime | None = None
    confirmations: int = 0
    expires_at: datetime | None = None
    taught_by: Role = Role.ANALYST

    @classmethod
    def of(cls, n: int, entry: KnowledgeEntry, revision: int) -> "Citation":
        """Cite this revision of an entry under number ``n``."""
        url = f"{entry.url}#{entry.anchor}" if entry.url and entry.anchor else entry.url
        return cls(
            n, entry.id, revision, entry.title, url or f"vigil://entry/{entry.id}", entry.kind, entry.updated_at,
            entry.confirmed_at, entry.confirmations, entry.expires_at, entry.taught_by,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """Claims with their citations; every claim cites at least one. ``sent_at`` is set once people could see it."""

    id: AnswerId
    question: QuestionId
    session: SessionId
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    card: CardId | None = None
    sent_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def plain_text(self) -> str:
        """The claims without citation markers: what repeats are compared on."""
        return " ".join(claim.text for claim in self.claims)

    @property
    def marked_text(self) -> str:
        """The claims, each followed by its markers: ``Set it to 8 MB [1].``"""
        return " ".join(marked(claim.text, claim.cites) for claim in self.claims)


def marked(text: str, numbers: Iterable[int]) -> str:
    """A claim's text followed by markers of these numbers, before the mark that ends its sentence."""
    marks = "".join(f"[{n}]" for n in numbers)
    text = text.rstrip()
    if text and text[-1] in ".。!！?？":
        return f"{text[:-1]} {marks}{text[-1]}"
    return f"{text} {marks}"


@dataclass(frozen=True, slots=True)
class Abstention:
    """Declining for lack of evidence; the reason is one of a few stable short sentences."""

    reason: str
