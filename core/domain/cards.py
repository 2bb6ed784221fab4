"""Our platform-free post, and what a platform shows in place of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.answers import Answer, Citation
from core.domain.channels import ChannelRef
from core.domain.ids import CardId, EntryId, QuestionId, SessionId, TurnId
from core.domain.knowledge import EntryStatus
from core.domain.people import Role


class CardNote(StrEnum):
    """A line that is honest about how the card came to be; worded per language by whoever renders."""

    FROM_KNOWLEDGE = "from_knowledge"
    QUOTED = "quoted"
    REDUCED = "reduced"
    PICTURE_UNREAD = "picture_unread"


class CardKind(StrEnum):
    """What a card is for: an ``answer`` in a thread, a ``draft`` of one that only analysts see, a ``lookup`` that only whoever
    looked something up sees, a ``correction`` in which an analyst says what holds instead of an old answer."""

    ANSWER = "answer"
    DRAFT = "draft"
    LOOKUP = "lookup"
    CORRECTION = "correction"


class CardState(StrEnum):
    """How a card looks now. The last four are a draft's: an analyst sent it, dismissed it, or answered by hand
    before, or wanted to send it in vain."""

    POSTED = "posted"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    SENT = "sent"
    DISMISSED = "dismissed"
    ANSWERED_FIRST = "answered_first"
    NOT_SENT = "not_sent"


class ActionKind(StrEnum):
    """What a button of a card or page does. The target of ``accept``, ``undo_accept`` and ``post_correction`` is an answer, of
    ``open_entry`` a knowledge entry, of ``approve``, ``edit_entry`` and ``reject`` one of its revisions (``ENTRY@N``), of
    ``configure`` a channel, of the others the card itself."""

    ACCEPT = "accept"
    UNDO_ACCEPT = "undo_accept"
    OPEN_ENTRY = "open_entry"
    SHOW_ALL = "show_all"
    SHOW_WITHDRAWN = "show_withdrawn"
    SEND_DRAFT = "send_draft"
    EDIT_DRAFT = "edit_draft"
    DISMISS_DRAFT = "dismiss_draft"
    SHARE = "share"
    APPROVE = "approve"
    EDIT_ENTRY = "edit_entry"
    REJECT = "reject"
    CONFIGURE = "configure"
    POST_CORRECTION = "post_correction"


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
    """Where a card goes: any channel, in a thread or not; seen by everybody there, or by one ``person`` alone."""

    channel: ChannelRef
    thread: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class CardAction:
    """A button: ``kind`` is an ``ActionKind``, ``target`` is the id it acts on, ``url`` opens a page instead."""

    kind: str
    target: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class CardSection:
    """One answered question on a card. ``asked`` is shown where several sections must be told apart."""

    question: QuestionId
    asked: str
    answer: Answer


SHARED_BY = "shared_by"
"""The notice on a card that somebody has shared in a channel: it stands away from its question."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A note to one person alone; ``text`` names a message of the catalogue, ``values`` fill it."""

    text: str
    values: tuple[tuple[str, str], ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Card:
    """What is posted for a turn. ``notice`` stands instead of sections where somebody asked directly and there is no answer, or
    a person says something; beside sections it says who shared them. ``closest`` are up to three sources that come nearest
    where there is no answer. ``marks`` say what happened to it since it was posted. ``why`` tells the analysts who see a draft
    why its question is in scope, ``approved_by`` who let it go out."""

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
    kind: CardKind = CardKind.ANSWER
    why: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """What a reader sees of a knowledge entry they may open. ``question`` and ``thread_url`` (where it was learned) are empty
    for readers outside the audience that may see those: core decides, renderers show what is there. Of an entry that is not
    ``active`` only analysts have a page: with its ``status``, and the ``reason`` for it in a sentence."""

    entry: EntryId
    kind: str
    title: str
    answer: str
    created_at: datetime
    updated_at: datetime
    language: str = "en"
    conditions: str = ""
    url: str = ""
    confirmed_at: datetime | None = None
    confirmations: int = 0
    expires_at: datetime | None = None
    taught_by: Role = Role.ANALYST
    question: str = ""
    thread_url: str = ""
    status: EntryStatus = EntryStatus.ACTIVE
    reason: str = ""


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
