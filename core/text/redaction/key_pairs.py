"""Secret halves of key pairs: no prefix of their own, known by standing next to the id they belong to."""

import re
from collections.abc import Iterator

from core.text.redaction.mask import Mask

_REACH = 160
"""Characters on either side of an id in which its secret is looked for; room for a label, a line break, a JSON key."""

_START, _END = r"(?<![A-Za-z0-9+/])", r"(?![A-Za-z0-9+/])"
_MIXED = r"(?=[a-z0-9+/]{0,90}[A-Z])(?=[A-Z0-9+/]{0,90}[a-z])"
"""Both cases occur: keeps hex digests, which may stand there too, out."""

_IDS = re.compile(
    r"A(?:[KS]IA[A-Z0-9]{16}|KID\w{28,40}|KLT\w{16,80}|KTP\w{16,80}|C[0-9a-f]{32})|LTAI\w{12,26}",
    re.ASCII,
)
_HALVES = {
    "AKIA": re.compile(f"{_START}{_MIXED}[A-Za-z0-9+/]{{40}}{_END}"),
    "LTAI": re.compile(f"{_START}{_MIXED}[A-Za-z0-9]{{30}}{_END}"),
    "AKID": re.compile(f"{_START}{_MIXED}[A-Za-z0-9]{{32}}{_END}"),
    "AKLT": re.compile(f"{_START}{_MIXED}[A-Za-z0-9+/]{{40,90}}={{0,2}}{_END}"),
    "AC": re.compile(f"{_START}[0-9a-f]{{32}}{_END}"),
}
_MAKERS = {**{prefix: prefix for prefix in _HALVES}, "ASIA": "AKIA", "AKTP": "AKLT"}


def key_pairs(text: str) -> Iterator[Mask]:
    """Finds the AWS, Aliyun, Tencent, Volcengine and Twilio secret next to its id, labelled or not."""
    for match in _IDS.finditer(text):
        half = _HALVES[_MAKERS.get(match[0][:4], "AC")]
        before = list(half.finditer(text, max(0, match.start() - _REACH), match.start()))
        after = half.search(text, match.end(), match.end() + _REACH)
        for found in (after, *before[-1:]):
            # A search that ends early does not see that the token goes on: match again without an end.
            if found and half.match(text, found.start()):
                yield Mask("secret", found.start(), found.end())
