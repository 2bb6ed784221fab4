"""Buttons: part of a sentence or of a heading, or something to click beside the text."""

import re
from itertools import islice

from bs4.element import PageElement, Tag

from adapters.documents.html.measure import BLOCKS, HEADINGS, is_text

_QUESTIONS = frozenset({*HEADINGS, "summary", "dt"})
_SENTENCES = frozenset("p li dd td th figcaption blockquote".split())
_COPY = re.compile(r"\W*(?:copy|copied|复制)\b.{0,30}", re.IGNORECASE | re.DOTALL)
_NEAR = 20


def is_said(button: Tag) -> bool:
    """Whether its label is read with the text: it is a heading, as one that opens its answer at a click, or a cell, or it
    stands in a sentence: "Press [Save] and wait."."""
    if button.find_parent("pre") is not None:
        return False
    above = button.find_parent(list(BLOCKS))
    copies = _COPY.fullmatch(f"{button.get('aria-label') or ''} {button.get_text(' ')}".strip()) is not None
    if button.find_parent(list(_QUESTIONS)) is not None:
        return not copies or (above is not None and _is_all(button, above))
    if above is not None and above.name in ("td", "th") and not copies and _is_all(button, above):
        return True
    before, after = _speaks(button.previous_sibling), _speaks(button.next_sibling)
    if above is None or above.name not in _SENTENCES or copies:
        return before and after
    return before or after or any(_speaks(child) for child in islice(above.children, _NEAR))


def _is_all(button: Tag, of: Tag) -> bool:
    own = list(button.stripped_strings)
    return list(islice(of.stripped_strings, len(own) + 1)) == own


def _speaks(node: PageElement | None) -> bool:
    return node is not None and is_text(node) and re.search(r"\w", str(node)) is not None
