"""A web page: its title, its text without what the site puts around it, cut at its headings."""

import re

from bs4 import BeautifulSoup
from bs4.element import Tag

from adapters.documents.html.anchors import names_itself
from adapters.documents.html.chrome import remove_chrome
from adapters.documents.html.flow import Flow
from adapters.documents.html.hidden import hidden_classes
from adapters.documents.html.inline import line_of
from adapters.documents.html.measure import HEADINGS, Measures
from adapters.documents.outline import Draft, Outline, UnreadableError, one_line

MAIN_SHARE = 0.3
"""Of a page's letters that a part must hold to be taken for its text."""
ARTICLE_SHARE = 0.1
"""Of a page's letters that another article must hold to be part of its text."""
LOGIN_CHARACTERS = 1_500
SHELL_CHARACTERS = 60
_MAIN = (
    "<main>", "role=main", "<article>", "#main-content", "#main-col-body", "#bodyContent", ".mw-parser-output",
    ".markdown-body", ".wiki-content", ".rst-content", "#content", ".content", ".document",
)  # fmt: skip
"""Signs of the part that holds a page's text, the surest first: elements, roles, ids and classes."""
_KNOWN = frozenset(_MAIN)


def page_draft(text: str, *, served: bool = True) -> Draft:
    """Take a page apart; one that was not ``served`` but made from Markdown has no scripts to wait for and
    no site around it. Raises
    ``UnreadableError`` for one that has no text of its own."""
    soup = BeautifulSoup(text.encode("utf-8", "replace"), "lxml", from_encoding="utf-8")
    login = soup.find("input", attrs={"type": re.compile("^password$", re.IGNORECASE)}) is not None
    scripted = soup.find("script") is not None
    moved, named = _moved_to(soup), _named(soup)
    hidden = hidden_classes([style.get_text() for style in soup.find_all("style")])
    remove_chrome(soup, hidden, served=served)
    draft = _cut(soup, named, served=served)
    said = sum(len(section.text) for section in draft.sections)
    if moved and said < LOGIN_CHARACTERS:
        raise UnreadableError("it only leads on to another page: give that one's address")
    if served and scripted and not login and said < SHELL_CHARACTERS:
        raise UnreadableError("it has no text before its scripts run: give an address that has, such as its source")
    return Draft(draft.title, draft.sections, login and said < LOGIN_CHARACTERS)


def _cut(soup: BeautifulSoup, named: str, *, served: bool) -> Draft:
    root = soup.body or soup
    measures = Measures(root)
    main = _main_of(root, measures)
    title = _titling(main, root, named)
    outline = Outline()
    Flow(measures, title, served=served).into(outline, main)
    name = line_of(title.children) if title is not None else named or _first_heading(main)
    return Draft(one_line(name), outline.done())


def _titling(main: Tag, root: Tag, named: str) -> Tag | None:
    """The first heading that names the whole page: the only one of its level, or the one that the page calls itself by."""
    all_of_them = [tag for tag in main.find_all("h1") or root.find_all("h1") if line_of(tag.children)]
    first = all_of_them[0] if all_of_them else None
    if first is None or (len(all_of_them) > 1 and named and line_of(first.children).lower() not in named.lower()):
        return None
    return first


def _main_of(root: Tag, measures: Measures) -> Tag:
    """The holder of the text with the surest sign among those that have enough of it. One pass: a selector each takes longer
    than all the rest."""
    enough = MAIN_SHARE * measures.of(root).letters
    best: dict[str, Tag] = {}
    for tag in root.find_all(True):
        letters = measures.of(tag).letters
        for sign in _signs(tag) & _KNOWN if letters >= enough else ():
            if sign not in best or letters > measures.of(best[sign]).letters:
                best[sign] = tag
    main = next((best[sign] for sign in _MAIN if sign in best), root)
    return _around_articles(main, root, measures) if main.name == "article" else main


def _around_articles(main: Tag, root: Tag, measures: Measures) -> Tag:
    """What holds all articles of a page that is made of several; teasers of other pages have no heading to open here."""
    enough = ARTICLE_SHARE * measures.of(root).letters
    others = [tag for tag in root.find_all("article") if measures.of(tag).letters >= enough and _opens(tag)]
    while main is not root and main.parent is not None and not all(_is_within(tag, main) for tag in others):
        main = main.parent
    return main


def _opens(article: Tag) -> bool:
    return any(names_itself(one, line_of(one.children)) for one in article.find_all(list(HEADINGS), limit=9))


def _is_within(tag: Tag, outer: Tag) -> bool:
    return tag is outer or any(above is outer for above in tag.parents)


def _signs(tag: Tag) -> set[str]:
    classes = tag.get("class") or ()
    named = {f".{name}" for name in ([classes] if isinstance(classes, str) else classes)}
    return {f"<{tag.name}>", f"role={tag.get('role')}", f"#{tag.get('id')}", *named}


def _named(soup: BeautifulSoup) -> str:
    """What the page calls itself where it has no first heading, without the site's name behind it."""
    site = _meta(soup, "og:site_name")
    title = soup.title.get_text(" ", strip=True) if soup.title is not None else ""
    name = one_line(_meta(soup, "og:title") or title)
    for mark in (" | ", " - ", " – ", " — ", " · ", " :: "):
        head, _, tail = name.rpartition(mark)
        if head and tail.strip().lower() == site.lower() and site:
            return head.strip()
    return name


def _meta(soup: BeautifulSoup, key: str) -> str:
    found = soup.find("meta", attrs={"property": key}) or soup.find("meta", attrs={"name": key})
    return one_line(str(found.get("content", ""))) if isinstance(found, Tag) else ""


def _first_heading(main: Tag) -> str:
    found = main.find(list(HEADINGS))
    return line_of(found.children) if isinstance(found, Tag) else ""


def _moved_to(soup: BeautifulSoup) -> bool:
    """Whether the page sends its reader on."""
    found = soup.find("meta", attrs={"http-equiv": re.compile("^refresh$", re.IGNORECASE)})
    return isinstance(found, Tag) and "url=" in str(found.get("content", "")).lower().replace(" ", "")
