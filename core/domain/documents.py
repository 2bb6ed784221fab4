"""Documents: what was read where, cut into sections by its headings."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.ids import EntryId, MessageId

DOCUMENT = "document"
"""The kind under which the ledger keeps a document: one revision each time it reads otherwise. Retrieval sees its parts, which
are of the kind ``chunk``."""

MOST_CHARACTERS = 1_000_000
"""Of the text of a document, some 300 dense pages: masking so much takes .2 s, cutting it .05 s."""
MOST_PARTS = 1_500
"""Of one document: about what a million characters of Latin text are cut into. They are embedded anew each time the document
reads otherwise."""

AUDIENCE_NAMED = "by hand, who may see it was named"
"""Stands for the person in a link by hand that said who may see the document: no later reading narrows it then."""


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading. ``trail`` are the headings above it, outermost first, without the document's title;
    ``heading`` is its own, empty for what stands before the first. ``anchor`` is what goes behind ``#`` of the address to open
    it there, empty where nothing does. ``text`` is Markdown without headings: paragraphs, lists, tables and fenced code, each
    block parted by an empty line."""

    heading: str
    text: str
    anchor: str = ""
    trail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A document as it was read. ``address`` is where it was asked for and ``url`` where it was in the end, without fragment:
    http(s), or the path of a file. ``digest`` names what it says (title, sections, who may see it), so that a page which only
    carries a new token or date is unchanged; ``etag`` and ``modified`` are the server's words, to be given back to it.
    ``with_credentials`` says that a header of the team's own settings opened it, or that its host has a private address: not
    everybody can."""

    address: str
    url: str
    title: str
    sections: tuple[Section, ...]
    digest: str
    etag: str = ""
    modified: str = ""
    with_credentials: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known from the last reading, so that an unchanged document need not be sent again: what it said, the server's
    words, the ``place`` where it was in the end (an address in its one form, or a path), and how it was opened there."""

    digest: str
    etag: str = ""
    modified: str = ""
    place: str = ""
    with_credentials: bool = False


@dataclass(frozen=True, slots=True)
class Unchanged:
    """It still reads as it was seen."""


@dataclass(frozen=True, slots=True)
class Gone:
    """It is not there any more (404, 410, a file that was removed), with a sentence that says so; ``for_good`` where it
    was said that it will not come back (410)."""

    reason: str
    for_good: bool = False


Reading = Page | Unchanged | Gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a document comes from and how it is kept fresh: the address that is asked, what was ``seen`` when it was last read,
    since when it is missed, how often it could not be read since, with why, and whether somebody ``named`` who may see it."""

    document: EntryId
    address: str
    read_at: datetime
    seen: Seen
    gone_at: datetime | None = None
    failures: int = 0
    failure: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that somebody named: ``by`` (a person's id, empty or ``AUDIENCE_NAMED`` by hand) in a ``message`` (none by
    hand), and the document that it is; no document, and the ``reason``, where it was left out. One link per message and
    address."""

    address: str
    at: datetime
    document: EntryId | None = None
    message: MessageId | None = None
    by: str = ""
    reason: str = ""
