"""A page's elements as blocks of Markdown, in their order."""

import re
from collections.abc import Iterable, Sequence
from typing import Protocol

from bs4.element import PageElement, Tag

from adapters.documents.html.anchors import anchor_at
from adapters.documents.html.code import code_block
from adapters.documents.html.inline import line_of, plain_of
from adapters.documents.html.measure import BLOCKS, HEADINGS, Measures
from adapters.documents.html.noise import is_noise, is_noise_heading, is_step, names_contents
from adapters.documents.html.tables import caption_of, is_layout, markdown_table
from adapters.documents.outline import Blocks, paragraph

DEEPEST = 60
LONG_LIST_CHARACTERS = 1_500
_LISTS = frozenset({"ul", "ol", "menu", "dir"})


class Sink(Protocol):
    """What takes blocks and headings."""

    def block(self, text: str) -> None:
        """Take a block."""

    def heading(self, level: int, text: str, anchor: str) -> None:
        """Take a heading."""


class Flow:
    """Puts what is below an element into a sink. ``title`` is the heading that names the page: it is put nowhere.
    What a site says in its own name is left out where the page was ``served``."""

    def __init__(self, measures: Measures, title: Tag | None, *, served: bool = True) -> None:
        self._measures, self._title, self._served = measures, title, served

    def into(self, sink: Sink, parent: Tag, depth: int = 0) -> None:
        """Each block below ``parent``; what stands between two blocks is a paragraph."""
        run: list[PageElement] = []
        for child in list(parent.children):
            if isinstance(child, Tag) and (child.name in BLOCKS or self._measures.of(child).blocks):
                self._paragraph(sink, run)
                run = []
                self._block(sink, child, depth + 1)
            else:
                run.append(child)
        self._paragraph(sink, run)

    def _block(self, sink: Sink, tag: Tag, depth: int) -> None:
        measure = self._measures.of(tag)
        if depth > DEEPEST:
            sink.block(paragraph(plain_of(tag)))
        elif tag.name in HEADINGS:
            self._heading(sink, tag)
        elif tag.name == "pre":
            sink.block(code_block(tag))
        elif tag.name in _LISTS and not measure.headings:
            self._list(sink, tag, depth)
        elif tag.name == "dl" and not measure.headings:
            self._definitions(sink, tag, depth)
        elif tag.name == "table" and not is_layout(tag, self._measures):
            sink.block(paragraph(caption_of(tag)))
            sink.block(markdown_table(tag))
        elif tag.name == "blockquote" and not measure.headings:
            inner = self._inside(tag, depth)
            sink.block("\n".join(f"> {line}".rstrip() for line in "\n\n".join(inner).splitlines()))
        elif not (self._served and tag.name == "a" and is_step(tag)):
            self.into(sink, tag, depth)

    def _heading(self, sink: Sink, tag: Tag) -> None:
        if tag is self._title:
            return
        text = line_of(tag.children)
        anchor = anchor_at(tag)
        if text and (anchor or not self._served or not _is_sites(tag, text)):
            sink.heading(HEADINGS[tag.name], text, anchor)

    def _paragraph(self, sink: Sink, run: Sequence[PageElement]) -> None:
        text = line_of(run)
        sites = self._served and is_noise(run, text, listed=isinstance(sink, Blocks))
        if re.search(r"\w", text) and not sites and not (names_contents(text) and _leads_contents(run[-1])):
            sink.block(paragraph(text))

    def _inside(self, tag: Tag, depth: int) -> list[str]:
        inner = Blocks()
        self.into(inner, tag, depth)
        return inner.found

    def _list(self, sink: Sink, tag: Tag, depth: int) -> None:
        if _is_contents(tag):
            return
        start = str(tag.get("start", "1"))
        number = int(start) if tag.name == "ol" and re.fullmatch(r"\d{1,6}", start) else 1
        items: list[list[str]] = []
        for child in tag.find_all(True, recursive=False):
            found = self._inside(child, depth) if child.name not in _LISTS else self._nested(child, depth)
            if child.name in _LISTS and items:
                items[-1] += found  # a list right below a list belongs to the item before
            elif found:
                mark = f"{number}. " if tag.name == "ol" else "- "
                items.append([mark, *found])
                number += 1
        sink.block(listed([(item[0], item[1:]) for item in items]))

    def _nested(self, tag: Tag, depth: int) -> list[str]:
        inner = Blocks()
        self._block(inner, tag, depth + 1)
        return inner.found

    def _definitions(self, sink: Sink, tag: Tag, depth: int) -> None:
        """Terms with what they mean; the two may be wrapped in pairs."""
        items: list[tuple[str, list[str]]] = []
        for part in _parts(tag):
            if part.name == "dd" and items:
                items[-1][1].extend(self._inside(part, depth))
            else:
                items.append(("- ", self._inside(part, depth)))
        sink.block(listed([(mark, _told(blocks)) for mark, blocks in items if blocks]))


def listed(items: list[tuple[str, list[str]]]) -> str:
    """Items with their marks, what belongs to one indented; short lists without empty lines."""
    long = sum(len(block) for _, blocks in items for block in blocks) > LONG_LIST_CHARACTERS
    gap = "\n\n" if long or any("```" in block for _, blocks in items for block in blocks) else "\n"
    return gap.join(mark + _indented(gap.join(blocks), len(mark)) for mark, blocks in items if blocks)


def _indented(text: str, width: int) -> str:
    """All lines but the first and the empty ones moved to the right."""
    return re.sub(r"\n(?!\n|$)", f"\n{' ' * width}", text)


def _told(blocks: list[str]) -> list[str]:
    """A term and its one short meaning in a line."""
    if len(blocks) == 2 and not any("\n" in block or block.startswith(("- ", "```", "|", "1.")) for block in blocks):
        return [f"{blocks[0].rstrip(':')}: {blocks[1]}"]
    return blocks


def _parts(definitions: Tag) -> Iterable[Tag]:
    for child in definitions.find_all(True, recursive=False):
        if child.name in ("dt", "dd"):
            yield child
        else:
            yield from child.find_all(["dt", "dd"], recursive=False)


def _is_sites(heading: Tag, text: str) -> bool:
    """Whether a heading stands above a part of the site, or above the page's contents."""
    return is_noise_heading(text) or (names_contents(text) and _leads_contents(heading))


def _leads_contents(last: PageElement) -> bool:
    """Whether the page's contents, which are left out, are what follows."""
    above = last.parent
    after = (above if above is not None and above.name == "p" else last).find_next_sibling(True)
    return isinstance(after, Tag) and after.name in _LISTS and _is_contents(after)


def _is_contents(tag: Tag) -> bool:
    """Whether a list only leads to places on its own page."""
    items = tag.find_all("li")
    links = tag.find_all("a", href=True)
    if len(items) < 2 or len(links) < len(items) or not all(re.match("#.", str(link["href"])) for link in links):
        return False
    return len(plain_of(tag)) <= sum(len(plain_of(link)) for link in links) + 4 * len(items)
