"""A card as a Slack message (UX.md). Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from adapters.slack.render import rich_text
from adapters.slack.render.elements import Piece, SlackMessage, buttons, fallback_of, is_whole, line, message, small
from adapters.slack.render.limits import Block, fits, one_line
from adapters.slack.render.rich_text import Span
from adapters.slack.render.sources import MOST_SOURCES, Source, closest_of, listed, openings, sources_of
from core.domain.cards import (
    SHARED_BY,
    ActionKind,
    Card,
    CardAction,
    CardKind,
    CardMark,
    CardSection,
    CardState,
    Notice,
)
from core.text.card_wording import SHOWN_CHARS, beginning, mark_words, marked_by_card, note_words, numbers_of
from core.text.catalogue import say

EVENT_TYPE = "vigil_card"
MOST_SECTIONS = 8
_ROOMS = (SHOWN_CHARS, 400, 150)
"""Characters of each answer: what is left of a card that has too many is behind `Show all`."""
_MOST_ASKED = 300
_MOST_NAME = 80
_TITLES = {
    CardKind.ANSWER: "title",
    CardKind.DRAFT: "draft_title",
    CardKind.LOOKUP: "lookup_title",
    CardKind.CORRECTION: "correction_title",
}
_SETTLED = frozenset({CardState.SENT, CardState.DISMISSED, CardState.ANSWERED_FIRST})
_TIME = "\x00"
_FENCE = "```"


def render_card(card: Card, now: datetime) -> SlackMessage:
    """Give the message of a card as it looks at ``now``; within Slack's limits whatever is on it."""
    numbers = numbers_of(card)
    texts = [marked_by_card(section.answer, numbers) for section in card.sections[:MOST_SECTIONS]]
    tries = [_pieces(card, texts, now, room) for room in _ROOMS]
    shown = next((pieces for pieces in tries if fits(piece.block for piece in pieces)), tries[-1])
    told = next((pieces for pieces in tries if is_whole(fallback_of(pieces))), tries[-1])
    return replace(message(shown, _metadata(card)), text=fallback_of(told))


def render_notice(notice: Notice, language: str) -> SlackMessage:
    """Give the message of a note to one person alone."""
    return message([_note(notice, language, SHOWN_CHARS)])


def _metadata(card: Card) -> Block | None:
    """Ids only: every app in the channel may read them. A look-up is posted to one person, where Slack keeps none."""
    if card.kind is CardKind.LOOKUP:
        return None
    return {"event_type": EVENT_TYPE, "event_payload": {"card": card.id, "session": card.session, "turn": card.turn}}


def _pieces(card: Card, texts: Sequence[str], now: datetime, room: int) -> list[Piece]:
    """The card from top to bottom; ``texts`` are its answers whole, of which each gets ``room`` characters."""
    title = small(say(card.language, _TITLES[card.kind]))
    if card.state is CardState.WITHDRAWN:
        return [title, *_withdrawn(card)]
    if card.state in _SETTLED:
        return [title, *_settled(card)]
    sources, several = sources_of(card), len(card.sections) > 1
    pieces = [title]
    for section, text in zip(card.sections, texts, strict=False):
        pieces.append(_answered(card, section, _shown(text, room), room))
        pieces += _verdict(card, section.answer.id) if several else []
    pieces += [_note(card.notice, card.language, room)] if card.notice else []
    pieces += listed(sources, say(card.language, "sources"), card.language, now)
    pieces += listed(closest_of(card), say(card.language, "closest"), card.language, now, titled=True)
    pieces += _marks(card, [m for m in card.marks if not several or not m.answer])
    is_cut = (
        any(len(text) > room for text in texts) or len(card.sections) > MOST_SECTIONS or len(sources) > MOST_SOURCES
    )
    return [*pieces, *_row(card, [*sources, *closest_of(card)], is_cut=is_cut), *_last_lines(card)]


def _answered(card: Card, section: CardSection, text: str, room: int) -> Piece:
    """An answer, with its question where it would not be clear which it answers."""
    elements = rich_text.elements_of(text) or [rich_text.section(Span("…"))]
    shared = card.notice is not None and card.notice.text == SHARED_BY  # it stands alone, away from its question
    if len(card.sections) == 1 and card.kind is not CardKind.DRAFT and not shared:
        return Piece(rich_text.block(elements), text)
    asked = one_line(section.asked, min(_MOST_ASKED, room)) or "…"
    return Piece(rich_text.block([rich_text.quote(asked), *elements]), f"> {asked}\n{text}")


def _shown(whole: str, room: int) -> str:
    """The beginning of an answer; a code block that is cut is closed."""
    text = beginning(whole, room)
    if text == whole:
        return whole
    return f"{text}\n```\n…" if text.count(_FENCE) % 2 else f"{text} …"


def _verdict(card: Card, answer: str) -> list[Piece]:
    """What happened to one of several answers, and its button."""
    actions = [(action, 0) for action in card.actions if action.target == answer]
    return [*_marks(card, [m for m in card.marks if m.answer == answer]), *buttons(actions, card.language)]


def _row(card: Card, sources: Sequence[Source], *, is_cut: bool) -> list[Piece]:
    """The last buttons: the only answer's own and the card's, then what opens a page."""
    answers = {section.answer.id for section in card.sections}
    several = len(card.sections) > 1
    own = [(action, 0) for action in card.actions if not (several and action.target in answers)]
    more = [(CardAction(ActionKind.SHOW_ALL, card.id), 0)] if is_cut else []
    return buttons([*own, *openings(sources), *more], card.language)


def _last_lines(card: Card) -> list[Piece]:
    lines = note_words(card)
    if card.why:
        lines = [say(card.language, "in_scope_because", why=one_line(card.why, _MOST_ASKED)), *lines]
    if (more := len(card.sections) - MOST_SECTIONS) > 0:
        lines = [say(card.language, "more_answers", count=more), *lines]
    return [small(*lines)] if lines else []


def _withdrawn(card: Card) -> list[Piece]:
    """What it said is behind a button that works for analysts."""
    marks = _marks(card, card.marks) or [line(Span(say(card.language, "withdrawn")))]
    shows = [(CardAction(ActionKind.SHOW_WITHDRAWN, card.id), 0)] if card.sections else []
    return [*marks, *buttons(shows, card.language)]


def _settled(card: Card) -> list[Piece]:
    """A draft that needs nobody any more: its questions and what became of it."""
    asked = [one_line(section.asked, _MOST_ASKED) or "…" for section in card.sections[:MOST_SECTIONS]]
    quotes = [Piece(rich_text.block([rich_text.quote(text)]), f"> {text}") for text in asked]
    marks = _marks(card, card.marks) or [line(Span(say(card.language, "answered_first")))]
    return [*quotes, *marks]


def _marks(card: Card, marks: Sequence[CardMark]) -> list[Piece]:
    return [line(*_mark(mark, card.language)) for mark in marks[-MOST_SECTIONS:]]


def _mark(mark: CardMark, language: str) -> list[Span]:
    """What happened, its time as the reader's own clock has it."""
    words = mark_words(mark, language, one_line(mark.by, _MOST_NAME), _TIME)
    before, stamped, after = words.partition(_TIME)
    time = [Span(f"{mark.at:%H:%M} UTC", at=mark.at)] if stamped else []
    return [Span(before), *time, Span(after)]


def _note(notice: Notice, language: str, room: int) -> Piece:
    return line(Span(beginning(say(language, notice.text, **dict(notice.values)), room)))
