"""What stands around a page's text on every page of a site, and what a reader does not see.

To leave a banner in costs a little noise; to take a section out loses what the page is read for. So a name alone decides
only where no author names a part of a text so, and never against a heading that can be opened or against code."""

from collections import Counter
from collections.abc import Collection

from bs4.element import PageElement, Tag

from adapters.documents.html.anchors import names_itself
from adapters.documents.html.buttons import is_said
from adapters.documents.html.hidden import is_hidden, seems_hidden
from adapters.documents.html.inline import line_of
from adapters.documents.html.measure import BLOCKS, HEADINGS, Measure, Measures
from adapters.documents.html.names import counts_lines, is_act, is_aid, is_box, is_note, is_part, is_topical
from adapters.documents.html.noise import is_noise_heading

_UNREAD = """script style noscript template svg canvas iframe object embed audio video map link meta button select option
    textarea input progress dialog rp rt del s strike""".split()
_CONTROLS = frozenset("button select textarea input".split())
_ROLES = frozenset(
    "navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar tooltip tablist".split()
)
_HOLDERS = frozenset({"html", "body", "main", "article", "table", "tbody", "tr", "pre", "code"} | set(HEADINGS))
MOST_CHROME = 0.5
"""A part with more of the page's text than this is the text, whatever it is called."""
_ASKING_CHARACTERS = 600
_ASKING_DEPTH = 6
_MOST_HEADINGS = 50


class _Gone:
    """What was taken out with all that was in it. (Asking an element whether it is ``decomposed`` searches all below it.)"""

    def __init__(self) -> None:
        self._gone: dict[int, PageElement] = {}

    def __contains__(self, tag: Tag) -> bool:
        return id(tag) in self._gone

    def take(self, tag: Tag) -> None:
        self._gone.update((id(node), node) for node in (tag, *tag.descendants))
        tag.extract()


def remove_chrome(soup: Tag, hidden: Collection[str] = (), *, served: bool = True) -> None:
    """Take out what is never text and what is hidden (``hidden`` are classes that the page's style hides), and of what is
    ``served`` as a page what is around the text: by element, by role, by class; never what holds most of the text or the title,
    unless it says that it is hidden. Hidden text is not read: whoever opens the page could not check it."""
    gone = _Gone()
    asking = _remove_unread(soup, gone, served=served)
    body = soup.find("body")
    root = body if isinstance(body, Tag) else soup
    measures = Measures(root)
    most = MOST_CHROME * measures.of(root).letters
    around = _Around(root, measures, most, asking)
    for tag in root.find_all(True):
        if tag in gone:
            continue
        few = measures.of(tag).letters <= most
        if is_hidden(tag) or (few and seems_hidden(tag, hidden)) or (served and around.has(tag)):
            gone.take(tag)


def _remove_unread(soup: Tag, gone: _Gone, *, served: bool) -> Collection[int]:
    """Take out what is never text; whoever holds something to fill in or to click. A header goes unless the page's title or a
    section's heading is in it."""
    asking: dict[int, Tag] = {}
    for tag in soup.find_all([*_UNREAD, *(("nav", "header", "footer") if served else ())]):
        if tag in gone:
            continue
        if tag.name in _CONTROLS:
            asking.update((id(above), above) for above, _ in zip(tag.parents, range(_ASKING_DEPTH), strict=False))
        if tag.name == "button" and is_said(tag):
            tag.name = "span"
        elif not _speaks(tag):
            gone.take(tag)
    return asking.keys()


def _speaks(tag: Tag) -> bool:
    if tag.name == "header":
        headings = tag.find_all(list(HEADINGS), limit=_MOST_HEADINGS)
        within = tag.find_parent(["main", "article", "section"]) is not None
        return any(within or one.name == "h1" or names_itself(one, line_of(one.children)) for one in headings)
    return tag.name == "footer" and tag.find_parent("blockquote") is not None


class _Around:
    """Tells what is around the text of a page. ``asking`` are the ids of elements that hold something to click."""

    def __init__(self, root: Tag, measures: Measures, most: float, asking: Collection[int]) -> None:
        self._measures, self._most, self._asking = measures, most, asking
        self._headings, self._opened = Counter[int](), Counter[int]()
        for tag in reversed(root.find_all(True)):
            if tag.name in HEADINGS and (text := line_of(tag.children)) and not is_noise_heading(text):
                self._headings[id(tag)] += 1
                self._opened[id(tag)] += names_itself(tag, text)
            if tag.parent is not None and self._headings[id(tag)]:
                self._headings[id(tag.parent)] += self._headings[id(tag)]
                self._opened[id(tag.parent)] += self._opened[id(tag)]

    def has(self, tag: Tag) -> bool:
        """Whether an element is around the text."""
        measure = self._measures.of(tag)
        if tag.name in _HOLDERS or measure.titles:
            return False
        if tag.name == "aside":
            return not is_note(tag) and not self._tells(tag, measure)
        return measure.letters <= self._most and (self._is_by_role(tag, measure) or self._is_by_name(tag, measure))

    def _is_by_role(self, tag: Tag, measure: Measure) -> bool:
        role = str(tag.get("role", "")).lower()
        return role in _ROLES and (role != "complementary" or not self._tells(tag, measure))

    def _is_by_name(self, tag: Tag, measure: Measure) -> bool:
        if not (tag.get("class") or tag.get("id") or tag.get("aria-label") or tag.name == "form"):
            return False
        if not measure.letters and tag.find(True, recursive=False) is None:
            return False  # nothing but a place to open
        if counts_lines(tag) and not measure.words:
            return True
        if is_aid(tag):
            return True
        if self._tells(tag, measure) or is_note(tag):
            return False
        if is_act(tag):
            return tag.name not in ("li", "dt", "dd", "section", "p") or _is_linked(measure)
        if tag.name == "p":
            return is_part(tag) and _is_linked(measure)
        if is_box(tag) or tag.name == "section":
            return is_part(tag) or (is_topical(tag) and self._is_clicked(tag, measure))
        return tag.name not in BLOCKS and "-" in tag.name and is_part(tag)

    def _tells(self, tag: Tag, measure: Measure) -> bool:
        """Whether it holds code, or a heading that can be opened and more than links."""
        return measure.code or (self._opened[id(tag)] > 0 and not _is_linked(measure))

    def _is_clicked(self, tag: Tag, measure: Measure) -> bool:
        """Whether it says little but what to click."""
        asks = id(tag) in self._asking and measure.letters <= _ASKING_CHARACTERS
        return not (self._headings[id(tag)] or measure.tables) and (asks or not measure.words or _is_linked(measure))


def _is_linked(measure: Measure) -> bool:
    return measure.linked > 0 and 2 * measure.linked >= measure.letters
