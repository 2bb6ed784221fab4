"""Our platform-free post, and what a platform shows in place of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.answers import Answer, Citation
from core.domain.channels import ChannelRef
from core.domain.ids import CardId, QuestionId, SessionId, TurnId


class CardNote(StrEnum):
    """A line that is honest about how the card came to be; worded per language by whoever renders."""

    FROM_KNOWLEDGE = "from_knowledge"
    QUOTED = "quoted"
    REDUCED = "reduced"
    PICTURE_UNREAD = "picture_unread"


class CardState(StrEnum):
    """How a card looks now."""

    POSTED = "posted"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class CardMark:
    """What happened to a posted card at a time: to one ``answer`` on it, or to all of it where that is empty. ``by`` is the
    person's name as the platform shows it, ``reason`` names a text of the catalogue."""

    state: CardState
    at: datetime
    answer: str = ""
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a card goes: any channel, in a thread or not."""

    channel: ChannelRef
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class CardAction:
    """A button: ``kind`` names it (``accept``), ``target`` is the id it acts on, ``url`` opens a page instead."""

    kind: str
    target: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class CardSection:
    """One answered question on a card. ``asked`` is shown where several sections must be told apart."""

    question: QuestionId
    asked: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Notice:
    """A note to one person alone; ``text`` names a message of the catalogue, ``values`` fill it."""

    text: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """What is posted for a turn. ``notice`` stands instead of sections where somebody asked directly and there is no answer;
    ``closest`` are up to three sources that come nearest then. ``marks`` say what happened to it since it was posted."""

    id: CardId
    session: SessionId
    turn: TurnId
    destination: Destination
    language: str
    sections: tuple[CardSection, ...]
    notes: tuple[CardNote, ...] = ()
    actions: tuple[CardAction, ...] = ()
    state: CardState = CardState.POSTED
    notice: Notice | None = None
    closest: tuple[Citation, ...] = ()
    marks: tuple[CardMark, ...] = ()


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form."""

    name: str
    label: str
    value: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A modal to fill in."""

    id: str
    title: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What intake answers: whether the event was new and is now stored, and what to show at once, if anything. A card as the
    reply to a click is the clicked one as it looks now; the platform is brought up to it in any case."""

    stored: bool
    reply: Card | Form | Notice | None = None


class OutboxState(StrEnum):
    """The life of a card on its way out."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A card waiting to be sent. Not before ``not_before``, not after ``not_after``; ``as_of`` is the session's seq that the
    card answers; ``attempts`` counts failed calls."""

    card: Card
    as_of: int
    not_before: datetime
    not_after: datetime
    state: OutboxState = OutboxState.PENDING
    sending_at: datetime | None = None
    platform_id: str | None = None
    reason: str = ""
    attempts: int = 0
