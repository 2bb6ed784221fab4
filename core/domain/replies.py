"""What is shown at once to the one person who clicked, submitted or commanded something."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.cards import Card, EntryPage, Notice
from core.domain.pages import Page


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """The whole of a long card; of a withdrawn one the text that it had, for analysts."""

    card: Card


class FieldKind(StrEnum):
    """How a field is filled in: a line, several lines, one of its options, yes or no, or a channel of the workspace."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    SWITCH = "switch"
    CHANNEL = "channel"


MOST_FIELD_CHARS = 3000
"""A field of a form holds no more on any platform: what is longer would come back cut."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form. ``label`` and ``options`` name texts of the catalogue unless ``plain``, where the label is what
    somebody wrote. A switch is on where its ``value`` is ``"on"``."""

    name: str
    label: str
    value: str = ""
    kind: FieldKind = FieldKind.TEXT
    options: tuple[str, ...] = ()
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A modal to fill in. ``id`` says what it is for, ``target`` what it acts on; ``title`` and the texts of ``errors`` (field,
    text) are of the catalogue, and so is the name of the button that hands it in."""

    id: str
    title: str
    fields: tuple[FormField, ...]
    target: str = ""
    language: str = "en"
    errors: tuple[tuple[str, str], ...] = ()
    button: str = "submit"


Reply = Card | Form | Notice | Page | EntryPage | AnswerPage | None
"""What is shown at once to whoever did something."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What intake answers: whether the event was new and is now stored, and what to show at once, if anything. A card as the
    reply to a click is the clicked one as it looks now; the platform is brought up to it in any case. ``answers`` says that
    somebody asked directly and will see what comes of it, so that they may be told to wait."""

    stored: bool
    reply: Reply = None
    answers: bool = False
