"""The port for telling what happened, in order."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.domain.answers import Answer
from core.domain.ids import SessionId
from core.domain.knowledge import Revision
from core.domain.records import Feedback
from core.domain.reviews import Verdicts
from core.domain.sessions import Message, Question, Session, Turn


@dataclass(frozen=True, slots=True)
class TurnTold:
    """A turn with its session and its answers."""

    turn: Turn
    session: Session
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class MessageTold:
    """A message with its session."""

    message: Message
    session: Session


@dataclass(frozen=True, slots=True)
class AcceptTold:
    """An accept of an answer, or its undo, with the answer's question and session."""

    click: Feedback
    question: Question
    session: Session


@dataclass(frozen=True, slots=True)
class ReviewTold:
    """What one run of review ruled on one question: its verdicts by answer, and when."""

    session: SessionId
    at: datetime
    verdicts: tuple[Verdicts, ...]


Told = MessageTold | TurnTold | AcceptTold | ReviewTold | Revision


@dataclass(frozen=True, slots=True)
class Place:
    """How far a reader of the journal has come: the last row of each kind."""

    messages: int = 0
    turns: int = 0
    clicks: int = 0
    reviews: int = 0
    revisions: int = 0


class Journal(Protocol):
    """Reads what has been recorded, for replay's output and for reports."""

    async def since(self, place: Place) -> tuple[list[Told], Place]:
        """Give what was recorded behind ``place``: by time, then messages, turns, clicks, reviews and revisions, then as
        recorded.
        A turn is told once its delivery is decided."""
        ...

    async def end(self) -> Place:
        """How far it has come by now."""
        ...

    def pages(self, begin: Place, end: Place) -> AsyncIterator[list[Told]]:
        """Give what was recorded behind ``begin`` and up to ``end``, some hundreds at a time, where all of it need not fit into
        memory: messages, then turns, clicks, reviews and revisions, each as recorded."""
        ...
