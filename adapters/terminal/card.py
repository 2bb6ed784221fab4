"""A card as plain text (UX.md, the answer card)."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from adapters.terminal.plain import columns, one_line, wrap
from core.domain.answers import Citation
from core.domain.cards import Card, CardKind, CardMark, CardState
from core.domain.ids import EntryId
from core.domain.people import Role
from core.text.card_wording import SHOWN_CHARS, age, beginning, mark_words, note_words, numbers_of, read_age
from core.text.catalogue import day, last_held, say

WIDTH = 96
_TITLES = {
    CardKind.ANSWER: "title",
    CardKind.DRAFT: "draft_title",
    CardKind.LOOKUP: "lookup_title",
    CardKind.CORRECTION: "correction_title",
}
_CLOSED = frozenset({CardState.WITHDRAWN, CardState.SENT, CardState.DISMISSED, CardState.ANSWERED_FIRST})
_BUTTONS = ("accept", "send_draft", "dismiss_draft")
"""Those that ``vigil chat`` has a command for."""
NO_MARKS: Mapping[EntryId, str] = MappingProxyType({})


def render(
    card: Card, now: datetime, width: int = WIDTH, *, posted: bool = True, marks: Mapping[EntryId, str] = NO_MARKS
) -> str:
    """Give the card's lines, without a box. ``posted`` draws it as a chat shows it: long answers cut, with its buttons.
    ``marks`` say of entries who alone may see them, behind their source lines."""
    lines = [say(card.language, _TITLES[card.kind])]
    if posted and card.state in _CLOSED:
        return "\n".join(lines + _closed(card, width))
    numbers = numbers_of(card)
    sources: list[str] = []
    for section in card.sections:
        if len(card.sections) > 1 or card.kind is CardKind.DRAFT:
            lines += ["> " + one_line(section.asked, width - 2)]
        renumber = {c.n: numbers[c.entry, c.revision] for c in section.answer.citations}
        text = " ".join(f"{c.text} {''.join(f'[{renumber[n]}]' for n in c.cites)}" for c in section.answer.claims)
        lines += wrap(shortened(text, card.language) if posted else text, width)
        for c in section.answer.citations:
            sources.append(source_line(c, renumber[c.n], card.language, now) + _marked(c, marks))
    lines += _instead(card, now, width, marks)
    if sources:
        lines += ["", *_sources(card.language, list(dict.fromkeys(sources)), width)]
    lines += _state(card, posted)
    if card.why:
        lines += wrap(say(card.language, "in_scope_because", why=one_line(card.why, 3 * width)), width)
    lines += note_words(card)
    return "\n".join(lines)


def _marked(citation: Citation, marks: Mapping[EntryId, str]) -> str:
    return f" · {marks[citation.entry]}" if citation.entry in marks else ""


def _closed(card: Card, width: int) -> list[str]:
    """What is left of a card that was withdrawn, or of a draft that needs nobody any more."""
    marks = [_mark(mark, card.language, undoable=False) for mark in card.marks]
    if card.state is CardState.WITHDRAWN:
        shows = [f"[ {say(card.language, 'show_withdrawn')} ]"] if card.sections else []
        return [*(marks or [say(card.language, "withdrawn")]), *shows]
    asked = ["> " + one_line(section.asked, width - 2) for section in card.sections]
    return [*asked, *(marks or [say(card.language, "answered_first")])]


def shortened(text: str, language: str) -> str:
    """The text cut at a sentence where it is longer than a card shows."""
    if len(text) <= SHOWN_CHARS:
        return text
    return f"{beginning(text, SHOWN_CHARS)} … [{say(language, 'show_all')}]"


def source_line(citation: Citation, number: int, language: str, now: datetime) -> str:
    """One source: where it is from, the beginning of an entry's id (``vigil kb show`` opens it), how old, how often confirmed,
    until when it holds."""
    if citation.kind == "qa":
        name = say(language, "own_fix_source" if citation.taught_by is Role.REQUESTER else "qa_source")
        name += f" · {citation.entry[:8]}"
    else:
        name = f"{citation.title} · {read_age(citation, language, now)}"
        return f"[{number}] {name}" + (f" · {citation.url}" if citation.url.startswith(("http://", "https://")) else "")
    parts = [name, age(citation, language, now)]
    if citation.expires_at:
        parts.append(say(language, "valid_until", day=day(last_held(citation.expires_at), language)))
    return f"[{number}] " + " · ".join(parts)


def _sources(language: str, sources: list[str], width: int) -> list[str]:
    label = say(language, "sources")
    room = width - columns(label) - 2
    lines = [line if first else f"    {line}" for source in sources for first, line in _lines(source, room)]
    return [f"{label if i == 0 else ' ' * columns(label)}  {line}" for i, line in enumerate(lines)]


def _lines(source: str, room: int) -> list[tuple[bool, str]]:
    """A source on as many lines as it needs, the further ones four columns in."""
    return (
        [(i == 0, line) for i, line in enumerate(wrap(source, room - 4))]
        if columns(source) > room
        else [(True, source)]
    )


def _instead(card: Card, now: datetime, width: int, marks: Mapping[EntryId, str]) -> list[str]:
    if card.notice is None:
        return []
    lines = wrap(say(card.language, card.notice.text, **dict(card.notice.values)), width)
    if card.closest:
        lines += [] if card.notice.text == "found" else [say(card.language, "closest")]
        lines += [
            f"[{c.n}] {one_line(c.title, 60)} · {source_line(c, c.n, card.language, now).split(' · ', 1)[-1]}"
            + _marked(c, marks)
            for c in card.closest
        ]
    return lines


def _state(card: Card, posted: bool) -> list[str]:
    """What happened to the card, and what can be clicked on it."""
    lines = [_mark(mark, card.language, posted and bool(card.actions)) for mark in card.marks]
    if card.state is CardState.WITHDRAWN and not lines:
        return [say(card.language, "withdrawn")]
    kinds = dict.fromkeys(action.kind for action in card.actions if action.kind in _BUTTONS) if posted else ()
    buttons = "  ".join(f"[ {say(card.language, kind)} ]" for kind in kinds)
    return [*lines, buttons] if buttons else lines


def _mark(mark: CardMark, language: str, undoable: bool) -> str:
    text = mark_words(mark, language, one_line(mark.by, 40), f"{mark.at:%H:%M}")
    return f"{text} · {say(language, 'undo')}" if undoable and mark.state is CardState.ACCEPTED else text
