"""Credentials in HTTP headers: ``Authorization``, a bare ``Bearer`` or ``Basic``, session cookies."""

import re
from base64 import b64decode
from collections.abc import Iterator

from core.text.redaction.anchors import folded
from core.text.redaction.mask import Mask
from core.text.redaction.values import has_digit_and_letter, is_placeholder

_QUOTE = r"(?:\\{0,3}[\"'`]|&quot;)?"
_HEADER = re.compile(
    rf"authorization(?:{_QUOTE}[ \t]{{0,8}}(?:[:=]|=>|\uff1a)|[\"'],)[ \t]{{0,8}}{_QUOTE}"
    r"(?P<scheme>[a-z][a-z0-9-]{1,30}(?:[ \t]+|%20))?+(?P<value>[\w.~+/=:%-]{4,}+)",
    re.ASCII,
)
_SCHEME = re.compile(
    r"(?:bearer|basic|token|api-?key|key|jwt|bot|oss|aws|sharedkey(?:lite)?|ntlm|ssws|splunk|geniekey)(?:%20|\s*)"
)
_SIGNING = re.compile(r"(?:[a-z0-9-]*-sha256|digest|oauth|signature|negotiate)\s*")
"""Schemes whose parameters follow; their ``Signature=`` is found by itself."""

_BEARER = re.compile(r"bearer(?<!\w.{6})(?:[ \t]{1,4}|%20|\+)[\"'`]?(?P<value>[\w.~+/-]{16,}+={0,2})", re.ASCII)
_BASIC = re.compile(r"basic(?<!\w.{5})(?:[ \t]{1,4}|%20)(?P<value>[a-z0-9+/]{4,}+={0,2})", re.ASCII)
_AUTH_ENTRY = re.compile(
    rf"auth(?<![a-z0-9].{{4}}){_QUOTE}[ \t]?[:=][ \t]?{_QUOTE}(?P<value>[a-z0-9+/]{{6,}}+={{0,2}})"
)

_COOKIES = re.compile(r"cookie[\"']?[ \t]?[:=][ \t]?(?P<line>[^\n]++)")
_COOKIE = re.compile(r"(?<![\w.-])(?P<name>[\w.-]++)=(?P<value>[^\s;\"',<>\\]{8,}+)")
_SESSION = re.compile(r"sess|sid|auth|token|jwt|ticket")


def headers(text: str) -> Iterator[Mask]:
    """Finds the credential itself and leaves the name of the header and of the scheme."""
    lower = folded(text)
    for match in _HEADER.finditer(lower):
        if not _SIGNING.fullmatch(match["scheme"] or ""):
            known = bool(_SCHEME.fullmatch(match["scheme"] or "-"))
            if _is_credential(text[slice(*match.span("value"))], known=known, shortest=6 if known else 16):
                yield Mask("secret", *match.span("value"))
    for match in _BEARER.finditer(lower):
        if _is_credential(text[slice(*match.span("value"))], known=False, shortest=16):
            yield Mask("secret", *match.span("value"))
    for pattern in (_BASIC, _AUTH_ENTRY):
        for match in pattern.finditer(lower):
            if _is_pair(text[slice(*match.span("value"))]):
                yield Mask("secret", *match.span("value"))
    yield from _session_cookies(lower)


def _session_cookies(lower: str) -> Iterator[Mask]:
    for line in _COOKIES.finditer(lower):
        for cookie in _COOKIE.finditer(lower, *line.span("line")):
            if _SESSION.search(cookie["name"]) and not is_placeholder(cookie["value"]):
                yield Mask("secret", *cookie.span("value"))


def _is_credential(value: str, *, known: bool, shortest: int) -> bool:
    if len(value) < shortest or value.endswith(":") or is_placeholder(value):
        return False
    return has_digit_and_letter(value) or (known and (value.endswith("=") or (len(value) > 15 and not value.islower())))


def _is_pair(value: str) -> bool:
    """``Basic`` and docker's ``auth`` hold ``user:password`` in base64: a word such as ``authentication`` does not."""
    try:
        pair = b64decode(value + "=" * (-len(value) % 4), validate=True).decode()
    except ValueError:
        return False
    return ":" in pair and pair.isprintable()
