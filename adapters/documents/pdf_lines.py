"""The lines of a PDF's pages put right: what stands on every page goes, words and paragraphs that lines broke are joined."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from adapters.documents.outline import paragraph, seen

EDGE_LINES = 2
"""At the top and at the bottom of a page, where what is repeated is looked for."""
REPEATED_SHARE = 0.5
SIDE_SHARE = 0.75
"""Of the left pages, or of the right ones: books name the chapter on one and themselves on the other, and on no title page."""
FEWEST_PAGES = 3
SHORT_SHARE = 0.75
"""A line shorter than this share of the usual one, at a sentence's end, ends a paragraph."""
_PAGE_NUMBER = re.compile(r"(?:page\s+|seite\s+|第\s*)?[ivxlc\d]{1,5}(?:\s*(?:/|of|von|页|頁).{0,8})?", re.IGNORECASE)
_ITEM = re.compile(r"(?:[•◦▪●○■–—*]|-(?=\s)|\(?\d{1,2}[.)](?=\s)|[a-z][.)](?=\s))\s*")
_BULLET = re.compile(r"^[•◦▪●○■*]\s*")
_ENDS = (".", "!", "?", ":", "。", "！", "？", "：", ";", "…")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uff65\u3000-\u303f]")
_LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"})


def mended(text: str) -> list[str]:
    """A page's lines, without what is not seen."""
    lines = (" ".join(line.split()) for line in seen(text.translate(_LIGATURES).replace("\r", "\n")).split("\n"))
    return [line for line in lines if line]


def without_running_lines(pages: Sequence[list[str]]) -> list[list[str]]:
    """The pages without headers, footers and page numbers: lines at an edge which, numbers apart, half of the pages have, or
    most of the left or of the right ones."""
    running = _running(pages, REPEATED_SHARE)
    for side in (pages[::2], pages[1::2]):
        running |= _running(side, SIDE_SHARE)
    return [_cut(lines, running) for lines in pages]


def _running(pages: Sequence[list[str]], share: float) -> frozenset[str]:
    seen_on = Counter(form for lines in pages for form in {_form(lines[n]) for n in _edges(lines)})
    least = max(FEWEST_PAGES, share * len(pages))
    return frozenset(form for form, count in seen_on.items() if count >= least)


def _edges(lines: Sequence[str]) -> set[int]:
    """The places of the lines at the top and at the bottom."""
    return {*range(len(lines))[:EDGE_LINES], *range(len(lines))[-EDGE_LINES:]}


def _form(line: str) -> str:
    return re.sub(r"\d+", "#", line.lower())


def _cut(lines: list[str], running: frozenset[str]) -> list[str]:
    """Without the lines at the edges that run, also behind one that does not, such as a chapter's name; page numbers go where
    nothing else is outside them."""
    edges = _edges(lines)
    left = [line for n, line in enumerate(lines) if n not in edges or _form(line) not in running]
    first, last = 0, len(left)
    while first < min(EDGE_LINES, last) and _PAGE_NUMBER.fullmatch(left[first]):
        first += 1
    while last > max(first, len(left) - EDGE_LINES) and _PAGE_NUMBER.fullmatch(left[last - 1]):
        last -= 1
    return left[first:last]


def paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Lines as paragraphs: a new one begins at an item of a list and after a short line that ends a sentence."""
    usual = median(map(len, lines)) if lines else 0
    parts: list[str] = []
    for line in lines:
        ends = bool(parts) and parts[-1].endswith(_ENDS) and len(parts[-1]) < SHORT_SHARE * usual
        if parts and (ends or _ITEM.match(line)):
            yield _joined(parts)
            parts = []
        parts.append(line)
    if parts:
        yield _joined(parts)


def _joined(lines: Sequence[str]) -> str:
    """The lines as one; a word that a hyphen broke is whole again when it goes on in lower case."""
    text = lines[0]
    for line in lines[1:]:
        if re.search(r"[^\W\d_]-$", text) and line[:1].islower():
            text = text[:-1] + line
        elif _CJK.match(text[-1]) and _CJK.match(line[0]):
            text += line
        else:
            text = f"{text} {line}"
    return paragraph(_BULLET.sub("- ", text))
