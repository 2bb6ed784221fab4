"""The dialogue as tasks read it, and what of it waits for an answer."""

from collections.abc import Sequence

from core.domain.people import Role
from core.domain.sessions import Message
from core.domain.tasks import Line


def lines(messages: Sequence[Message]) -> tuple[Line, ...]:
    """Live messages as labelled lines, in the order given."""
    return tuple(_line(m) for m in messages if m.deleted_at is None)


def _line(message: Message) -> Line:
    pictures = sum(attachment.is_image for attachment in message.attachments)
    return Line(
        message.id, message.role, message.standing.basis, message.author.name, message.text, message.at, pictures
    )


def asks(message: Message) -> bool:
    """Whether a message wants a reply: every requester's, and whatever any human says to Vigil directly."""
    return message.role is Role.REQUESTER or (message.direct and message.role is not Role.BOT)


def waiting(messages: Sequence[Message]) -> tuple[Message, ...]:
    """What asks and no turn has dealt with yet: the burst to answer now."""
    return tuple(m for m in messages if asks(m) and m.turn is None and m.deleted_at is None)


def after(messages: Sequence[Message], burst: Sequence[Message]) -> tuple[Message, ...]:
    """What people said after the burst's last message."""
    last = max((m.at, m.seq) for m in burst)
    return tuple(m for m in messages if (m.at, m.seq) > last and m.deleted_at is None)
