"""The dialogue as tasks read it, and what of it waits for an answer."""

from collections.abc import Sequence

from core.domain.dialogue import Line
from core.domain.people import Role
from core.domain.sessions import Message
from core.text.terms import term_set

_TELLING_TERMS = 2


def is_live(message: Message) -> bool:
    """Whether its words are there: it was neither deleted nor has it expired."""
    return message.deleted_at is None and message.expired_at is None


def lines(messages: Sequence[Message]) -> tuple[Line, ...]:
    """Live messages as labelled lines, in the order given."""
    return tuple(_line(m) for m in messages if is_live(m))


def _line(message: Message) -> Line:
    pictures = sum(attachment.is_image for attachment in message.attachments)
    kept = tuple(attachment.kept for attachment in message.attachments if attachment.kept)
    return Line(
        message.id, message.role, message.standing.basis, message.author.name, message.text, message.at, pictures, kept
    )


def asks(message: Message) -> bool:
    """Whether a message wants a reply: every requester's, and whatever any human says to Vigil directly."""
    return message.role is Role.REQUESTER or (message.direct and message.role is not Role.BOT)


def waiting(messages: Sequence[Message]) -> tuple[Message, ...]:
    """What asks and no turn has dealt with yet: the burst to answer now."""
    return tuple(m for m in messages if asks(m) and m.turn is None and is_live(m))


def after(messages: Sequence[Message], burst: Sequence[Message]) -> tuple[Message, ...]:
    """What people said to the burst after its last message: not what an analyst said to an earlier question."""
    last = max((m.at, m.seq) for m in burst)
    earlier = [m for m in messages if (m.at, m.seq) < last and m not in burst and asks(m)]
    asked, before = _terms(burst), _terms(earlier)
    return tuple(m for m in messages if (m.at, m.seq) > last and is_live(m) and not _to_earlier(m, asked, before))


def _to_earlier(message: Message, asked: frozenset[str], before: frozenset[str]) -> bool:
    """Whether an analyst takes up what only earlier messages spoke of, and nothing that only the burst does. A burst without a
    subject of its own ("any news?") asks the earlier question again."""
    own, others = asked - before, before - asked
    said = term_set(message.text)
    telling = len(own) >= _TELLING_TERMS and len(said & others) >= _TELLING_TERMS
    return message.role is Role.ANALYST and telling and not said & own


def _terms(messages: Sequence[Message]) -> frozenset[str]:
    return frozenset[str]().union(*(term_set(m.text) for m in messages))
