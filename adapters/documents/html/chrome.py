"""What stands around a page's text on every page of a site, and what a reader does not see."""

import re
from collections.abc import Collection

from bs4.element import PageElement, Tag

from adapters.documents.html.hidden import is_hidden, seems_hidden
from adapters.documents.html.measure import HEADINGS, Measures

_JUNK = """script style noscript template svg canvas iframe object embed audio video map link meta button select option textarea
    input progress dialog rp rt del s strike nav footer""".split()
_ROLES = frozenset(
    "navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar tooltip tablist".split()
)
_WORDS = re.compile(
    r"""(?:^|[\s_-])(?:
    breadcrumbs?|crumbs?|cookies?|consent|gdpr|onetrust|feedback|helpful|rating|edit[_-]?(?:this[_-]?)?(?:page|link|post|button|url)
    |theme-edit-this-page|editsection|pagination|pager|paginator|prev[_-]?next|next[_-]?prev|page[_-]?nav(?:igation)?
    |toc|table[_-]?of[_-]?contents|on[_-]?this[_-]?page|mini[_-]?toc|sidebar|side[_-]?nav|sidenav|navbar|nav[_-]?bar|topbar|navigation
    |skip[_-]?(?:link|nav|to[_-]?content|to[_-]?main)|share|sharing|social|newsletter|subscribe|advert(?:isement)?s?|ads
    |promo|copy[_-]?(?:button|btn|code)|clipboard|sr[_-]?only|visually[_-]?hidden|screen[_-]?reader[_-]?text|noprint
    |linenos?|line[_-]?numbers?|lineno(?:div|s)?|linenodiv|gutter|blob-num|language[_-]?(?:selector|switcher)|version[_-]?(?:selector|switcher)
    |theme[_-]?(?:toggle|switch(?:er)?)|contributors|footnote-backref|reversefootnote
    )(?=$|[\s_-](?!icon))""",
    re.IGNORECASE | re.VERBOSE,
)
_OWN_WORDS = re.compile(r"sphinxsidebar|wm-toc|related-topics|linenos|lineno", re.IGNORECASE)
_NOTE = re.compile(r"note|tip|warn|caution|danger|info|important|admonition|callout|alert|hint|aside--", re.IGNORECASE)
_HOLDERS = frozenset({"html", "body", "main", "article", "table", "tbody", "tr", "pre", "code"} | set(HEADINGS))
_QUESTIONS = [*HEADINGS, "summary", "dt"]
MOST_CHROME = 0.5
"""A part with more of the page's text than this is the text, whatever it is called."""


def remove_unread(soup: Tag) -> None:
    """Take out what is never text. A header goes unless the page's title is in it, an aside unless it is a note."""
    gone = _Gone()
    for tag in soup.find_all([*_JUNK, "header", "aside"]):
        if tag in gone:
            continue
        if tag.name == "button" and tag.find_parent(_QUESTIONS) is not None:
            tag.name = "span"  # a heading that opens its answer at a click
        elif tag.name not in ("header", "aside") or not _speaks(tag):
            gone.take(tag)


def remove_chrome(root: Tag, hidden: Collection[str] = ()) -> None:
    """Take out what is around the text: by role, by class and id, and what is hidden (``hidden`` are classes that the page's
    style hides); never what holds most of the text or the title, unless it says that it is hidden. Hidden text is not read:
    whoever opens the page could not check it."""
    measures = Measures(root)
    most = MOST_CHROME * measures.of(root).letters
    gone = _Gone()
    for tag in root.find_all(True):
        if tag in gone:
            continue
        measure = measures.of(tag)
        unseen = is_hidden(tag) or (measure.letters <= most and seems_hidden(tag, hidden))
        if unseen or (tag.name not in _HOLDERS and measure.letters <= most and not measure.titles and _is_chrome(tag)):
            gone.take(tag)


class _Gone:
    """What was taken out with all that was in it. (Asking an element whether it is ``decomposed`` searches all below it.)"""

    def __init__(self) -> None:
        self._gone: dict[int, PageElement] = {}

    def __contains__(self, tag: Tag) -> bool:
        return id(tag) in self._gone

    def take(self, tag: Tag) -> None:
        self._gone.update((id(node), node) for node in (tag, *tag.descendants))
        tag.extract()


def _speaks(tag: Tag) -> bool:
    if tag.name == "header":
        within = tag.find_parent(["main", "article", "section"]) is not None
        return tag.find(list(HEADINGS) if within else "h1") is not None
    return bool(_NOTE.search(f"{_named(tag)} {tag.get('role', '')}"))


def _named(tag: Tag) -> str:
    names = tag.get("class") or ()
    return " ".join([*([names] if isinstance(names, str) else names), str(tag.get("id", ""))])[:1000]


def _is_chrome(tag: Tag) -> bool:
    if str(tag.get("role", "")).lower() in _ROLES:
        return True
    named = _named(tag)
    return bool(named.strip()) and bool(_WORDS.search(named) or _OWN_WORDS.search(named)) and not _NOTE.search(named)


_NOISE = re.compile(
    r"""(?:was|is|did)\s+this\s+(?:page|article|topic|content|answer)\s+(?:help(?:ful)?|useful)\b.{0,60}
    |edit\s+(?:this|the)\s+page(?:\s+(?:on|in)\s+\w+)?|edit\s+(?:this\s+page\s+)?on\s+\w+|(?:improve|suggest\s+edits?\s+to)\s+this\s+page
    |skip\s+to\s+(?:main\s+)?content|copy(?:\s+(?:code|link|to\s+clipboard))?|copied!?|view\s+(?:page\s+)?source|report\s+an\s+issue
    |back\s+to\s+top|(?:on|in)\s+this\s+(?:page|article)|table\s+of\s+contents|contents|topics
    |(?:«|‹|←)?\s*(?:previous|prev|next)(?:\s+(?:page|topic|chapter|section))?(?:\s*:\s*.{1,80})?\s*(?:»|›|→)?
    |last\s+(?:updated|modified|edited)(?:\s*:|\s+(?:on|at|by)\b).{0,60}|\d+\s+min(?:ute)?s?\s+(?:read|to\s+read)
    |share\s+this\s+(?:page|article)|yes\s*no|thanks?\s+for\s+(?:letting\s+us\s+know|your\s+feedback).{0,80}
    |.{0,10}(?:页面|本页|文档|文章).{0,6}(?:有帮助|有用)(?:吗|么)?.{0,10}|编辑此页.{0,20}|在\s*GitHub\s*上(?:编辑|修改).{0,20}
    |(?:上一页|下一页|上一篇|下一篇)(?:\s*[:：].{1,60})?|复制(?:代码)?|跳到(?:主要)?内容|(?:本页|本文)?目录|最后更新\s*[:：于].{0,40}
    |更新时间\s*[:：].{0,40}""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_NOISE_CHARACTERS = 160


def is_noise(text: str) -> bool:
    """Whether a short paragraph is one of a site's own: an edit link, a question whether the page helped."""
    return len(text) <= _NOISE_CHARACTERS and bool(_NOISE.fullmatch(text.strip(" \n|·•:?？。.")))
