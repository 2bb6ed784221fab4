"""What an element's classes, and the id of a mere box, say about it: a part of the site, an aid for few, a note of the text."""

import re

from bs4.element import Tag

_BOXES = frozenset("div ul ol form center menu fieldset".split())
_SECTION = re.compile(r"(?:^|\s)(?:section|sect\d|level\d|topic)(?=$|\s)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MOST_CHARACTERS = 1_000


def _named(names: str) -> re.Pattern[str]:
    """Any of the names as whole words of a class, but not what says that a page has such a part or lacks it."""
    return re.compile(
        rf"""(?:^|(?<=[\s_-]))(?<!no[_-])(?<!has[_-])(?<!with[_-])(?<!without[_-])(?<!hide[_-])(?<!not[_-])
        (?:{names})(?=$|[\s_-])(?![_-]+(?:icon|layout|open|enabled|page)(?:$|[\s_-]))""",
        re.IGNORECASE | re.VERBOSE,
    )


_AIDS = _named(
    r"""sr[_-]?only|visually[_-]?hidden|screen[_-]?reader[_-]?(?:text|only)|skip[_-]?(?:links?|nav|to[_-]?content|to[_-]?main)
    |footnote-backref|reversefootnote|onetrust|sharedaddy|jp-relatedposts|editsection|theme-edit-this-page"""
)
"""For screen readers, of a well-known product or a mark: never text, wherever it stands."""
_NUMBERS = _named(r"linenos?|line[_-]?numbers?|line-num|lineno(?:div|s)?|linenodiv|gutter|blob-num")
_ACTS = _named(
    r"""edit[_-]?(?:this[_-]?)?(?:page|link|post|button|url)|copy[_-]?(?:button|btn|code|link)|(?:button|btn)[_-]copy
    |theme[_-]?(?:toggle|switch(?:er)?)"""
)
"""To click: also within a line."""
_PLACES = r"sidebar|sphinxsidebar(?:wrapper)?|side[_-]?nav|navbar|nav[_-]?bar|topbar|toc|table[_-]?of[_-]?contents|mini[_-]?toc"
_BANNER = r"consent|banner|bar|notice|law|popup|pop[_-]?up|modal|dialog|overlay|message|alert|disclaimer|manager"
_WIDGET = (
    r"buttons?|btns?|links?|icons?|bar|widget|box|form|container|wrapper|prompt|media|tools|menu|panel|sign[_-]?up|actions?"
    r"|question|popup|pop[_-]?up|votes?|stars|modal|controls?|nav|next|prev"
)
_PARTS = _named(
    rf"""{_PLACES}|wm-toc|on[_-]?this[_-]?page|breadcrumbs?|crumbs?|(?:cookies?|consent|gdpr)[_-]?(?:{_BANNER})|cc-(?:window|banner)
    |(?:feedback|helpful|rating|share|sharing|social|newsletter|subscribe|subscription|pagination|adverts?)[_-](?:{_WIDGET})
    |(?:page|article|post|site)[_-]?(?:feedback|rating|votes?|share|sharing|nav(?:igation)?|metadata|relatives|return-to-top)
    |(?:was[_-]this|page|article)[_-](?:page[_-])?helpful|prev[_-]?next|next[_-]?prev|more-questions|social-share
    |nav-links|(?:language|version)[_-]?(?:selector|switcher)|rst-versions
    |(?:related|recent)[_-](?:topics|articles|posts|pages|content)|widget[_-]area|entry-meta|noprint
    |likes-and-labels|comments[_-](?:section|area)|comment-respond|article-comments"""
)
"""Parts of a site that hardly a part of a text has for a class."""
_IDENTITIES = re.compile(
    rf"(?:{_PLACES}|breadcrumbs?|cookies?[_-]?(?:{_BANNER})|likes-and-labels|comments-section)(?=$|[_-])", re.IGNORECASE
)
"""Those that go by an id, at its start: most ids are made from what a heading says."""
_TOPICS = _named(
    r"""cookies?|consent|gdpr|feedback|helpful|rating|pagination|pager|paginator|navigation|share|sharing|social|newsletter
    |subscribe|advert(?:isement)?s?|ads|promo|clipboard|contributors"""
)
"""Words that a part of a site and a topic of its text are called by: to be held against what is in it."""
_NOTE = re.compile(
    r"(?:^|[\s_-])(?:note|footnote|tip|warn|caution|danger|info|important|admonition|callout|alert|hint)|aside--",
    re.IGNORECASE,
)
_CONSENT = re.compile(r"cookie|consent|gdpr", re.IGNORECASE)


def is_aid(tag: Tag) -> bool:
    """Whether its class says that it is never read with the text."""
    return bool(_AIDS.search(_classes(tag))) or (is_box(tag) and bool(_AIDS.search(_identity(tag))))


def is_act(tag: Tag) -> bool:
    """Whether its class says that it is there to be clicked."""
    return bool(_ACTS.search(_classes(tag)))


def counts_lines(tag: Tag) -> bool:
    """Whether it is called like the numbers beside code, as code with such numbers may be, too."""
    return bool(_NUMBERS.search(_classes(tag)))


def is_part(tag: Tag) -> bool:
    """Whether it is called like a part of a site: by class; a box also by its id or what screen readers call it. A section's id
    is made from its heading and says nothing."""
    if tag.name in ("section", "div") and tag.get("id") and _is_section(tag):
        return False
    if _PARTS.search(_classes(tag)):
        return True
    label = re.sub(r"\s+", "-", str(tag.get("aria-label") or "")[:_MOST_CHARACTERS])
    return is_box(tag) and bool(_IDENTITIES.match(_identity(tag)) or _PARTS.search(label))


def is_topical(tag: Tag) -> bool:
    """Whether it is a box with a class that may name a part of a site or a topic; any form is."""
    return is_box(tag) and (tag.name == "form" or bool(_TOPICS.search(_classes(tag))))


def is_note(tag: Tag) -> bool:
    """Whether it is called a note or a warning, or is the side note that reStructuredText has."""
    said = f"{_classes(tag)} {_identity(tag)} {tag.get('role') or ''}"
    first = tag.find(True, recursive=False)
    if isinstance(first, Tag) and first.name == "p" and "sidebar-title" in _classes(first):
        return True
    return bool(_NOTE.search(said)) and not _CONSENT.search(said)


def is_box(tag: Tag) -> bool:
    """Whether it only holds other things together."""
    return tag.name in _BOXES and not _is_section(tag)


def _is_section(tag: Tag) -> bool:
    return tag.name == "section" or bool(_SECTION.search(_classes(tag)))


def _classes(tag: Tag) -> str:
    names = tag.get("class") or ()
    return _words(names if isinstance(names, str) else " ".join(names))


def _identity(tag: Tag) -> str:
    return _words(str(tag.get("id") or ""))


def _words(name: str) -> str:
    return _CAMEL.sub("-", name[:_MOST_CHARACTERS])
