"""Version ranges and versions in a text, each with what it is a version of. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

_I = re.IGNORECASE

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Versions from ``low`` to ``high`` of a ``subject`` ("sdk"; empty when unnamed); ``None`` is open, ends as flagged."""

    subject: str
    low: Version | None
    high: Version | None
    high_included: bool = False

    def holds(self, version: Version) -> bool:
        """Whether a version lies within; compared as far as the bound is written out."""
        if self.low is not None and _cut(version, self.low) < _cut(self.low, self.low):
            return False
        if self.high is None:
            return True
        cut = _cut(version, self.high)
        return cut < self.high or (self.high_included and cut == self.high)


def _cut(version: Version, like: Version) -> Version:
    return (*version, *(0,) * len(like))[: len(like)]


_DIGITS = r"\d{1,6}(?:\.\d{1,6}){1,4}(?!\.?\d)"
_NUMBER = rf"v?({_DIGITS}|(?<=version )\d{{1,4}}|(?<=versions )\d{{1,4}})(\.x)?"
_DOTTED = re.compile(rf"(?<![\w.])v?({_DIGITS})", _I)
_SUBJECT = r"(?:(?<![\w+-])([A-Za-z][\w+-]{0,30})(?: versions?)? )?"
_UPPER = re.compile(
    rf"{_SUBJECT}(?:is |are )?(below|before|older than|earlier than|lower than|prior to|up to|until|<=?) "
    rf"(?:versions? )?{_NUMBER}"
    rf"|{_SUBJECT}{_NUMBER} ?(?:(and|or) (?:below|older|earlier|lower)|版本?以下|及以下|之前|以前)",
    _I,
)
_LOWER = re.compile(
    rf"{_SUBJECT}(?:is |are )?(?:from|since|starting (?:with|from)|as of|at least|above|newer than|later than|"
    rf">=?) (?:versions? )?{_NUMBER}"
    rf"|{_SUBJECT}{_NUMBER} ?(?:(?:and|or) (?:later|newer|above|higher|up)|\+|版本?以上|及以上|之后|以后|开始)",
    _I,
)
_WILD = re.compile(r"(?:([A-Za-z][\w+-]{0,30}) )?v?(\d{1,6}(?:\.\d{1,6}){0,3})\.x\b", _I)
_EXACT = re.compile(rf"(?:([A-Za-z][\w+-]{{0,30}})(?: versions?)? )v?({_DIGITS})", _I)
_NO_SUBJECT = frozenset(
    "with on in the for from since below before until version versions and or to is at than only a an of up".split()
)


@lru_cache(maxsize=4096)
def ranges(conditions: str) -> tuple[Range, ...]:
    """Give the version ranges that conditions name; a bare "SDK 2.1" stands for all of 2.1."""
    found: list[Range] = []
    for match in _UPPER.finditer(conditions):
        first, word, number, _, second, other, _, joined = match.groups()
        included = bool(joined) or (word or "").lower() in ("up to", "until", "<=") or "及" in match.group()
        found.append(Range(_subject(first or second), None, _version(number or other), included))
    for match in _LOWER.finditer(conditions):
        first, number, _, second, other, _ = match.groups()
        found.append(Range(_subject(first or second), _version(number or other), None))
    if not found:
        exact = [*_WILD.finditer(conditions), *_EXACT.finditer(conditions)]
        found = [Range(_subject(m.group(1)), _version(m.group(2)), _version(m.group(2)), True) for m in exact]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def named_versions(text: str) -> list[tuple[str, Version]]:
    """Give the dotted versions of a text, each with the word before it."""
    found = [(_subject(m.group(1)), _version(m.group(2))) for m in _EXACT.finditer(text)]
    named = {version for _, version in found}
    return found + [("", v) for m in _DOTTED.finditer(text) if (v := _version(m.group(1))) not in named]


def _subject(word: str | None) -> str:
    return "" if word is None or word.lower() in _NO_SUBJECT else word.lower()


def _version(digits: str) -> Version:
    return tuple(int(part) for part in digits.split(".") if part.isdigit())


def versions_clash(asked: str, known: str) -> bool:
    """Whether the versions that are asked of lie outside all ranges of what is known, where they are of the same thing."""
    said = named_versions(asked)
    limits = ranges(known)
    for subject in {limit.subject for limit in limits}:
        own = [limit for limit in limits if limit.subject == subject]
        meant = [v for s, v in said if not s or not subject or s == subject]
        if meant and not any(limit.holds(v) for limit in own for v in meant):
            return True
    return False
