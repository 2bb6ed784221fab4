"""Private keys: armoured blocks, whole or cut off, PuTTY files, and the bare body of an RSA key."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from core.text.redaction.mask import Mask

_DASHES = "[-\u2013\u2014]"
"""Chat clients turn runs of hyphens into dashes."""

_BEGIN = re.compile(rf"BEGIN (?:[A-Z0-9]{{1,20}} ){{0,3}}PRIVATE KEY(?: BLOCK)?[ ]?{_DASHES}{{1,8}}")
_ANY_BEGIN = re.compile(rf"{_DASHES} ?BEGIN ")
_END = re.compile(rf"END (?:[A-Z0-9]{{1,20}} ){{0,3}}PRIVATE KEY(?: BLOCK)?(?: ?{_DASHES}{{1,8}})?")
_MAX_BLOCK = 20_000
_BREAK = r"(?:[\s>]|\\+[nrt])"
_REST = re.compile(
    rf"(?:{_BREAK}*+(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset):[^\n\\]{{0,80}}+|[A-Za-z0-9+/]{{16,}}+={{0,2}}))*+"
    rf"(?:(?:{_BREAK}{{1,4}}+[A-Za-z0-9+/]+=*+(?=\s*(?:\n|$|[\"'])))|={{0,2}})",
)
_PUTTY = re.compile(r"Private-Lines: ?[0-9]{1,3}(?:\s|\\[nr])++((?:[A-Za-z0-9+/]{4,}+={0,2}(?:\s|\\[nr])*+)+)")
_LINE = r"[A-Za-z0-9+/]{16,}+"
_BARE = re.compile(
    rf"MII[A-Za-z0-9+/]{{2}}[AQgw]IB(?:ADANBgkqhkiG9w0BAQEFAASC|AAKC[AI])[A-Za-z0-9+/]{{20,}}+(?:{_BREAK}{{1,4}}+{_LINE})*+"
    rf"(?:{_BREAK}{{1,4}}+[A-Za-z0-9+/]{{1,15}}+={{1,2}})?={{0,2}}",
)
"""The DER header of an RSA key, PKCS#1 or PKCS#8, in base64; public keys and certificates begin otherwise."""

_ENCODED = re.compile(
    r"LS0tLS1CRUdJTiB(?:QUklWQVRFIEtFWS|SU0EgUFJJVkFURSBL|FQyBQUklWQVRFIEt|PUEVOU1NIIFBSSVZB|FTkNSWVBURUQgUFJJ)[A-Za-z0-9+/=]++"
)
"""``-----BEGIN ... PRIVATE KEY`` encoded once more, as in a kubeconfig's ``client-key-data``."""


def private_keys(text: str) -> Iterator[Mask]:
    """Finds private keys in PEM, OpenSSH, PGP, SSH2 and PuTTY form; certificates and public keys survive."""
    if "PRIVATE KEY" in text:
        yield from _blocks(text)
    for match in _PUTTY.finditer(text):
        yield Mask("secret", match.start(1), match.start(1) + len(match[1].rstrip()))
    for pattern in (_BARE, _ENCODED):
        yield from (Mask("secret", *match.span()) for match in pattern.finditer(text))


def _blocks(text: str) -> Iterator[Mask]:
    ends = [match.span() for match in _END.finditer(text)]
    begins = [match.start() for match in _ANY_BEGIN.finditer(text)]
    for match in _BEGIN.finditer(text):
        start = len(text[max(0, match.start() - 9) : match.start()].rstrip("- \u2013\u2014"))
        start += max(0, match.start() - 9)
        close = bisect_left(ends, (match.end(), 0))
        following = bisect_left(begins, match.end())
        limit = min(begins[following] if following < len(begins) else len(text), match.end() + _MAX_BLOCK)
        whole = close < len(ends) and ends[close][0] <= limit
        rest = _REST.match(text, match.end())
        yield Mask("secret", start, ends[close][1] if whole else rest.end() if rest else match.end())
