"""Whether a text names somebody: names and ids as whole words, in any script."""

import re
from collections.abc import Collection, Iterable

LEAST_CHARS = 2
"""A shorter name is in every text."""
_SPACELESS = r"\u0e00-\u0eff\u1100-\u11ff\u3040-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Thai, Lao, kana, Han and Hangul, where words stand without spaces, or with what belongs to them at their end."""
_OTHERS = rf"[^\W{_SPACELESS}]"
"""A letter, digit or underscore that may be in the middle of a word of the other scripts."""
_ESCAPED = re.compile(r"\\+(?:[nrtbf]|u[0-9a-fA-F]{4})")


def whole(name: str) -> str:
    """The pattern of a name as a whole word: "Ann" is not in "cannot". What begins or ends with a sign, or in a script without
    spaces, may stand anywhere on that side."""
    before = rf"(?<!{_OTHERS})" if re.match(_OTHERS, name) else ""
    after = rf"(?!{_OTHERS})" if re.match(_OTHERS, name[-1:]) else ""
    return f"{before}{re.escape(name)}{after}"


def naming(names: Iterable[str]) -> re.Pattern[str] | None:
    """The pattern of texts that hold one of these names as a whole word, as it is written; ``None`` where no name is long
    enough to tell one text from another."""
    wanted = sorted({name for name in names if len(name) >= LEAST_CHARS}, key=len, reverse=True)
    return re.compile("|".join(map(whole, wanted))) if wanted else None


def names_in_json(texts: Iterable[str], names: Collection[str]) -> bool:
    """Whether one of these JSON texts holds one of the names, which are written as in JSON. A line end in it is written as a
    letter there, and is none, also where JSON is in a string of JSON."""
    pattern = naming(names)
    return pattern is not None and any(pattern.search(_ESCAPED.sub(" ", text)) for text in texts)
