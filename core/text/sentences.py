"""Chat text as sentences, with code, links, versions and abbreviations left whole. Pure, linear in the text."""

import re
from dataclasses import dataclass

_PROTECTED = re.compile(r"```.*?(?:```|$)|`[^`\n]*`|https?://[^\s<>]+", re.DOTALL)
_END = re.compile(r"[.!?…]+[\"')\]]*(?=\s)|[。！？；]+[”’」』）]*|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|cf|no|st|dr|mr|ms|mrs|fig|resp|incl|max|min)|\b[A-Za-z])\.$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands: ``text == whole[start:end]``, without blanks at its ends."""

    text: str
    start: int
    end: int


def sentences(text: str) -> list[Sentence]:
    """Split at sentence ends and line breaks; a fenced code block stays in one piece."""
    protected = [m.span() for m in _PROTECTED.finditer(text)]
    found: list[Sentence] = []
    begin = shield = 0
    for match in _END.finditer(text):
        while shield < len(protected) and protected[shield][1] <= match.start():
            shield += 1
        if shield < len(protected) and protected[shield][0] <= match.start():
            continue
        if match.group()[0] == "." and _ABBREVIATION.search(text, max(begin, match.start() - 8), match.start() + 1):
            continue
        _append(found, text, begin, match.end())
        begin = match.end()
    _append(found, text, begin, len(text))
    return found


def _append(found: list[Sentence], text: str, begin: int, end: int) -> None:
    piece = text[begin:end]
    stripped = piece.strip()
    if stripped:
        start = begin + len(piece) - len(piece.lstrip())
        found.append(Sentence(stripped, start, start + len(stripped)))
