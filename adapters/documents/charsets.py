"""From bytes to text, by what is said about them, and by what they are where that is wrong."""

import codecs
import re

from adapters.documents.outline import UnreadableError

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_IN_PAGE = re.compile(rb"<meta[^>]{0,300}charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_IN_PROLOG = re.compile(rb"\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})")
_CODECS = {
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(("us-ascii", "ascii", "iso-8859-1", "latin1", "latin-1", "l1", "windows-1252", "cp1252"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "chinese"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "windows-31j", "x-sjis", "ms_kanji"), "cp932"),
    **dict.fromkeys(("euc-jp", "x-euc-jp"), "euc_jp"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "korean", "windows-949", "ksc5601"), "cp949"),
    **{f"windows-{n}": f"cp{n}" for n in (874, *range(1250, 1252), *range(1253, 1259))},
    **{f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    "iso-8859-9": "cp1254",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "tis-620": "cp874",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "macintosh": "mac-roman",
}
"""The names that pages use (WHATWG's labels) -> Python's codecs; others than these are not tried."""
_LOST = "\ufffd"


def text_of(body: bytes, charset: str, *, page: bool) -> str:
    """The text of some bytes: by their mark, else by the header's ``charset``, else (``page``) by what the page itself says,
    else UTF-8 and at last Windows-1252. A name that does not fit the bytes gives way to UTF-8 where that fits. Raises
    ``UnreadableError`` for bytes that are no text."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return _checked(body[len(mark) :].decode(codec, "replace"))
    named = _CODECS.get(charset.lower(), "") or (_named_in(body) if page else "")
    for codec in filter(None, (named, "utf-8")):
        try:
            return _checked(body.decode(codec))
        except UnicodeDecodeError:
            continue
    best = min((body.decode(codec, "replace") for codec in (named or "utf-8", "utf-8")), key=_share_lost)
    return _checked(best if _share_lost(best) < 0.01 else body.decode("cp1252", "replace"))


def _named_in(body: bytes) -> str:
    found = _IN_PROLOG.match(body) or _IN_PAGE.search(body, 0, 4096)
    codec = _CODECS.get(found[1].decode("ascii").lower(), "") if found else ""
    return "utf-8" if codec.startswith("utf-16") else codec  # it could be read, so it is not


def _share_lost(text: str) -> float:
    return text.count(_LOST) / max(1, len(text))


def _checked(text: str) -> str:
    sample = text[:200_000]
    odd = sum(sample.count(chr(code)) for code in (*range(1, 9), *range(14, 27), 127)) + 20 * sample.count("\0")
    if odd + sample.count(_LOST) > 0.05 * len(sample) + 2 * (len(sample) < 50):
        raise UnreadableError("its bytes are no text")
    return text
