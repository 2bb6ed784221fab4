"""How much Slack takes, and cutting to it. Lengths are in UTF-16 units, the strictest way that Slack may count."""

import json
from collections.abc import Iterable, Iterator

from core.text.printable import printable

Block = dict[str, object]

MOST_BLOCKS = 50
MOST_VIEW_BLOCKS = 100
MOST_ELEMENTS = 25
MOST_BUTTON = 75
MOST_VALUE = 2_000
MOST_URL = 3_000
MOST_TITLE = 24
MOST_RUN = 2_500
"""Of one piece of rich text; a section takes 3,000, rich text says no number."""
MOST_PACKED = 100
"""Of pieces in one block or list; Slack says no number."""
MOST_VISIBLE = 9_500
"""Of a whole message: refusals have been seen from about 11,300 with rich text, Slack documents no number."""
MOST_FALLBACK = 3_900
"""Of ``text``: `chat.update` refuses more than 4,000."""
MOST_VIEW_BYTES = 200_000
"""Of a view, of 250 KB."""


def characters(text: str) -> int:
    """Give the length in UTF-16 units."""
    return len(text.encode("utf-16-le", "replace")) // 2


def cut(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis, at most ``most`` UTF-16 units long."""
    if characters(text) <= most:
        return text
    return text.encode("utf-16-le", "replace")[: 2 * (most - 1)].decode("utf-16-le", "ignore").rstrip() + "…"


def one_line(text: str, most: int) -> str:
    """The text on one line, printable, at most ``most`` long."""
    return cut(" ".join(printable(text).split()), most)


def runs(text: str, most: int = MOST_RUN) -> Iterator[str]:
    """The text in pieces of at most ``most`` UTF-16 units, broken at lines where they are shorter."""
    piece = ""
    for line in text.splitlines(keepends=True):
        if piece and characters(piece) + characters(line) > most:
            yield piece
            piece = ""
        while characters(line) > most:
            head = line.encode("utf-16-le", "replace")[: 2 * most].decode("utf-16-le", "ignore")
            yield head
            line = line[len(head) :]  # noqa: PLW2901  # what is left of it
        piece += line
    if piece:
        yield piece


def visible(value: object) -> int:
    """How many UTF-16 units of text a block, or a list of them, shows."""
    match value:
        case dict():
            own = sum(characters(text) for key in ("text", "fallback") if isinstance(text := value.get(key), str))
            return own + sum(visible(inner) for inner in value.values() if isinstance(inner, dict | list | tuple))
        case list() | tuple():
            return sum(visible(inner) for inner in value)
        case _:
            return 0


def packed(pieces: Iterable[Block]) -> Iterator[list[Block]]:
    """Pieces of rich text in as few groups as hold them, in order; a group shows at most ``MOST_RUN`` or one piece."""
    pack: list[Block] = []
    used = 0
    for piece in pieces:
        size = visible(piece)
        if pack and (used + size > MOST_RUN or len(pack) == MOST_PACKED):
            yield pack
            pack, used = [], 0
        pack.append(piece)
        used += size
    if pack:
        yield pack


def fits(blocks: Iterable[Block]) -> bool:
    """Whether Slack takes these as one message."""
    listed = list(blocks)
    return len(listed) <= MOST_BLOCKS and visible(listed) <= MOST_VISIBLE


def size_bytes(block: Block) -> int:
    """How many bytes a block takes on its way, escapes of JSON included."""
    return len(json.dumps(block)) + 2
