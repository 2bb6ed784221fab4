"""Forgetting: whom, what went, and the record that stays."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.channels import Channel
from core.domain.knowledge import Audience
from core.domain.people import Person

NOBODY = Person("", is_bot=True)
"""Stands where a person was who is forgotten. It counts as a bot so that whoever asks next in a session of theirs is its
requester."""


class WhomKind(StrEnum):
    """What is forgotten: a person, a channel, or a customer."""

    PERSON = "person"
    CHANNEL = "channel"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Whom:
    """What is to be forgotten: what these ``people`` (platform, person) wrote, all that was said in ``channels``, and what only
    ``audience`` may see. With ``keep_shared`` lessons in analysts' words that name nobody stay, though their threads go."""

    kind: WhomKind
    people: tuple[tuple[str, Person], ...] = ()
    channels: tuple[Channel, ...] = ()
    audience: Audience | None = None
    keep_shared: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What went, in numbers; ``entries`` are those forgotten whole, ``entries_changed`` those that lost words or sources."""

    people: int = 0
    channels: int = 0
    sessions: int = 0
    messages: int = 0
    attachments: int = 0
    questions: int = 0
    turns: int = 0
    answers: int = 0
    runs: int = 0
    events: int = 0
    feedback: int = 0
    links: int = 0
    cards: int = 0
    jobs: int = 0
    entries: int = 0
    entries_changed: int = 0


@dataclass(frozen=True, slots=True)
class Forgetting:
    """The record of a forgetting: its kind, when, and what went in numbers; never whom. ``done_at`` is set once no file holds
    the old words any more."""

    id: str
    kind: WhomKind
    at: datetime
    counts: Counts
    done_at: datetime | None = None
