"""Text within a line: white space as a browser shows it, code in backticks, pictures by what they are said to show."""

import re
from collections.abc import Iterable

from bs4.element import PageElement, Tag

from adapters.documents.html.measure import is_text
from adapters.documents.outline import seen

DEEPEST = 60
_CODE = frozenset("code kbd samp tt".split())
_BREAK = "\x0b"
_CJK = "\u3040-\u30ff\u3400-\u9fff\uff00-\uff65\u3000-\u303f"
_JOINED = re.compile(rf"(?<=[{_CJK}])[ \t]*\n\s*(?=[{_CJK}])")
_SPACE = re.compile(r"[ \t\r\n\f\u00a0\u2000-\u200a\u202f\u205f\x1c-\x1f\x85]+")
_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp|bmp)", re.IGNORECASE)
_MARK = frozenset({"", "#", "¶", "§", "🔗", "anchor", "permalink", "link"})


def line_of(nodes: Iterable[PageElement]) -> str:
    """The nodes as one paragraph; its lines are those that ``<br>`` made."""
    pieces: list[str] = []
    for node in nodes:
        _add(node, pieces, 0)
    text = _SPACE.sub(" ", _JOINED.sub("", seen("".join(pieces))))
    return "\n".join(line.strip() for line in text.split(_BREAK)).strip()


def plain_of(tag: Tag) -> str:
    """All text below an element, however deep, without its structure."""
    return " ".join("".join(str(node) for node in tag.descendants if is_text(node)).split())


def is_permalink(tag: Tag) -> bool:
    """Whether a link only says where its heading is."""
    return (
        tag.name == "a"
        and str(tag.get("href", "")).startswith("#")
        and plain_of(tag).lower() in _MARK
        and tag.find("img", alt=True) is None
    )


def _add(node: PageElement, pieces: list[str], depth: int) -> None:
    if is_text(node):
        pieces.append(str(node))
    elif isinstance(node, Tag):
        _add_tag(node, pieces, depth)


def _add_tag(tag: Tag, pieces: list[str], depth: int) -> None:
    name = tag.name
    if depth > DEEPEST:
        pieces.append(plain_of(tag))
    elif name == "br":
        pieces.append(_BREAK)
    elif name == "img":
        pieces.append(_said_of(tag))
    elif name in _CODE:
        pieces.append(_code(plain_of(tag)))
    elif name == "math":
        pieces.append(_formula(tag))
    elif not (name == "sup" and _is_note(tag)) and not is_permalink(tag):
        before, after = ("“", "”") if name == "q" else ("", "")
        pieces.append(before)
        for child in tag.children:
            _add(child, pieces, depth + 1)
        pieces.append(after)


def _code(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        return ""
    marks = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{marks}{pad}{text}{pad}{marks}"


def _said_of(image: Tag) -> str:
    alt = " ".join(str(image.get("alt", "")).split())
    return f" {alt} " if len(alt) > 2 and not _FILE_NAME.fullmatch(alt) else ""


def _formula(math: Tag) -> str:
    annotation = math.find("annotation")
    return str(math.get("alttext", "")) or plain_of(annotation if isinstance(annotation, Tag) else math)


def _is_note(sup: Tag) -> bool:
    """A mark that leads to a footnote: [1]."""
    link = sup.find("a")
    return isinstance(link, Tag) and str(link.get("href", "")).startswith("#")
