"""Phone numbers, only where there is no doubt: international form of a known plan, or a Chinese mobile number with a label.

Other forms (local numbers, extensions) look like order numbers and ids, which must survive, and stay.
"""

import re
from collections.abc import Iterator

from core.text.redaction.anchors import folded
from core.text.redaction.mask import Mask

_GAP = r"[ .\u00a0-]?"


def _digits(count: int) -> str:
    return rf"(?:{_GAP}[0-9]){{{count}}}"


_INTERNATIONAL = re.compile(
    rf"\+(?<![A-Za-z0-9_.+=&/-]\+)(?:1{_GAP}\(?[2-9][0-9]{{2}}\)?{_GAP}[2-9]{_digits(6)}"
    rf"|86{_GAP}1[3-9]{_digits(9)}|44{_GAP}(?:\(0\){_GAP})?7{_digits(9)}|91{_GAP}[6-9]{_digits(9)}|33{_GAP}[1-9]{_digits(8)}"
    rf"|81{_GAP}[789]0{_digits(8)}|82{_GAP}10{_digits(8)}|65{_GAP}[89]{_digits(7)}|852{_GAP}[5-9]{_digits(7)}|61{_GAP}4{_digits(8)})"
    r"(?![A-Za-z0-9_+]|[.-][0-9])"
)
_MOBILE = re.compile(
    r"(?:phone(?:[ ]n(?:umber|o\.?))?|mobile(?:[ ]n(?:umber|o\.?))?|tel|whatsapp|手机号?码?|电话|联系方式|微信)"
    rf"[\"']?[ ]?(?:[:=\uff1a]|is|\u662f|\u4e3a)?[ ]?[\"']?(?P<number>1[3-9]{_digits(9)})(?![A-Za-z0-9_+]|[.-][0-9])"
)


def phones(text: str) -> Iterator[Mask]:
    """Finds numbers such as +1 415 555 0100 and a Chinese mobile number after a word for phone."""
    for match in _INTERNATIONAL.finditer(text):
        yield Mask("phone", match.start(), match.end())
    for match in _MOBILE.finditer(folded(text)):
        yield Mask("phone", *match.span("number"))
