"""Everything that comes in from outside, as typed events through one door.

Each event names its ``source`` (``slack:T123``, ``export:acme``), an ``external_id`` that is unique within the source and
stable over redeliveries, and ``at``, the platform's time in UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.domain.channels import ChannelRef
from core.domain.people import Person


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message: the platform's id, name, media type, size in bytes and where it can be read. ``kept`` is where its
    bytes are kept, below the home; empty where they are not."""

    id: str
    name: str = ""
    media_type: str = ""
    size_bytes: int = 0
    url: str = ""
    kept: str = ""

    @property
    def may_be_image(self) -> bool:
        """Whether it is a picture, or a file of which the platform does not say what it is, as of those shared from outside."""
        return not self.media_type or self.is_image

    @property
    def is_image(self) -> bool:
        """Whether the platform calls it a picture."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted:
    """Somebody posted. ``thread`` is the root's message id when in a thread; ``direct`` marks a mention or a DM to us."""

    source: str
    external_id: str
    at: datetime
    channel: ChannelRef
    message_id: str
    author: Person
    text: str
    thread: str | None = None
    broadcast: bool = False
    direct: bool = False
    mentions: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    type: Literal["message_posted"] = "message_posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited:
    """The text or files of a message are different now."""

    source: str
    external_id: str
    at: datetime
    channel: ChannelRef
    message_id: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    type: Literal["message_edited"] = "message_edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted:
    """A message is gone."""

    source: str
    external_id: str
    at: datetime
    channel: ChannelRef
    message_id: str
    type: Literal["message_deleted"] = "message_deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionChanged:
    """Somebody put a reaction on a message or took it off; ``name`` without colons or skin tone."""

    source: str
    external_id: str
    at: datetime
    channel: ChannelRef
    message_id: str
    by: Person
    name: str
    added: bool = True
    type: Literal["reaction_changed"] = "reaction_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonClicked:
    """A button of one of our cards or forms: ``action`` on ``target`` (its id), with an optional value."""

    source: str
    external_id: str
    at: datetime
    channel: ChannelRef
    by: Person
    action: str
    target: str
    value: str = ""
    message_id: str | None = None
    type: Literal["button_clicked"] = "button_clicked"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSubmitted:
    """A form of ours came back: ``fields`` are (name, value) pairs."""

    source: str
    external_id: str
    at: datetime
    channel: ChannelRef
    by: Person
    form: str
    target: str
    fields: tuple[tuple[str, str], ...] = ()
    type: Literal["form_submitted"] = "form_submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandIssued:
    """A slash command or menu entry, text as typed after the command's name."""

    source: str
    external_id: str
    at: datetime
    channel: ChannelRef
    by: Person
    text: str
    type: Literal["command_issued"] = "command_issued"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChanged:
    """What is known of a channel is different now: its name, who shares it. ``organisations`` are outside ones only."""

    source: str
    external_id: str
    at: datetime
    channel: ChannelRef
    name: str
    external: bool
    organisations: frozenset[str] = frozenset()
    type: Literal["channel_changed"] = "channel_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpsEvent:
    """An alert, release or ticket change from an operations system; ``payload`` is its JSON text, parsed by its consumer."""

    source: str
    kind: str
    external_id: str
    payload: str
    at: datetime
    type: Literal["ops_event"] = "ops_event"


InboundEvent = (
    MessagePosted
    | MessageEdited
    | MessageDeleted
    | ReactionChanged
    | ButtonClicked
    | FormSubmitted
    | CommandIssued
    | ChannelChanged
    | OpsEvent
)
