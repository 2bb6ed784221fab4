"""Blocks of code: their white space kept, their language where the page names one."""

import re

from bs4.element import Tag

from adapters.documents.html.measure import is_text
from adapters.documents.outline import fenced

_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language-|lang-|highlight-source-|highlight-|brush:\s*|sourceCode\s+|code-)([A-Za-z0-9+#_.-]{1,30})"
)
_NONE = frozenset(
    "text none plain plaintext default nohighlight notranslate txt wrapper block example container".split()
)
_NAMED = frozenset(
    "bash sh shell console python py java javascript js typescript ts json yaml yml xml html sql go rust c cpp".split()
)


def code_block(pre: Tag) -> str:
    """The code as a fence."""
    pieces: list[str] = []
    for node in pre.descendants:
        if is_text(node):
            pieces.append(str(node))
        elif isinstance(node, Tag) and node.name == "br":
            pieces.append("\n")
    return fenced("".join(pieces).replace("\u00a0", " "), _language(pre))


def _language(pre: Tag) -> str:
    """By the class of the code, of what it stands in, or of what that stands in."""
    inner = pre.find("code")
    candidates = [pre, *([inner] if isinstance(inner, Tag) else []), *list(pre.parents)[:2]]
    for tag in candidates:
        data = str(tag.get("data-lang") or tag.get("data-language") or tag.get("lang") or "")
        if re.fullmatch(r"[A-Za-z0-9+#_.-]{1,30}", data):
            return data.lower()
        classes = tag.get("class") or ()
        named = classes if isinstance(classes, str) else " ".join(classes)
        found = _LANGUAGE.search(named)
        if found and found[1].lower() not in _NONE:
            return found[1].lower()
        for word in named.split():
            if word.lower() in _NAMED:
                return word.lower()
    return ""
