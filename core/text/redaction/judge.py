"""Whether the value after a label is a secret. The looser the tie between label and value, the more it must look like one."""

import re
from typing import Literal, NamedTuple

from core.text.redaction.values import (
    has_digit_and_letter,
    has_symbol_and_letter,
    is_placeholder,
    is_plain_fact,
    is_reference,
)

Strength = Literal["strong", "medium", "weak"]
"""strong: ``password``, after which anything may stand; medium: ``token``, ``secret``, keys; weak: ``pass``, ``pw``, ``sk``."""

Tie = Literal["assigned", "linked", "tag", "colon", "told", "said", "call", "option", "bare"]
"""How label and value hang together, from ``password=x`` to ``password x``."""


class Candidate(NamedTuple):
    """A value found after a label; ``rest`` is what follows it (cut short), ``quoted`` that it stood in quotes."""

    value: str
    strength: Strength
    tie: Tie
    quoted: bool
    rest: str
    in_query: bool = False


_LOOSE = frozenset({"bare", "said", "told", "call", "option"})
_SHORTEST: dict[Strength, int] = {"strong": 4, "medium": 6, "weak": 6}
_LONGEST_WORD = 24

_NAMING = re.compile(r"pass|pwd|secret|token|key|cred|auth|login|user|param|config|value|field|input", re.IGNORECASE)
"""Words inside a value without digits that make it the name of a secret: ``db_password``, ``userPassword``."""

_PROSE = re.compile(
    r"""(?:[a-z]+(?:ed|ing|able|ible|tion|ment|ly|ful|less|ness)|please|wrong|missing|correct|incorrect|invalid|valid|bad|too|not|is|are|was
    |the|this|that|then|there|how|what|when|where|which|why|who|can|could|should|would|will|must|may|have|has|had|and|but|for|from|with|without
    |reset|forgot|forgotten|sent|set|short|weak|strong|long|same|see|seen|via|used|use|using|get|got|give|given|need|needs|only|okay|self
    |check|change|update|create|delete|minimum|maximum|length|characters|plain|plaintext|plain-text|encrypted|hash|cleartext|alphanumeric
    |fail|failed|failure|error|success|ok|done|pending|expired|expires|changed|unchanged|unset|never|always|here|below|above|attached|later
    |null|nothing|admin only|read-only|readonly|hello|thanks|thank|sorry|yes|nope|maybe|still|again|also|just|very|more|less|some|your|mine
    |return|await|async|const|static|final|public|private|protected|void|class|def|func|function|import|throw|new|break|continue|else|elif)""",
    re.VERBOSE | re.IGNORECASE,
)
_WELL_KNOWN = re.compile(
    r"letmein|qwerty|qwertyuiop|asdfgh|asdfghjkl|zxcvbnm|iloveyou|changeit|trustno|hunter|dragon|monkey|sunshine|princess|football|baseball"
    r"|superman|batman|shadow|master|toor|welcome|abcdef|abcdefg|adminadmin|rootroot|testtest|passw?o?rd[!.]|tiger|guest|postgres|minioadmin",
    re.IGNORECASE,
)
"""Passwords without a digit that everybody tries first."""

_UNIT = re.compile(
    r"\s*(?:-|to\s|\u5230)?\s*(?:[0-9]+\s*)?(?:char|letter|digit|symbol|day|week|month|year|hour|minute|min\b|sec|time|attempt|tr(?:y|ies)|bit|byte|%"
    r"|\u4f4d|\u4e2a|\u500b|\u5929|\u6b21|\u5c0f\u65f6|\u5206|\u79d2|\u6708|\u5e74|\u5b57)",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"[ \t]*(?:[.,;)\]}]?[ \t]*(?:\r?\n|\Z)|\\[nr]|</)")
_WRITTEN_OUT = re.compile(r"[\s\u2e80-\U0010ffff]")
"""Prose in quotes, or text of a script that secrets are not written in."""

_BARE_VALUE = re.compile(r"[A-Za-z0-9!@#$%^&*][A-Za-z0-9!@#$%^&*._+-]*")
_WORDS = re.compile(r"[A-Za-z_./ -]+")


def is_secret(found: Candidate) -> bool:
    """Decides; a wrong yes hides a word from the reader, a wrong no stores a secret: strong labels lean to yes."""
    value = found.value
    if found.tie in _LOOSE and (value[:1] in "-/\\" or (value.isalpha() and not _WELL_KNOWN.fullmatch(value))):
        return False
    if (
        len(value) < _SHORTEST[found.strength]
        or is_placeholder(value)
        or is_reference(value)
        or _WRITTEN_OUT.search(value)
    ):
        return False
    if _WORDS.fullmatch(value):
        return _is_secret_word(found)
    if value.isdigit():
        return _is_secret_number(found)
    if found.tie in {"assigned", "linked", "tag"} or found.quoted:
        return _is_secret_literal(found)
    return not is_plain_fact(value) and not value.endswith(":") and _looks_made_up(found)


def _is_secret_word(found: Candidate) -> bool:
    """No digit, no symbol: a weak password, a name, or prose."""
    value = found.value
    if found.strength != "strong":
        floor = 8 if found.in_query else 16 if found.quoted else _LONGEST_WORD
        return found.tie not in _LOOSE and value.isalpha() and len(value) >= floor and not _NAMING.search(value)
    if _WELL_KNOWN.fullmatch(value):
        return True
    if _NAMING.search(value) or _PROSE.fullmatch(value) or found.tie in _LOOSE:
        return False
    return found.quoted or found.tie in {"assigned", "linked", "tag"} or bool(_LINE_END.match(found.rest))


def _is_secret_number(found: Candidate) -> bool:
    if found.tie == "call" or (found.tie == "bare" and not found.quoted and len(found.value) < 6):
        return False
    return len(found.value) >= _SHORTEST[found.strength] and found.strength != "weak" and not _UNIT.match(found.rest)


def _is_secret_literal(found: Candidate) -> bool:
    if found.tie == "call" or found.strength == "weak":
        return _looks_made_up(found) and not is_plain_fact(found.value)
    if found.strength == "medium":
        return (has_digit_and_letter(found.value) or len(found.value) >= 16) and not is_plain_fact(found.value)
    return True


def _looks_made_up(found: Candidate) -> bool:
    """A letter with a digit, or with a sign that words do not have; the looser the tie, the longer it must be."""
    value = found.value
    if found.tie == "bare" and (found.strength != "strong" or not _BARE_VALUE.fullmatch(value)):
        return False
    if found.tie in _LOOSE and len(value) < 6:
        return False
    return has_digit_and_letter(value) or (found.strength == "strong" and has_symbol_and_letter(value))
