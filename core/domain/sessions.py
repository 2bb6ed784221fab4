"""Our record of one on-call dialogue: the session, its transcript, its questions and its turns."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.channels import ChannelRef
from core.domain.events import Attachment
from core.domain.ids import AnswerId, CardId, EntryId, MessageId, QuestionId, RunId, SessionId, TurnId
from core.domain.people import Person, Role, Standing


class SessionKind(StrEnum):
    """What a session is about: ``support`` is a dialogue, ``lookup`` and ``search`` are what one person asked by hand and only
    they see. Escalation and operation come later with tables of their own."""

    SUPPORT = "support"
    LOOKUP = "lookup"
    SEARCH = "search"


class Phase(StrEnum):
    """``open`` while a first-line bot has the thread, ``engaged`` once a human has it, ``closed`` when it is over."""

    OPEN = "open"
    ENGAGED = "engaged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Session:
    """One dialogue. ``thread`` is the platform's root message id; ``seq`` counts its events and orders arrival."""

    id: SessionId
    channel: ChannelRef
    thread: str
    opener: Person
    opened_at: datetime
    last_at: datetime
    threaded: bool = True
    kind: SessionKind = SessionKind.SUPPORT
    phase: Phase = Phase.ENGAGED
    seq: int = 0
    closed_at: datetime | None = None
    close_reason: str = ""

    @property
    def private_to(self) -> str | None:
        """The id of the one person who sees what Vigil says in it; ``None`` where everybody in the channel does."""
        return None if self.kind is SessionKind.SUPPORT else self.opener.id


@dataclass(frozen=True, slots=True)
class Message:
    """One post of the transcript, redacted. ``seq`` is the session's seq at arrival, ``turn`` the turn that dealt with it,
    ``thread`` the platform's thread that it stands in or begins; empty where that is the session's. Of one that is older than
    the retention ``expired_at`` tells since when its words, files and the author's name are no longer kept."""

    id: MessageId
    session: SessionId
    platform_id: str
    seq: int
    at: datetime
    author: Person
    standing: Standing
    text: str
    direct: bool = False
    attachments: tuple[Attachment, ...] = ()
    turn: TurnId | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    thread: str = ""
    expired_at: datetime | None = None

    @property
    def role(self) -> Role:
        """The author's role."""
        return self.standing.role


class QuestionClass(StrEnum):
    """The three classes of the paper."""

    WITHIN_SCOPE = "within_scope"
    OUT_OF_SCOPE = "out_of_scope"
    NO_ASSISTANCE_NEEDED = "no_assistance_needed"


class QuestionState(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"


class Outcome(StrEnum):
    """What became of a question in a turn."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"
    REPEAT = "repeat"
    SUPERSEDED = "superseded"
    STALE = "stale"
    SILENT = "silent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Question:
    """One sub-question of a session. ``query`` is its self-contained form, ``context`` words of the dialogue around it.

    ``class_`` is ``None`` while a cancelled or timed-out question has not been classed; ``tries`` counts extract runs before
    close; ``merged_into`` names the question of a later run that took it over, or the one that it repeats.
    """

    id: QuestionId
    session: SessionId
    messages: tuple[MessageId, ...]
    asked_at: datetime
    query: str
    context: str = ""
    class_: QuestionClass | None = QuestionClass.WITHIN_SCOPE
    state: QuestionState = QuestionState.OPEN
    language: str = "en"
    direct: bool = False
    tries: int = 0
    merged_into: QuestionId | None = None


@dataclass(frozen=True, slots=True)
class SeenPassage:
    """What a turn remembers of a passage: which revision of which entry, and how relevant (0..1)."""

    entry: EntryId
    revision: int
    score: float


@dataclass(frozen=True, slots=True)
class TurnQuestion:
    """A question as one turn dealt with it; the reason says why, in a stable short form a person can read."""

    question: QuestionId
    class_: QuestionClass | None
    query: str
    outcome: Outcome
    reason: str
    passages: tuple[SeenPassage, ...] = ()
    answer: AnswerId | None = None
    run: RunId | None = None


class Delivery(StrEnum):
    """Whether a turn's card reached people: nothing to send, waiting, sent, dropped by the last look, or recorded only."""

    NONE = "none"
    PENDING = "pending"
    SENT = "sent"
    DROPPED = "dropped"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True)
class Turn:
    """A burst and what Vigil did about it. ``ms`` are (step, milliseconds) pairs, ``lead_s`` the seconds by which the card
    came before the human's answer, when one came."""

    id: TurnId
    session: SessionId
    as_of: int
    at: datetime
    messages: tuple[MessageId, ...]
    questions: tuple[TurnQuestion, ...]
    delivery: Delivery = Delivery.NONE
    delivery_reason: str = ""
    card: CardId | None = None
    ms: tuple[tuple[str, float], ...] = field(default=(), compare=False)
    tokens: int = 0
    lead_s: float | None = None
