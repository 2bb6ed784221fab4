"""A dialogue as tasks see it: labelled lines and their pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.ids import MessageId
from core.domain.people import Role, RoleBasis


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the dialogue: the label of the line that it belongs to, and where its bytes are kept, below the home."""

    of: str
    kept: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a dialogue as a task sees it: ``pictures`` is how many it has, ``kept`` where the bytes of those are that are
    kept, below the home."""

    id: MessageId
    role: Role
    basis: RoleBasis
    author: str
    text: str
    at: datetime
    pictures: int = 0
    kept: tuple[str, ...] = ()


def labels(lines: Iterable[Line]) -> dict[MessageId, str]:
    """A short label for each message, by which prompts and a model's answers name it: ``m1`` for the first line, and so on. The
    ``lines`` are all that a task sees, in the order of its prompt."""
    return {id_: f"m{n}" for n, id_ in enumerate(dict.fromkeys(line.id for line in lines), start=1)}


EARLIER_CHARS = 700
"""About as many tokens as tell the subject; longer texts cost time and say the same."""


def said_by(role: Role, dialogue: Sequence[Line]) -> str:
    """The end of what a role has said: one text for every step that looks at it, so that its vector is made once."""
    return "\n".join(line.text for line in dialogue if line.role is role)[-EARLIER_CHARS:]
