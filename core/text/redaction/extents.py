"""How far a value reaches: to its closing quote, or to where a bare word ends."""

import re
from typing import NamedTuple

_OPENING = re.compile(
    r"""[*_~]{0,2}[rbufRBUFL@]{0,2}(?P<quote>\\{0,3}(?:"{3}|'{3}|["'`])|&quot;|&\#39;|[\u201c\u2018\u300c])""",
    re.VERBOSE,
)
_CLOSING = {"\u201c": "\u201d", "\u2018": "\u2019", "\u300c": "\u300d"}
_LONGEST_QUOTED = 600
_LINE_REACH = 80
LONGEST_JUDGED = 128
"""Characters of a bare value that are looked at to judge it; what is judged a secret is masked to its end."""
_ESCAPABLE = {
    '"': re.compile(r'(?:[^"\\\n]|\\.){0,600}+'),
    "'": re.compile(r"(?:[^'\\\n]|\\.){0,600}+"),
}
_RUN = re.compile(
    r"""
    (?: [^\s"'`<>,;&\\\u2018-\u201f\u2e80-\u9fff\uff00-\uffef]++
      | [,;](?![\s"']|\Z|[\w.%-]{1,60}+["']?[ \t]?[=:])         # not where the next pair begins
      | &(?!quot;|\#39;|\s|(?:amp;)?[\w.%-]{1,60}+=)
      | ["'](?=[A-Za-z0-9])(?<=[A-Za-z0-9]["'])
      | \\(?![nrt"'\\])
    )++
    """,
    re.VERBOSE,
)
_BRACKET = re.compile(r"[()\[\]{}]")
_STRESS = frozenset("*_~")
_CLOSERS = {")": "(", "]": "[", "}": "{"}


class Value(NamedTuple):
    """Where a value stands in the text, without its quotes."""

    start: int
    end: int
    quoted: bool


def value_at(text: str, start: int, limit: int, *, loose: bool) -> Value | None:
    """Gives the value that begins at ``start`` and ends by ``limit``, or nothing.

    ``loose``: in a sentence, whose full stop is not part of the value.
    """
    opening = _OPENING.match(text, start)
    if not opening:
        return _bare(text, start, limit, loose=loose)
    begin = opening.end()
    end = _closing(text, begin, opening["quote"])
    return _bare(text, begin, limit, loose=loose) if end < 0 else Value(begin, end, quoted=True)


def rest_of_run(text: str, end: int, limit: int) -> int:
    """Gives where a bare value ends that was looked at only up to ``end``."""
    run = _RUN.match(text, end, limit)
    return run.end() if run else end


def _closing(text: str, begin: int, quote: str) -> int:
    """Gives where the closing quote stands, or -1 when the value is cut off."""
    if quote in _ESCAPABLE:
        body = _ESCAPABLE[quote].match(text, begin)
        end = body.end() if body else begin
        return end if text.startswith(quote, end) else -1
    end = text.find(_CLOSING.get(quote, quote), begin, begin + _LONGEST_QUOTED)
    return -1 if "\n" in text[begin : max(begin, end)] else end


def _bare(text: str, start: int, limit: int, *, loose: bool) -> Value | None:
    run = _RUN.match(text, start, min(limit, start + LONGEST_JUDGED))
    if not run:
        return None
    value = run[0]
    if _BRACKET.search(value):
        value = value[: _unbalanced(value)]
    if value[:1] in _STRESS and value.endswith(value[:1]) and value.strip("*_~"):
        start += len(value) - len(value.lstrip("*_~"))
        value = value.strip("*_~")
    value = value.rstrip(".,;:?|" if loose else ",;:")
    if value.endswith("*") and _is_open("*", text[max(0, start - _LINE_REACH) : start]):
        value = value.rstrip("*")  # *Password: hunter2*
    return Value(start, start + len(value), quoted=False) if value else None


def _is_open(stress: str, before: str) -> bool:
    return before.rpartition("\n")[2].count(stress) % 2 == 1


def _unbalanced(run: str) -> int:
    """Gives where a bracket closes that the value did not open: the call or object around it ends there."""
    opened: list[str] = []
    for bracket in _BRACKET.finditer(run):
        if bracket[0] not in _CLOSERS:
            opened.append(bracket[0])
        elif opened and opened[-1] == _CLOSERS[bracket[0]]:
            opened.pop()
        elif not run[bracket.end() : bracket.end() + 1].isalnum():
            return bracket.start()
    return len(run)
