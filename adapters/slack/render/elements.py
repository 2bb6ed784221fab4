"""The few blocks that cards and pages are made of, each with what is read where blocks are not shown. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.slack.render import rich_text
from adapters.slack.render.limits import MOST_BUTTON, MOST_ELEMENTS, MOST_FALLBACK, MOST_VALUE, Block, cut
from adapters.slack.render.rich_text import Span, quiet
from core.domain.cards import ActionKind, CardAction
from core.text.catalogue import say

_PREFIX = "vigil"
_LABELS = {
    ActionKind.ACCEPT: "accept",
    ActionKind.UNDO_ACCEPT: "undo",
    ActionKind.OPEN_ENTRY: "open_entry",
    ActionKind.SHOW_ALL: "show_all",
    ActionKind.SHOW_WITHDRAWN: "show_withdrawn",
    ActionKind.SEND_DRAFT: "send_draft",
    ActionKind.EDIT_DRAFT: "edit_draft",
    ActionKind.DISMISS_DRAFT: "dismiss_draft",
    ActionKind.SHARE: "share",
    ActionKind.APPROVE: "approve",
    ActionKind.EDIT_ENTRY: "edit",
    ActionKind.REJECT: "reject",
    ActionKind.CONFIGURE: "config",
    ActionKind.POST_CORRECTION: "post_correction",
}
_FIRST_CHOICES = frozenset({ActionKind.ACCEPT, ActionKind.SEND_DRAFT, ActionKind.APPROVE})
_CUT = "\n…"
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """What is posted: ``text`` is read where blocks are not shown and holds all that they say; ``metadata`` names our ids."""

    text: str
    blocks: tuple[Block, ...] = ()
    metadata: Block | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A block and its words; buttons have none."""

    block: Block
    words: str = ""


def plain_text(text: str) -> Block:
    """A text object in which nothing has a meaning; it must not be empty."""
    return {"type": "plain_text", "text": quiet(text), "emoji": False}


def small(*lines: str) -> Piece:
    """Lines in small grey letters."""
    text = "\n".join(lines)
    return Piece({"type": "context", "elements": [plain_text(text)]}, text)


def line(*spans: Span) -> Piece:
    """A paragraph."""
    return Piece(rich_text.block([rich_text.section(*spans)]), "".join(span.plain for span in spans))


def buttons(actions: Sequence[tuple[CardAction, int]], language: str) -> list[Piece]:
    """A row of buttons, or none where there is no action. The number tells buttons of one kind apart."""
    elements = [_button(action, n, language) for action, n in actions[:MOST_ELEMENTS]]
    return [Piece({"type": "actions", "elements": elements})] if elements else []


def _button(action: CardAction, n: int, language: str) -> Block:
    kind = ActionKind(action.kind)
    label = cut(say(language, _LABELS[kind], n=n), MOST_BUTTON)
    made: Block = {
        "type": "button",
        "text": plain_text(label),
        "action_id": f"{_PREFIX}:{kind.value}:{n}",
        "value": action.target[:MOST_VALUE],
    }
    return {**made, "style": "primary"} if kind in _FIRST_CHOICES else made


def action_of(action_id: str) -> ActionKind | None:
    """Which action a clicked button of ours stands for; ``None`` for what is not ours."""
    ours = re.fullmatch(rf"{_PREFIX}:([a-z_]+):[0-9]+", action_id)
    return ActionKind(ours[1]) if ours and ours[1] in set(ActionKind) else None


def message(pieces: Sequence[Piece], metadata: Block | None = None) -> SlackMessage:
    """The pieces as one message."""
    return SlackMessage(fallback_of(pieces), tuple(piece.block for piece in pieces), metadata)


def fallback_of(pieces: Sequence[Piece]) -> str:
    """The words of the pieces where Slack reads its mark-up: escaped, so that no mention, broadcast or labelled link is in
    them."""
    words = "\n".join(piece.words for piece in pieces if piece.words)
    whole = quiet(words).translate(_ESCAPES)
    short = cut(whole, MOST_FALLBACK)
    return short if short == whole else re.sub(r"(?:&[a-z]{0,3})?…\Z", _CUT, short)


def is_whole(text: str) -> bool:
    """Whether nothing of a fallback was cut off."""
    return not text.endswith(_CUT)
