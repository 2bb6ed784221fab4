"""What is shown to one person on a page of its own: a modal, a home tab, an ephemeral list."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.cards import CardAction


class PageKind(StrEnum):
    """What a page is for: how to talk to Vigil, what was found, the week in numbers, why it was silent, a person's home."""

    HELP = "help"
    STATS = "stats"
    WHY = "why"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class PageItem:
    """One thing on a page: a heading that opens ``url`` where there is one, lines of plain text below it, a remark in small
    type, and its buttons."""

    heading: str = ""
    lines: tuple[str, ...] = ()
    remark: str = ""
    actions: tuple[CardAction, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page in one language; ``title`` and all texts are ready to be shown, as plain text."""

    kind: PageKind
    title: str
    items: tuple[PageItem, ...]
    language: str = "en"
