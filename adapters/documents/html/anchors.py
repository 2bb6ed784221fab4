"""Where a heading can be opened: the id that it, its link, something in it, or what it begins has."""

import re

from bs4.element import PageElement, Tag

from adapters.documents.html.inline import is_permalink
from adapters.documents.html.measure import is_text

_HIGHEST = 4
_SECTIONS = frozenset("section div article header hgroup li dt details".split())


def anchor_at(heading: Tag) -> str:
    """The id behind which the heading is found on the page; empty when none is near."""
    return _own(heading) or _before(heading) or _around(heading)


def names_itself(heading: Tag, text: str) -> bool:
    """Whether it is a heading of a text, whose anchor a link in it shows or is made from its words, as generators do; a
    banner's heading has at most a name."""
    if isinstance(heading.find(is_permalink) or _beside(heading), Tag):
        return True
    name, words = _letters(anchor_at(heading)), _letters(text)
    return bool(name and words) and (name in words or words in name)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


def _own(heading: Tag) -> str:
    link = heading.find(is_permalink) or _beside(heading)
    if isinstance(link, Tag):
        return str(link["href"])[1:]
    if found := _name(heading):
        return found
    return _within(heading)


def _within(tag: Tag) -> str:
    inner = tag.find(lambda below: bool(_name(below)))
    return _name(inner) if isinstance(inner, Tag) else ""


def _beside(heading: Tag) -> Tag | None:
    """The link next to a heading, as code hosts put it."""
    after = heading.next_sibling
    while after is not None and is_text(after) and not str(after).strip():
        after = after.next_sibling
    return after if isinstance(after, Tag) and is_permalink(after) else None


def _before(heading: Tag) -> str:
    """An empty ``<a name>`` right before it."""
    before = _previous(heading)
    while isinstance(before, Tag) and _is_empty(before) and before.name in ("a", "p", "span", "div"):
        if found := _name(before) or _within(before):
            return found
        before = _previous(before)
    return ""


def _around(heading: Tag) -> str:
    """The id of what begins with this heading."""
    inner, outer = heading, heading.parent
    for _ in range(_HIGHEST):
        if outer is None or outer.name not in _SECTIONS or not _begins(inner):
            return ""
        if found := _name(outer):
            return found
        inner, outer = outer, outer.parent
    return ""


def _begins(tag: Tag) -> bool:
    before = _previous(tag)
    while isinstance(before, Tag) and _is_empty(before):
        before = _previous(before)
    return before is None


def _previous(tag: PageElement) -> PageElement | None:
    """What stands before, but for white space and comments."""
    before = tag.previous_sibling
    while before is not None and not isinstance(before, Tag) and not (is_text(before) and str(before).strip()):
        before = before.previous_sibling
    return before


def _is_empty(tag: Tag) -> bool:
    return next(tag.stripped_strings, None) is None


def _name(tag: Tag) -> str:
    own = tag.get("id") or (tag.get("name") if tag.name == "a" else "")
    return str(own or "")
