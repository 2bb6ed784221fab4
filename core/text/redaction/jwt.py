"""JSON Web Tokens: three dotted parts of which the first decodes to a JOSE header."""

import binascii
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator

from core.text.redaction.mask import Mask

_START = r"(?:(?<![\w-])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
"""Only where a run of token characters begins: a start inside a run would make the search quadratic."""

_TOKEN = re.compile(_START + r"(?P<header>ey[\w-]{10,4000}+)\.[\w-]*+(?:\.[\w-]++){0,3}", re.ASCII)
_MARKS = ("alg", "enc", "typ", "kid")


def jwts(text: str) -> Iterator[Mask]:
    """Finds signed, encrypted, unsigned and cut-off tokens; other base64 that happens to start with ``ey`` survives."""
    match = _TOKEN.search(text)
    while match:
        genuine = _is_header(match["header"])
        if genuine:
            yield Mask("secret", match.start(), match.end())
        match = _TOKEN.search(text, match.end() if genuine else match.end("header"))


def _is_header(part: str) -> bool:
    try:
        header = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return False
    return isinstance(header, dict) and any(mark in header for mark in _MARKS)
