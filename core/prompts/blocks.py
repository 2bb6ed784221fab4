"""Dialogue, evidence and questions as prompt blocks."""

from collections.abc import Sequence

from core.domain.knowledge import Passage
from core.domain.tasks import Block, Line


def dialogue_block(lines: Sequence[Line], label: str = "dialogue") -> Block:
    """One line per message, labelled with time and role."""
    return Block(label, "\n".join(_line(line) for line in lines))


def _line(line: Line) -> str:
    pictures = f" [{line.pictures} picture(s)]" if line.pictures else ""
    return f"({line.id} {line.at:%Y-%m-%d %H:%M} {line.role}){pictures} {line.text}"


def passages_block(passages: Sequence[Passage], label: str = "references") -> Block:
    """Numbered references, each with its title, conditions and text."""
    return Block(label, "\n\n".join(_passage(n, passage) for n, passage in enumerate(passages, start=1)))


def _passage(n: int, passage: Passage) -> str:
    entry = passage.entry
    conditions = f"\nconditions: {entry.conditions}" if entry.conditions else ""
    return f"[{n}] {entry.title}{conditions}\n{entry.answer}"
