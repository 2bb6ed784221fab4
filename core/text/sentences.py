"""Chat text as sentences, English and Chinese, with code, links, versions and abbreviations left whole. Pure, linear."""

import re
from dataclasses import dataclass

_WHOLE = re.compile(
    r"```.*?(?:```|\Z)"  # a code block, also one that is cut off
    r"|`[^`\n]*`"
    r"|<(?:https?://|mailto:|[@#!])[^<>\n]*>"  # a link or mention with its label
    r"|https?://[!-;=?-~]*[/#=\w~-]",  # a bare address: its full stop belongs to the sentence
    re.DOTALL | re.ASCII,
)
_END = re.compile(r"(?<![.!?…])(?:[.!?]++|…++)[\"'”’)\]]*+(?=\s)|(?<![。！？；!?])[。！？；!?]++[”’」』）)\"]*+|\n")
_CLOSES_ALWAYS = frozenset("。！？；\n")
_LONGEST_ABBREVIATION = 12
_ABBREVIATION = re.compile(
    r"(?:(?<![A-Za-z])(?i:e\.g|i\.e|a\.k\.a|vs|approx|cf|ca|dr|mr|ms|mrs|prof|figs?|eq|sec|resp|incl|excl|esp|dept)"
    r"|(?:^|(?<=[\s(]))[A-Z](?:\.[A-Z])*"  # J. Smith, U.S.
    r"|\A[ \t>*•-]{0,8}[0-9]{1,3})\.\Z",  # 1. the first item of a list
)
_MAYBE = re.compile(r"(?<![A-Za-z])(?:etc|inc|ltd|co|corp|no|nos|st|max|min|a\.m|p\.m|ver)\.\Z", re.IGNORECASE)
"""Abbreviations that also end sentences: they do when a capital letter or Chinese follows."""

_GOES_ON = re.compile(r"[ \t]+[a-z0-9#(]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands: ``text == whole[start:end]``, without blanks at its ends."""

    text: str
    start: int
    end: int


def sentences(text: str) -> list[Sentence]:
    """Gives the sentences in order; together they hold every character that is not blank.

    Line breaks, and so the items of a list, end sentences; a fenced code block, even of many lines, is never broken.
    """
    whole = [match.span() for match in _WHOLE.finditer(text)]
    found: list[Sentence] = []
    begin = shield = 0
    for mark in _END.finditer(text):
        while shield < len(whole) and whole[shield][1] <= mark.start():
            shield += 1
        if shield < len(whole) and whole[shield][0] <= mark.start():
            continue
        if _closes(text, begin, mark):
            _append(found, text, begin, mark.end())
            begin = mark.end()
    _append(found, text, begin, len(text))
    return found


def _closes(text: str, begin: int, mark: re.Match[str]) -> bool:
    """A full stop, question mark or ellipsis closes a sentence unless what stands around it says otherwise."""
    if mark[0][0] in _CLOSES_ALWAYS:
        return True
    if mark[0][0] in "!?":
        return mark.end() == len(text) or not text[mark.end()].isascii() or text[mark.end()].isspace()
    if mark[0] != ".":
        return not (mark[0].startswith(("..", "…")) and _GOES_ON.match(text, mark.end()))
    tail = text[max(begin, mark.start() - _LONGEST_ABBREVIATION) : mark.start() + 1]
    if _ABBREVIATION.search(tail):
        return False
    return not (_MAYBE.search(tail) and _GOES_ON.match(text, mark.end()))


def _append(found: list[Sentence], text: str, begin: int, end: int) -> None:
    piece = text[begin:end]
    stripped = piece.strip()
    if stripped:
        start = begin + len(piece) - len(piece.lstrip())
        found.append(Sentence(stripped, start, start + len(stripped)))
