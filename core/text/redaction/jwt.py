"""JSON Web Tokens: three dotted parts of which the first decodes to a JOSE header."""

import binascii
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator

from core.text.redaction.anchors import unglued
from core.text.redaction.mask import Mask

_TOKEN = re.compile(
    rf"{unglued('ey', '[A-Za-z0-9_-]')}[\w-]{{10,4000}}+(?P<after>)\.[\w-]*+(?:\.[\w-]++){{0,3}}",
    re.ASCII,
)
"""Begins only where a run of token characters does: a start inside a run would make the search quadratic."""

_MARKS = ("alg", "enc", "typ", "kid")


def jwts(text: str) -> Iterator[Mask]:
    """Finds signed, encrypted, unsigned and cut-off tokens; other base64 that happens to start with ``ey`` survives."""
    match = _TOKEN.search(text)
    while match:
        genuine = _is_header(text[match.start() : match.start("after")])
        if genuine:
            yield Mask("secret", match.start(), match.end())
        match = _TOKEN.search(text, match.end() if genuine else match.end("after"))


def _is_header(part: str) -> bool:
    try:
        header = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return False
    return isinstance(header, dict) and any(mark in header for mark in _MARKS)
