"""Dialogue, evidence and questions as prompt blocks."""

from collections.abc import Mapping, Sequence

from core.domain.ids import MessageId
from core.domain.knowledge import KnowledgeEntry, Passage
from core.domain.reviews import CitedEntry, GivenAnswer
from core.domain.tasks import Block, Line


def dialogue_block(lines: Sequence[Line], named: Mapping[MessageId, str], label: str = "dialogue") -> Block:
    """One line per message with its label of ``named``, time (UTC) and role."""
    return Block(label, "\n".join(_line(line, named[line.id]) for line in lines))


def _line(line: Line, name: str) -> str:
    pictures = f" [{line.pictures} picture(s)]" if line.pictures else ""
    return f"({name} {line.at:%Y-%m-%d %H:%M} {line.role}){pictures} {indented(line.text)}"


def indented(text: str) -> str:
    """A text of many lines of which only the first begins at the margin: none can pass for a line or reference of ours."""
    return "\n  ".join(text.splitlines())


def passages_block(passages: Sequence[Passage], label: str = "references") -> Block:
    """Numbered references, each with its title, conditions and text."""
    return Block(label, "\n\n".join(_passage(n, passage) for n, passage in enumerate(passages, start=1)))


def _passage(n: int, passage: Passage) -> str:
    entry = passage.entry
    conditions = f"\nconditions: {indented(entry.conditions)}" if entry.conditions else ""
    return f"[{n}] {indented(entry.title)}{conditions}\n{indented(entry.answer)}"


def answers_block(answers: Sequence[GivenAnswer]) -> Block:
    """What the bot answered, and whether people saw it."""
    said = [
        f"({a.at:%Y-%m-%d %H:%M}, {'seen' if a.seen else 'not seen by anybody'}) {indented(a.text)}" for a in answers
    ]
    return Block("answers", "\n".join(said))


def cited_block(cited: Sequence[CitedEntry]) -> Block:
    """Numbered references as they were used and, where they say something else now, as they are now."""
    return Block("references", "\n\n".join(_cited(one) for one in cited))


def _cited(one: CitedEntry) -> str:
    kind = "learned entry" if one.learned else "part of a document"
    now = f"\nas it is now: {_entry(one.now)}" if one.now else ""
    return f"[{one.n}] ({kind}) {_entry(one.entry)}{now}"


def _entry(entry: KnowledgeEntry) -> str:
    question = f"\nquestion: {indented(entry.question)}" if entry.question else ""
    conditions = f"\nconditions: {indented(entry.conditions)}" if entry.conditions else ""
    return f"{indented(entry.title)}{question}{conditions}\n{indented(entry.answer)}"
