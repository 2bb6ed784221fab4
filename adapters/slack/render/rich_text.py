"""Text of answers as Slack's rich text: paragraphs, code, lists. What is no code or list is shown as it is. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from adapters.slack.render.limits import Block, packed, runs
from core.text.printable import printable

_LANGUAGES = (
    "bash|c|console|cpp|cs|csharp|css|diff|dockerfile|go|hcl|html|http|ini|java|javascript|js|json|kotlin|nginx|php|"
    "powershell|py|python|rb|ruby|rust|sh|shell|sql|swift|text|toml|ts|typescript|xml|yaml|yml"
)
_FENCE = re.compile(rf"```(?:(?:{_LANGUAGES})[ \t]*\n|\n)?(.*?)(?:```|\Z)", re.DOTALL | re.IGNORECASE)
_CODE = re.compile(r"`([^`\n]+)`")
_ITEM = re.compile(r"([ \t]*)[-*•][ \t]+\S")
_SHOUT = re.compile(r"@(?=(?:here|channel|everyone)\b)", re.IGNORECASE)
_DEEPEST = 8
_WORD_JOINER = "\u2060"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text on a line; ``url`` makes it a link, ``at`` shows the reader's own time of day in its place."""

    text: str
    url: str = ""
    bold: bool = False
    code: bool = False
    at: datetime | None = None

    @property
    def plain(self) -> str:
        """The span where nothing can be clicked."""
        return f"{self.text} ({self.url})" if self.url and self.url != self.text else self.text


def quiet(text: str) -> str:
    """The text, printable, in which a typed ``@here`` calls nobody."""
    return _SHOUT.sub(lambda found: found[0] + _WORD_JOINER, printable(text))


def block(elements: Sequence[Block]) -> Block:
    """A rich text block of these elements; there must be one."""
    return {"type": "rich_text", "elements": list(elements)}


def section(*spans: Span) -> Block:
    """A paragraph. Empty spans are left out; one must have a text."""
    return {"type": "rich_text_section", "elements": [_inline(span) for span in spans if printable(span.text)]}


def quote(text: str) -> Block:
    """A quoted line."""
    return {"type": "rich_text_quote", "elements": [_inline(Span(text))]}


def _inline(span: Span) -> Block:
    style = {name: True for name in ("bold", "code") if getattr(span, name)}
    styled: Block = {"style": style} if style else {}
    if span.at:
        return {
            "type": "date",
            "timestamp": int(span.at.timestamp()),
            "format": "{time}",
            "fallback": span.text,
            **styled,
        }
    text = printable(span.text) if span.code else quiet(span.text)
    if span.url:
        return {"type": "link", "url": span.url, "text": text, **styled}
    return {"type": "text", "text": text, **styled}


def elements_of(text: str) -> list[Block]:
    """The elements of a text of many lines: fenced code is preformatted, bulleted lines are lists, `code` is code.

    Numbered lines stay as they are: a list of Slack's would number them anew.
    """
    found: list[Block] = []
    at = 0
    text = printable(text)
    for fence in _FENCE.finditer(text):
        found += _prose(text[at : fence.start()])
        found += (_preformatted(piece) for piece in runs(fence[1].strip("\n")) if piece.strip())
        at = fence.end()
    return [*found, *_prose(text[at:])]


def _preformatted(code: str) -> Block:
    return {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": code.rstrip("\n")}]}


def _prose(text: str) -> Iterator[Block]:
    """Paragraphs and lists, in order; neighbouring lines of one sort together."""
    for indent, lines in groupby(text.strip("\n").split("\n"), _indent):
        if indent is None:
            pieces = (piece for piece in runs("\n".join(lines).strip()) if piece.strip())
            yield from (section(*_spans(piece)) for piece in pieces)
        else:
            items = (item for line in lines for item in runs(line.lstrip()[1:].strip()))
            for elements in packed(section(*_spans(item)) for item in items):
                yield {"type": "rich_text_list", "style": "bullet", "indent": indent, "elements": elements}


def _indent(line: str) -> int | None:
    """How deep a bulleted line stands; ``None`` for any other."""
    item = _ITEM.match(line)
    return min(len(item[1].expandtabs(4)) // 2, _DEEPEST) if item else None


def _spans(line: str) -> Iterator[Span]:
    at = 0
    for code in _CODE.finditer(line):
        yield Span(line[at : code.start()])
        yield Span(code[1], code=True)
        at = code.end()
    yield Span(line[at:])
