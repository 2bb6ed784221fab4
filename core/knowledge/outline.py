"""A document's sections as one Markdown text, and back: what the ledger keeps of a document.

A section begins with its heading, ``##`` for one at the top and a ``#`` more for each heading above it, and its anchor:
``### Object keys {#object-keys}``. Sections without text are left out, but their headings stand above those below them. Only
lines that would pass for a heading are escaped, by a backslash before them.
"""

import re
from collections.abc import Iterable, Sequence

from core.domain.documents import Section

_TOP = 2
_HEADING = re.compile(r"(#{2,})(?: (.*))?", re.DOTALL)
_ANCHOR = re.compile(r"(?:^| )\{#([^{}\s]*)\}$")
_LOOKS_LIKE_HEADING = re.compile(r"\\*#{2,}(?: |$)")
_ESCAPED = re.compile(r"\\+#{2,}(?: |$)")
_UNFIT = re.compile(r"[{}\s]+")
_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")


def written(sections: Iterable[Section]) -> str:
    """Give the sections as one text; read again they are as ``normal`` makes them."""
    pieces: list[str] = []
    above: tuple[str, ...] = ()
    for section in normal(sections):
        path = (*section.trail, section.heading)
        if pieces or path != ("",) or section.anchor:
            shared = _shared(above, section.trail)
            pieces += [_heading(depth, path[depth], "") for depth in range(shared, len(section.trail))]
            pieces.append(_heading(len(section.trail), section.heading, section.anchor))
            above = path
        pieces.append("\n".join(_escaped(line) for line in section.text.split("\n")))
    return "\n\n".join(pieces)


def read(text: str) -> tuple[Section, ...]:
    """Give the sections of a text that ``written`` gave; any other text is read as well as it goes."""
    found: list[Section] = []
    path: tuple[str, ...] = ("",)
    anchor, lines = "", list[str]()
    for line in text.split("\n"):
        heading = _HEADING.fullmatch(line)
        if heading is None:
            lines.append(line[1:] if _ESCAPED.match(line) else line)
            continue
        found.append(Section(path[-1], "\n".join(lines), anchor, path[:-1]))
        said, lines = heading[2] or "", []
        named = _ANCHOR.search(said)
        anchor, said = (named[1], said[: named.start()]) if named else ("", said)
        path = (*path[: len(heading[1]) - _TOP], said)
    found.append(Section(path[-1], "\n".join(lines), anchor, path[:-1]))
    return normal(found)


def normal(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections that have text, as they are kept: headings on one line, anchors without blanks and braces, no blank lines at
    the ends of a text."""
    kept = (Section(_line(s.heading), _text(s.text), _anchor(s.anchor), tuple(map(_line, s.trail))) for s in sections)
    return tuple(section for section in kept if section.text)


def _shared(above: Sequence[str], trail: Sequence[str]) -> int:
    """How many headings of a trail stand above already."""
    same = [one == other for one, other in zip(above, trail, strict=False)]
    return same.index(False) if False in same else len(same)


def _heading(depth: int, heading: str, anchor: str) -> str:
    named = f"{{#{anchor}}}" if anchor or _ANCHOR.search(heading) else ""
    return " ".join(part for part in ("#" * (depth + _TOP), heading, named) if part)


def _escaped(line: str) -> str:
    return f"\\{line}" if _LOOKS_LIKE_HEADING.match(line) else line


def _line(text: str) -> str:
    return " ".join(text.split())


def _anchor(anchor: str) -> str:
    return _UNFIT.sub("-", anchor.strip())


def _text(text: str) -> str:
    lines = _BREAKS.sub("\n", text).split("\n")
    kept = [n for n, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[kept[0] : kept[-1] + 1]) if kept else ""
