"""E-mail addresses; not git or scp addresses, package versions, unit names, mentions or image names."""

import re
from collections.abc import Iterator

from core.text.redaction.mask import Mask

_AT = re.compile(r"@|%40")
_LOCAL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._%+'-\u00e4\u00f6\u00fc\u00e9\u00e8\u00f1"
_LONGEST_LOCAL = 64
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9\u00c0-\u024f](?:[A-Za-z0-9\u00c0-\u024f-]{0,61}[A-Za-z0-9\u00c0-\u024f])?\.){1,8}(?P<top>[A-Za-z]{2,24})(?![A-Za-z0-9_])"
)
_NOT_A_DOMAIN = re.compile(r"v?[0-9]+\.[0-9]|[0-9]x\.")
"""``pkg@1.2.3-rc.beta``, ``icon@2x.png``."""

_NOT_A_TOP = frozenset(
    "png jpg jpeg gif svg webp ico css js mjs cjs ts tsx jsx vue json yaml yml xml html htm txt log java class jar war php cpp"
    " hpp exe dll conf cfg ini toml lock gz tgz tar zip whl service socket timer target mount device slice scope path".split()
)
_MAILTO = re.compile(r"<mailto:[^<>\n]*+>")
_REPOSITORY = re.compile(r":[~/]|:[\w.-]{1,100}/|:[\w./-]{0,100}\.git\b")
_REMOTE_TOOLS = ("ssh", "scp", "sftp", "rsync", "mosh")
_SHELL = re.compile(r"\b(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id)[ ][^\n]{0,60}\Z")
_PROMPT = re.compile(r"[ ]?[~/][^\s\]]{0,100}[\]#$ ]")
_REACH = 100


def emails(text: str) -> Iterator[Mask]:
    """Finds addresses, also URL-encoded ones and both halves of ``<mailto:a@b.example|a@b.example>``."""
    for match in _MAILTO.finditer(text):
        yield Mask("email", match.start(), match.end())
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        if not domain or domain["top"].lower() in _NOT_A_TOP or _NOT_A_DOMAIN.match(domain[0]):
            continue
        window = text[max(0, at.start() - _LONGEST_LOCAL - 1) : at.start()]
        local = window[len(window.rstrip(_LOCAL)) :].lstrip("._%+'-")
        start = at.start() - len(local)
        if 0 < len(local) <= _LONGEST_LOCAL and not _is_login(text, start, domain.end()):
            yield Mask("email", start, domain.end())


def _is_login(text: str, start: int, end: int) -> bool:
    """``git@host:org/repo``, ``ssh user@host``, ``scheme://user@host``, ``[root@host ~]#``, ``@user@server``."""
    if _REPOSITORY.match(text, end) or (text[start - 1 : start] == "[" and _PROMPT.match(text, end)):
        return True
    if text[start - 1 : start] == "@" and not text[start - 2 : start - 1].isalnum():
        return True
    before = text[max(0, start - _REACH) : start]
    scheme = before.rfind("://")
    if scheme >= 0 and not re.search(r"[\s/?|]", before[scheme + 3 :]):
        return True
    return any(tool in before for tool in _REMOTE_TOOLS) and bool(_SHELL.search(before.rpartition("\n")[2]))
