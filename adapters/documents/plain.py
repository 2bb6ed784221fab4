"""Plain text: paragraphs, with the headings that are obvious because they are underlined or numbered."""

import re
from collections.abc import Iterator

from adapters.documents.outline import Draft, Outline, fenced, one_line, paragraph

_UNDERLINE = re.compile(r"([=\-~^*#\"+])\1{2,}\s*")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?[ \t]+([^\W\d_].{0,78})")
_ENDS_SENTENCE = tuple(".,;:!?。，；：！？")
HEADING_CHARACTERS = 100
Chunk = list[str]


def plain_draft(text: str) -> Draft:
    """Take a text apart; its title is the first line where that is a heading, else empty."""
    chunks = list(_chunks(text.expandtabs(8).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")))
    outline, styles, title = Outline(), _Styles(), ""
    numbered = sum(1 for chunk in chunks if _is_numbered(chunk)) >= 2
    for n, chunk in enumerate(chunks):
        rest = chunk
        if (found := _underlined(chunk)) is not None:
            name, style, rest = found
            if n == 0 and not title:
                title, _ = name, styles.level(style)
            else:
                outline.heading(styles.level(style), name, "")
        elif numbered and _is_numbered(chunk):
            outline.heading(1 + chunk[0].split()[0].rstrip(".").count(".") + bool(title), chunk[0].strip(), "")
            rest = []
        outline.block(_block(rest))
    return Draft(one_line(title), outline.done())


class _Styles:
    """Underlines in the order in which they come are levels."""

    def __init__(self) -> None:
        self._known: list[str] = []

    def level(self, style: str) -> int:
        if style not in self._known:
            self._known.append(style)
        return min(6, 1 + self._known.index(style))


def _chunks(text: str) -> Iterator[Chunk]:
    """Runs of lines without an empty one between."""
    chunk: Chunk = []
    for line in text.split("\n"):
        if line.strip():
            chunk.append(line.rstrip())
        elif chunk:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _underlined(chunk: Chunk) -> tuple[str, str, Chunk] | None:
    """A heading, the mark below it, and the lines after; a line above it as well is part of the heading."""
    over = len(chunk) > 2 and _UNDERLINE.fullmatch(chunk[0]) and chunk[0] == chunk[2]
    lines = chunk[1:] if over else chunk
    if len(lines) < 2 or len(lines[0]) > HEADING_CHARACTERS or not re.search(r"\w", lines[0]):
        return None
    mark = _UNDERLINE.fullmatch(lines[1])
    if mark is None or len(lines[1].strip()) < min(len(lines[0].strip()) // 2, 40):
        return None
    return lines[0].strip(), mark[1] + ("2" if over else ""), lines[2:]


def _is_numbered(chunk: Chunk) -> bool:
    return len(chunk) == 1 and bool(_NUMBERED.fullmatch(chunk[0])) and not chunk[0].endswith(_ENDS_SENTENCE)


def _block(lines: Chunk) -> str:
    """A paragraph with its lines, or code where every line is indented."""
    if lines and all(line.startswith("    ") for line in lines):
        margin = min(len(line) - len(line.lstrip()) for line in lines)
        return fenced("\n".join(line[margin:] for line in lines))
    return paragraph("\n".join(line.strip() for line in lines))
