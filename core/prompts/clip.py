"""What of a long dialogue a prompt shows: its last lines, and of a pasted log the beginning and the end."""

from collections.abc import Collection, Sequence

from core.domain.dialogue import Line
from core.domain.ids import MessageId

MOST_LINES = 200
MOST_CHARS = 4000
"""Caps on the lines of a dialogue and on the characters of one. Longer ones are logs, which cost time and say no more."""
HURRIED_CHARS = 60_000
UNHURRIED_CHARS = 240_000
"""Caps on the characters of a whole dialogue, some 17,000 and 67,000 tokens: while people wait, and while nobody does."""
_HEAD = 2600
_TAIL = 1300


def shortened(text: str) -> str:
    """Give the text, at most ``MOST_CHARS`` long: of a longer one its head and its tail, where the error mostly stands, and how
    much is missing between them."""
    if len(text) <= MOST_CHARS:
        return text
    return f"{text[:_HEAD]}\n[… {len(text) - _HEAD - _TAIL:,} characters left out …]\n{text[-_TAIL:]}"


def recent(
    lines: Sequence[Line], always: Collection[MessageId] = (), most_chars: int = HURRIED_CHARS
) -> tuple[Line, ...]:
    """Give the newest lines that the caps allow, oldest first, and of the older ones those that are ``always`` shown."""
    room, first = most_chars, len(lines)
    while first > max(0, len(lines) - MOST_LINES) and (room := room - len(shortened(lines[first - 1].text))) >= 0:
        first -= 1
    early = [line for line in lines[:first] if line.id in always]
    return (*early, *lines[first:])
