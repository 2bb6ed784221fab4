"""Which language a text is written in, as far as cards and retrieval care."""

import re
from typing import Literal

Language = Literal["en", "zh"]

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_NOT_PROSE = re.compile(r"```.*?```|`[^`\n]*`|https?://\S+|<[^>\s]+>", re.DOTALL)
_HAN_PER_WORD = 1.5
"""A Chinese word is about one and a half characters long: Chinese wins when it has as many words as the Latin ones beside it
count half, because product names and commands stay Latin in Chinese support talk."""


def language_of(text: str) -> Language:
    """Give ``zh`` when Chinese prose outweighs Latin words, code and links left aside; else ``en``. Linear in the text."""
    prose = _NOT_PROSE.sub(" ", text) or text
    han = len(_HAN.findall(prose))
    if not han:
        return "en"
    return "zh" if han / _HAN_PER_WORD >= len(_LATIN_WORD.findall(prose)) / 2 else "en"
