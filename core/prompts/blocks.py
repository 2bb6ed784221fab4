"""Dialogue, evidence and questions as prompt blocks.

What people wrote may look like anything, so each item of a block begins at the start of a line with its label, and all further
lines of its text are indented: nobody can write a line that reads as another's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Self

from core.domain.dialogue import Line, labels
from core.domain.ids import MessageId
from core.domain.knowledge import KnowledgeEntry, Passage
from core.domain.people import Role, RoleBasis
from core.domain.reviews import CitedEntry, GivenAnswer
from core.domain.tasks import Block
from core.prompts.clip import shortened

NOTHING_BEFORE = "(nothing before)"
NOTHING_KNOWN = "(nothing is known)"
NO_ANSWER = "(no answer)"
_INDENT = "  "
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Cast:
    """The labels of all messages of a task, as ``labels`` gives them, and who said each: ``presumed analyst``, ``bot 2``."""

    named: Mapping[MessageId, str]
    spoken: Mapping[MessageId, str]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Self:
        """Tell apart the authors of one role, in the order in which they speak."""
        authors: dict[str, list[str]] = {}
        for line in lines:
            known = authors.setdefault(_role(line), [])
            if line.author not in known:
                known.append(line.author)
        return cls(labels(lines), {line.id: _speaker(line, authors[_role(line)]) for line in lines})


def _role(line: Line) -> str:
    presumed = line.role is Role.ANALYST and line.basis is RoleBasis.PRESUMED
    return f"presumed {line.role}" if presumed else str(line.role)


def _speaker(line: Line, authors: Sequence[str]) -> str:
    n = authors.index(line.author) + 1
    return _role(line) if n == 1 else f"{_role(line)} {n}"


def dialogue_block(lines: Sequence[Line], shown: Sequence[Line], cast: Cast, label: str = "dialogue") -> Block:
    """One item per message with its label, time (UTC), speaker and pictures: those ``shown``, and how many are left out."""
    kept = {line.id for line in shown}
    items: list[str] = []
    for is_kept, group in groupby(lines, key=lambda line: line.id in kept):
        run = list(group)
        items += [_line(line, cast) for line in run] if is_kept else [f"({len(run)} older left out)"]
    return Block(label, "\n".join(items) or NOTHING_BEFORE)


def _line(line: Line, cast: Cast) -> str:
    said = f"({cast.named[line.id]}, {_moment(line.at)}, {cast.spoken[line.id]})"
    return _indented(f"{said}{_pictures(line)} {shortened(line.text)}".rstrip())


def _pictures(line: Line) -> str:
    if not line.pictures:
        return ""
    count = "1 picture" if line.pictures == 1 else f"{line.pictures} pictures"
    unseen = line.pictures - len(line.kept)
    return f" [{count}, {unseen} of them not here]" if unseen > 0 else f" [{count}]"


def _moment(at: datetime) -> str:
    at = at.astimezone(UTC) if at.tzinfo else at
    return f"{_WEEKDAYS[at.weekday()]} {at:%Y-%m-%d %H:%M} UTC"


def _indented(text: str) -> str:
    """One item: every line but the first indented, whatever ends a line."""
    first, *rest = text.splitlines() or [""]
    return "\n".join([first, *(f"{_INDENT}{line}".rstrip() for line in rest)])


def text_block(label: str, text: str) -> Block:
    """One text by itself, shortened."""
    return Block(label, _indented(shortened(text)))


def passages_block(passages: Sequence[Passage], label: str = "references") -> Block:
    """Numbered references, each with its title, age, question, conditions and text."""
    items = (_indented(f"[{n}] {_entry(p.entry)}") for n, p in enumerate(passages, start=1))
    return Block(label, "\n".join(items) or NOTHING_KNOWN)


def known_block(passages: Sequence[Passage], most: int, chars: int) -> Block:
    """What is known nearest to a burst, to see what it is about: the beginnings (``chars``) of the ``most`` best."""
    items = (_indented(f"[{n}] {_beginning(p.entry, chars)}") for n, p in enumerate(passages[:most], start=1))
    return Block("known", "\n".join(items) or NOTHING_KNOWN)


def _beginning(entry: KnowledgeEntry, chars: int) -> str:
    text = f"{entry.title}: {entry.question or entry.answer}"
    return text if len(text) <= chars else f"{text[:chars]}…"


def answers_block(answers: Sequence[GivenAnswer]) -> Block:
    """What the bot answered, when, and whether people saw it."""
    said = (f"({_moment(a.at)}, {'seen' if a.seen else 'not seen by anybody'}) {shortened(a.text)}" for a in answers)
    return Block("answers", "\n".join(_indented(one) for one in said) or NO_ANSWER)


def cited_block(cited: Sequence[CitedEntry]) -> Block:
    """Numbered references as they were used and, where they say something else now, as they are now."""
    return Block("references", "\n".join(_indented(_cited(one)) for one in cited) or NOTHING_KNOWN)


def _cited(one: CitedEntry) -> str:
    kind = "learned entry" if one.learned else "part of a document"
    now = f"\nas it is now: {_indented(_entry(one.now))}" if one.now else ""
    return f"[{one.n}] ({kind}) {_entry(one.entry)}{now}"


def _entry(entry: KnowledgeEntry) -> str:
    rows = [
        entry.title,
        _indented(f"question: {shortened(entry.question)}") if entry.question else "",
        f"conditions: {entry.conditions}" if entry.conditions else "",
        f"last changed: {entry.updated_at:%Y-%m-%d}",
        f"holds until: {_moment(entry.expires_at)}" if entry.expires_at else "",
        _indented(f"text: {shortened(entry.answer)}"),
    ]
    return "\n".join(row for row in rows if row)
