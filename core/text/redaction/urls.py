"""Secrets inside addresses: ``user:password@``, webhooks whose path is the key, signatures of presigned links."""

import re
from collections.abc import Iterator
from itertools import chain, pairwise

from core.text.redaction.anchors import folded
from core.text.redaction.mask import Mask
from core.text.redaction.values import is_placeholder

_SLASH = r"(?:\\?/|%2f)"

_USER = re.compile(r":(?:\\?/){2}[^\s/?#:\"'<>()`\\]{0,128}+:")
_RUN = re.compile(r"[^\s\"'<>`\\]++")
_PORT = re.compile(r"[0-9]{0,5}(?![0-9A-Za-z])")

_HOST = re.compile(
    r"@(?:(?:[\w-]++(?:\.[\w-]++)++|localhost|\[[0-9A-Fa-f:.]{2,45}\])(?::[\w${}-]{1,40})?(?=[/?,;|)\]]|[.!]?\Z)"
    r"|[\w-]++(?::[\w${}-]{1,40})?(?=[/,;|)\]]|[.!]?\Z))",
)

_LARK_PATH = (
    rf"{_SLASH}(?:open-apis{_SLASH}bot{_SLASH}(?:v2{_SLASH})?hook|flow{_SLASH}api{_SLASH}trigger-webhook){_SLASH}"
)
_WEBHOOK = re.compile(
    rf"(?:hooks\.(?:slack(?:-gov)?\.com{_SLASH}(?:services|workflows|triggers)|zapier\.com{_SLASH}hooks{_SLASH}catch){_SLASH}"
    rf"|feishu\.cn{_LARK_PATH}|larksuite\.com{_LARK_PATH}|larkoffice\.com{_LARK_PATH}"
    rf"|discord(?:app)?\.com{_SLASH}api{_SLASH}webhooks{_SLASH}[0-9]{{5,25}}{_SLASH}"
    rf"|qyapi\.weixin\.qq\.com{_SLASH}cgi-bin{_SLASH}webhook{_SLASH}send\?key="
    rf"|webhook\.office\.com{_SLASH}webhookb2{_SLASH})"
    r"(?P<key>(?:[\w+=@-]|\\?/|%2f){10,}+)",
    re.ASCII,
)
_SIGNATURE = re.compile(
    r"(?:x-(?:amz|goog|oss|tos|obs|cos)-(?:signature|security-token)(?P<header>)|q-signature|security-token"
    r"|sig(?:nature|n)?(?<![\w-]sig)(?<![\w-]sign)(?<![\w-]signature))"
    r"(?:=|%3d|(?(header)\\{0,3}[\"']?[ ]?[:=][ ]?\\{0,3}[\"']?|(?!)))"
    r"(?P<value>[\w%+/=.~-]{16,}+)",
    re.ASCII,
)


def urls(text: str) -> Iterator[Mask]:
    """Finds the secret part of addresses and leaves the host and path, which tell what the talk is about."""
    yield from _passwords(text)
    lower = folded(text)
    for match in _WEBHOOK.finditer(lower):
        if not is_placeholder(match["key"].rsplit("/", 1)[-1]):
            yield Mask("secret", *match.span("key"))
    for match in _SIGNATURE.finditer(lower):
        if any(character in "0123456789%" for character in match["value"]) and not is_placeholder(match["value"]):
            yield Mask("secret", *match.span("value"))


def _passwords(text: str) -> Iterator[Mask]:
    starts = [match.end() for match in _USER.finditer(text)]
    for start, limit in pairwise(chain(starts, (len(text),))):
        run = _RUN.match(text, start, limit)
        length = _password_length(run[0]) if run else 0
        if length and not is_placeholder(text[start : start + length]):
            yield Mask("secret", start, start + length)


def _password_length(run: str) -> int:
    """Gives the length of the password in what follows ``scheme://user:``; zero when that is a port.

    Passwords are often pasted unescaped, with ``@``, ``#`` or ``/`` in them: the ``@`` that a host follows ends them.
    """
    if _PORT.match(run) and "@" not in re.split(r"[/?#]", run, maxsplit=1)[0]:
        return 0
    host = _HOST.search(run)
    return host.start() if host else max(run.rfind("@"), 0)
