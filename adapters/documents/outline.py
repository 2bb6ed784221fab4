"""Sections as they grow: blocks of text under the headings above them."""

import re
from dataclasses import dataclass, field
from urllib.parse import quote

from core.domain.documents import MOST_CHARACTERS, Section

MOST_SECTIONS = 5_000
HEADING_CHARACTERS = 300
_LIKE_HEADING = re.compile(r"^([ ]{0,3})(?=#{1,6}(?:\s|$))", re.MULTILINE)
_UNSEEN = re.compile("[\u200b\u00ad\ufeff\u202d\u202e\x00-\x08\x0e-\x1f\ue000-\uf8ff\U000e0000-\U000e007f]")
"""What is not seen or belongs to an icon font: it would part words, and can hide sentences that nobody reads."""


class UnreadableError(Exception):
    """Why a document has no text to learn from: ``why`` follows "It is not read:" in a sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def too_long() -> UnreadableError:
    """The refusal of what says more than ``MOST_CHARACTERS``."""
    return UnreadableError(f"it has more than {MOST_CHARACTERS:,} characters of text: give its chapters one by one")


@dataclass(frozen=True, slots=True)
class Draft:
    """A document taken apart; ``login`` when it asks for a password and says little else."""

    title: str
    sections: tuple[Section, ...]
    login: bool = False


def seen(text: str) -> str:
    """The text without characters that are not seen."""
    return _UNSEEN.sub("", text)


def one_line(text: str) -> str:
    """A heading or title: one line of bounded length."""
    return " ".join(seen(text).split())[:HEADING_CHARACTERS].rstrip()


def paragraph(text: str) -> str:
    """A paragraph in which no line is taken for a heading or for a fence."""
    return re.sub(r"^(?=```|~~~)", r"\\", _LIKE_HEADING.sub(r"\1\\", text), flags=re.MULTILINE)


def fenced(code: str, language: str = "") -> str:
    """A block of code; the fence is longer than any inside."""
    code = seen(code.replace("\r\n", "\n").replace("\r", "\n")).strip("\n").rstrip()
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`{3,}", code)), default=2))
    return f"{fence}{language}\n{code}\n{fence}" if code.strip() else ""


def anchor_of(identity: str) -> str:
    """An element's id as it stands behind ``#`` of an address."""
    identity = identity.strip()
    return quote(identity, safe="-._~!$&'()*+,;=:@/?%") if len(identity) <= 500 else ""


@dataclass
class Blocks:
    """Blocks in a row, as inside a list item; a heading there is a line like others."""

    found: list[str] = field(default_factory=list)

    def block(self, text: str) -> None:
        """Add a block; nothing for an empty one."""
        if text.strip():
            self.found.append(text)

    def heading(self, level: int, text: str, anchor: str) -> None:  # noqa: ARG002  # as in Outline
        """Add it as a line."""
        self.block(paragraph(text))


@dataclass
class Outline:
    """Blocks under headings. Raises ``UnreadableError`` beyond ``MOST_SECTIONS``."""

    sections: list[Section] = field(default_factory=list)
    _above: list[tuple[int, str]] = field(default_factory=list)
    _blocks: list[str] = field(default_factory=list)
    _anchor: str = ""
    _characters: int = 0

    def block(self, text: str) -> None:
        """Add a block below the current heading; nothing for an empty one."""
        if text.strip():
            self._blocks.append(text.rstrip())
            self._characters += len(text)
            if self._characters > MOST_CHARACTERS:
                raise too_long()

    def heading(self, level: int, text: str, anchor: str) -> None:
        """Begin a section at a heading of ``level`` 1 to 6; deeper ones before it end."""
        self._flush()
        while self._above and self._above[-1][0] >= level:
            self._above.pop()
        if text := one_line(text):
            self._above.append((level, text))
        self._anchor = anchor_of(anchor)

    def title(self) -> None:
        """Begin anew below the document's title."""
        self._flush()
        self._above.clear()
        self._anchor = ""

    def done(self) -> tuple[Section, ...]:
        """All sections that say something."""
        self._flush()
        return tuple(self.sections)

    def _flush(self) -> None:
        if self._blocks:
            trail = tuple(text for _, text in self._above)
            self.sections.append(
                Section(trail[-1] if trail else "", "\n\n".join(self._blocks), self._anchor, trail[:-1])
            )  # fmt: skip
            self._blocks.clear()
        if len(self.sections) > MOST_SECTIONS:
            raise UnreadableError("it has too many sections: give its parts by themselves")
