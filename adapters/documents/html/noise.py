"""Paragraphs and headings of a site's own: an edit link, a question whether the page helped, the way to the next page."""

import re
from collections.abc import Iterable, Sequence

from bs4.element import PageElement, Tag

from adapters.documents.html.measure import is_text

_MOST_CHARACTERS = 160
_EDGES = " \n\t|·•:?？。.!,/"
_ARROWS = "«»‹›←→⟵⟶<>"
_ANSWERS = r"(?:\W*(?:yes|no|👍|👎|thumbs?\s*(?:up|down)|(?:give|send|leave|submit)\s+feedback))*\W*"
_FLAGS = re.IGNORECASE | re.VERBOSE | re.DOTALL
_ASKED = re.compile(
    rf"""(?:was|is|did)\s+this(?:\s+(?:page|article|topic|content|answer))?\s+(?:help(?:ful)?|useful)(?:\s+(?:to|for)?\s*you)?{_ANSWERS}
    |skip\s+to\s+(?:main\s+|the\s+)?content|thanks?(?:\s+you)?\s+for\s+(?:letting\s+us\s+know|your\s+feedback).{{0,80}}
    |\d+\s+out\s+of\s+\d+\s+found\s+this\s+helpful|have\s+more\s+questions\?\s*submit\s+a\s+request
    |.{{0,10}}(?:页面|本页|文档|文章).{{0,6}}(?:(?:有帮助|有用)(?:吗|么)|是否.{{0,4}}(?:有帮助|有用)).{{0,10}}|跳到(?:主要)?内容""",
    _FLAGS,
)
"""Never the text's."""
_LABELS = re.compile(
    r"""(?:on|in)\s+this\s+(?:page|article)|table\s+of\s+contents|share\s+this(?:\s+(?:page|article|post))?|yes\s*no
    |\d+\s+min(?:ute)?s?\s+(?:read|to\s+read)|we\s+(?:use\s+cookies|value\s+your\s+privacy)|本页目录|本文目录""",
    _FLAGS,
)
"""What stands above or beside such a part."""
_CONTENTS = re.compile(r"contents|目录", re.IGNORECASE)
_NAMES_CONTENTS = re.compile(
    r"(?:table\s+of\s+)?contents|topics|(?:on|in)\s+this\s+(?:page|article|topic|section|guide)|(?:本页|本文)?目录",
    _FLAGS,
)
_CLICKED = re.compile(r"copy(?:\s+(?:code|link|to\s+clipboard))?|copied!?|topics|复制(?:代码)?", _FLAGS)
_DATED = re.compile(
    r"(?:page\s+|this\s+page\s+was\s+)?last\s+(?:update|updated|modified|edited)\b.{0,80}|(?:最后更新|更新时间)\s*[:：于].{0,40}",
    _FLAGS,
)
_DATE = re.compile(
    r"\b(?:19|20)\d\d(?!\d)|\d/\d+/\d|\b(?:\d+|an?)\s+\w+\s+ago\b|\byesterday\b|\btoday\b", re.IGNORECASE
)
_LINKED = re.compile(
    r"""edit\s+(?:this|the)\s+page(?:\s+(?:on|in)\s+\w+)?|edit\s+(?:this\s+page\s+)?on\s+\w+
    |(?:improve|suggest\s+(?:an\s+)?edits?\s+to)\s+this\s+page|(?:view|show)\s+(?:page\s+)?source|(?:report|open|create)\s+an\s+issue
    |(?:back|return)\s+to\s+top|share\s+this\s+(?:page|article)|powered\s+by\s+\w+|编辑此页.{0,20}|在\s*GitHub\s*上(?:编辑|修改).{0,20}""",
    _FLAGS,
)
_STEP = re.compile(
    r"(?:previous|prev|next)(?:\s+(?:page|topic|chapter|section|article|post))?|上一[页篇章节]|下一[页篇章节]", _FLAGS
)
_STEP_TO = re.compile(rf"(?:{_STEP.pattern})(?:\s*[:：]\s*.{{1,80}})?", _FLAGS)
_STRESSED = ["b", "strong", "em", "i", "code", "kbd"]


def is_noise(run: Sequence[PageElement], text: str, *, listed: bool) -> bool:
    """Whether a short paragraph, ``text`` as it reads, is a site's own. What is to be clicked must be a link as a whole: "Next:
    run it" is an instruction. In a list (``listed``), where "Copy" may be a command that is explained, fewer are."""
    words = text.strip(_EDGES)
    if len(text) > _MOST_CHARACTERS:
        return False
    if _ASKED.fullmatch(words) or (not listed and (_LABELS.fullmatch(words) or _is_dated(words))):
        return True
    if not listed and (_CLICKED.fullmatch(words) or _CONTENTS.fullmatch(words)):
        return _stands_alone(run, text)
    return _is_way(run, words, listed=listed)


def is_noise_heading(text: str) -> bool:
    """Whether a heading stands above such a part; one that can be opened by an anchor is the text's, whatever it says."""
    words = text.strip(_EDGES)
    return len(text) <= _MOST_CHARACTERS and bool(_ASKED.fullmatch(words) or _LABELS.fullmatch(words))


def names_contents(text: str) -> bool:
    """Whether a heading or a line says that the page's contents follow: only what follows tells."""
    return len(text) <= _MOST_CHARACTERS and bool(_NAMES_CONTENTS.fullmatch(text.strip(_EDGES)))


def is_step(link: Tag) -> bool:
    """Whether a link leads to the page before or after: it says so by itself, or first, as a label of its own."""
    rel = link.get("rel") or ()
    if {"prev", "next"} & set(rel.split() if isinstance(rel, str) else rel):
        return True
    strings = [bare for one in link.stripped_strings if (bare := one.strip(_EDGES + _ARROWS))]
    if not strings or link.find(["h1", "h2", "h3", "p", "li"]) is not None:
        return False
    whole = " ".join(strings)
    return len(whole) <= _MOST_CHARACTERS and bool(_STEP_TO.fullmatch(whole) or _STEP.fullmatch(strings[0]))


def _is_dated(words: str) -> bool:
    return bool(_DATED.fullmatch(words) and _DATE.search(words))


def _stands_alone(run: Sequence[PageElement], text: str) -> bool:
    """Not a paragraph made by its author, nor one that is stressed like a heading."""
    tags = [node for node in run if isinstance(node, Tag)]
    stressed = any(tag.name in _STRESSED or tag.find(_STRESSED) is not None for tag in tags)
    written = any(node.parent is not None and node.parent.name == "p" for node in run)
    return not stressed and (not written or bool(_CONTENTS.fullmatch(text.strip(_EDGES))))


def _is_way(run: Sequence[PageElement], words: str, *, listed: bool) -> bool:
    """Whether all of it is links to click: to edit the page, or to the next one."""
    links = list(_links(run))
    if not links:
        return False
    inside = {id(text) for link in links for text in link.find_all(string=True)}
    rest = "".join(str(text) for text in _texts(run) if id(text) not in inside).strip(_EDGES + _ARROWS)
    if rest:
        return not listed and bool(_STEP.fullmatch(rest)) and len(links) == 1
    return bool(_LINKED.fullmatch(words)) or all(is_step(link) for link in links)


def _links(run: Iterable[PageElement]) -> Iterable[Tag]:
    for node in run:
        if isinstance(node, Tag):
            yield from [node] if node.name == "a" else node.find_all("a")


def _texts(run: Iterable[PageElement]) -> Iterable[PageElement]:
    for node in run:
        for one in node.descendants if isinstance(node, Tag) else (node,):
            if is_text(one):
                yield one
