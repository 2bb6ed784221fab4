"""One pass over a page that every later question is answered from, so that no question walks the page again."""

import re
from dataclasses import dataclass

from bs4.element import NavigableString, PageElement, Tag

HEADINGS = {f"h{n}": n for n in range(1, 7)}
BLOCKS = frozenset(
    """address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2
    h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup p pre section summary table tbody td tfoot th thead tr
    ul caption""".split()
)

_LETTER = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class Measure:
    """Of an element with all that is in it: letters, letters in links, headings, first headings and main parts, whether it
    holds a block, code of its own lines, a word."""

    letters: int = 0
    linked: int = 0
    headings: int = 0
    titles: int = 0
    blocks: bool = False
    code: bool = False
    tables: int = 0
    words: bool = False


class Measures:
    """The measure of every element below a root; zero for what was not there."""

    def __init__(self, root: Tag) -> None:
        self._of: dict[int, Measure] = {id(root): Measure()}
        self._kept = root  # an id is good as long as its element lives
        nodes = list(root.descendants)
        for node in nodes:
            if isinstance(node, Tag):
                self._of[id(node)] = Measure()
        for node in reversed(nodes):
            if node.parent is not None:
                self._add(node, self._of[id(node.parent)])

    def of(self, tag: Tag) -> Measure:
        """The measure of an element."""
        return self._of.get(id(tag)) or Measure()

    def _add(self, node: PageElement, above: Measure) -> None:
        if isinstance(node, Tag):
            own, name = self._of[id(node)], node.name
            above.letters += own.letters
            above.linked += own.letters if name == "a" else own.linked
            above.headings += own.headings + (name in HEADINGS)
            above.titles += own.titles + (name in ("h1", "main"))
            above.blocks |= own.blocks or name in BLOCKS
            above.code |= own.code or name == "pre"
            above.tables += own.tables + (name == "table")
            above.words |= own.words
        elif is_text(node):
            above.letters += len(str(node).strip())
            above.words = above.words or _LETTER.search(str(node)) is not None


def is_text(node: PageElement) -> bool:
    """Whether a node is text that is read, not a comment or a declaration."""
    return type(node) is NavigableString
