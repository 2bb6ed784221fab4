"""Markdown: made a page and read like one, so that both are cut alike. Headings get the anchors that code hosts give them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.documents.html.page import page_draft
from adapters.documents.outline import Draft, one_line

_FRONT = re.compile(r"\A\s*(?:---[ \t]*\n(.*?)\n(?:---|\.\.\.)|\+\+\+[ \t]*\n(.*?)\n\+\+\+)[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_LINE = re.compile(r"[A-Za-z_][\w.-]*\s*[:=]|\s|#|-|\Z")
_TITLE = re.compile(r"^title\s*[:=]\s*(.+)$", re.MULTILINE | re.IGNORECASE)
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_EXPLICIT = re.compile(r"\s*\{:?\s*#([^\s{}]{1,200})[^{}]{0,200}\}\s*$")
_DIRECTIVE = re.compile(r"[ \t]*(?::{3,}.*|\{\{[<%].*?[%>]\}\}|\{:.*\})[ \t]*")
_MODULE = re.compile(r"(?:import|export)\s.*(?:from\s+['\"].*|['\"]|\{|=).*;?\s*")
_ALERT = re.compile(r"^([ \t]*>[ \t]*)\[!(\w+)\]", re.MULTILINE)


def markdown_draft(text: str) -> Draft:
    """Take Markdown apart. Raises ``UnreadableError`` for what has no text."""
    front, body = _parted(text.replace("\r\n", "\n").replace("\r", "\n"))
    reader = MarkdownIt("commonmark", {"html": True, "maxNesting": 100}).enable(["table", "strikethrough"])
    tokens = reader.parse("\n".join(_without_directives(body.split("\n"))))
    _name_headings(tokens)
    title = _TITLE.search(front)
    named = one_line(title[1].strip().strip("\"'")) if title else ""
    html = str(reader.renderer.render(tokens, reader.options, {}))
    draft = page_draft(f"<html><body><main>{html}</main></body></html>", served=False)
    has_title = any(token.type == "heading_open" and token.tag == "h1" for token in tokens)
    return Draft(draft.title if has_title or not named else named, draft.sections)


def slug(text: str) -> str:
    """A heading's anchor as code hosts make it: lower case, letters, digits, hyphens and underscores."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text.strip().lower()))


def _parted(text: str) -> tuple[str, str]:
    """Front matter and the rest; a rule at the top is none."""
    text = text.removeprefix("\ufeff")
    found = _FRONT.match(text)
    front = (found[1] or found[2] or "") if found else ""
    if found is None or not all(_FRONT_LINE.match(line) for line in front.split("\n")):
        return "", text
    return front, text[found.end() :]


def _without_directives(lines: Iterable[str]) -> Iterator[str]:
    """The lines without what only a site's builder reads, but for those of code."""
    fence, text_began = "", False
    for line in lines:
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not line.strip(" \t>`~"):
            fence = ""
        if fence or mark:
            yield line
        elif _DIRECTIVE.fullmatch(line) or (not text_began and _MODULE.fullmatch(line)):
            yield ""
        else:
            text_began = text_began or bool(line.strip())
            yield _ALERT.sub(r"\1\2:", line)


def _name_headings(tokens: Sequence[Token]) -> None:
    """Give each heading its anchor: the one that is written, ``{#here}`` or ``<a name>``, else its words."""
    taken: Counter[str] = Counter()
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        last = inline.children[-1] if inline.children else None
        written = _EXPLICIT.search(last.content) if last is not None and last.type == "text" else None
        if written and last is not None:
            last.content = last.content[: written.start()]
        words = slug(_words(inline))
        name = f"{words}-{taken[words]}" if taken[words] else words
        taken[words] += 1
        if written:
            name = written[1]
        if name and not _names_itself(inline):
            opening.attrSet("id", name)


def _words(inline: Token) -> str:
    parts = inline.children or ()
    return "".join(t.content if t.type in ("text", "code_inline") else " " * (t.type == "softbreak") for t in parts)


def _names_itself(inline: Token) -> bool:
    return any(
        t.type == "html_inline" and re.match(r"<\w+[^>]*\s(?:id|name)\s*=", t.content) for t in inline.children or ()
    )
