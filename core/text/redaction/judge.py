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
_MOST_WORDS = 4

_NAMING = re.compile(r"pass|pwd|secret|token|key|cred|auth|login|user|param|config|value|field|input", re.IGNORECASE)
"""Words inside a value without digits that make it the name of a secret: ``db_password``, ``userPassword``."""

_PROSE = re.compile(
    r"""[a-z]+(?:ed|ing|able|ible|tion|ment|ly|ful|less|ness)
    |please|wrong|correct|incorrect|invalid|valid|bad|too|not|is|are|was|the|this|that|then|there|how|what|when|where|which|why|who
    |can|could|should|would|will|must|may|have|has|had|and|but|for|from|with|without|reset|forgot|forgotten|sent|set|short|weak
    |strong|long|same|see|seen|via|use|get|got|give|given|need|needs|only|okay|self|check|change|update|create|delete|minimum
    |maximum|length|characters|plain|plaintext|plain-text|hash|cleartext|alphanumeric|fail|failure|error|success|ok|done|expires
    |never|always|here|below|above|later|null|read-only|readonly|hello|thanks|thank|sorry|yes|nope|maybe|still|again|also|just
    |very|more|some|your|mine|return|await|async|const|static|final|public|private|void|class|def|func|import|throw|new|break
    |continue|else|elif""",
    re.VERBOSE | re.IGNORECASE,
)
_WELL_KNOWN = re.compile(
    r"letmein|qwerty|qwertyuiop|asdfgh|asdfghjkl|zxcvbnm|iloveyou|changeit|trustno|hunter|dragon|monkey|sunshine|princess|football"
    r"|baseball|superman|batman|shadow|master|toor|welcome|abcdef|abcdefg|adminadmin|rootroot|testtest|passw?o?rd[!.]|tiger|guest"
    r"|postgres|minioadmin",
    re.IGNORECASE,
)
"""Passwords without a digit that everybody tries first."""

_UNIT = re.compile(
    r"\s*(?:-|to\s|到)?\s*(?:[0-9]+\s*)?(?:char|letter|digit|symbol|day|week|month|year|hour|minute|min\b|sec|time|attempt|tr(?:y|ies)"
    r"|bit|byte|%|位|个|個|天|次|小时|分|秒|月|年|字)",
    re.IGNORECASE,
)
"""What makes a number after ``password:`` a rule about passwords."""

_LINE_END = re.compile(r"[ \t]*(?:[.,;)\]}]?[ \t]*(?:\r?\n|\Z)|\\[nr]|</)")
_WRITTEN_OUT = re.compile(r"[\s\u2e80-\U0010ffff]")
"""Prose in quotes, or text of a script that secrets are not written in."""

_BARE_PASSWORD = re.compile(r"[A-Za-z0-9!@#$%^&*][A-Za-z0-9!@#$%^&*._+-]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9+/][A-Za-z0-9+/=_.-]*")
_WORDS = re.compile(r"[A-Za-z_./ -]+")


def is_secret(found: Candidate) -> bool:
    """Decides; a wrong yes hides a word from the reader, a wrong no stores a secret: strong labels lean to yes."""
    value = found.value
    if found.tie in _LOOSE and (value[:1] in "-\\" or (value.isalpha() and not _WELL_KNOWN.fullmatch(value))):
        return False
    if len(value) < _SHORTEST[found.strength] or is_placeholder(value) or is_reference(value):
        return False
    if found.quoted and _WRITTEN_OUT.search(value):
        return found.strength == "strong" and found.tie not in _LOOSE and _is_spaced_password(value)
    if _WORDS.fullmatch(value):
        return _is_secret_word(found)
    if value.isdigit():
        return _is_secret_number(found)
    if found.tie in {"assigned", "linked", "tag"} or found.quoted:
        return _is_secret_literal(found)
    return not is_plain_fact(value) and not value.endswith(":") and _looks_made_up(found)


def _is_spaced_password(value: str) -> bool:
    """A few words, none of which belongs into a sentence about passwords, and one that is no word at all."""
    words = value.split()
    if len(words) > _MOST_WORDS or any(
        _PROSE.fullmatch(word) or _NAMING.search(word) or not word.isascii() for word in words
    ):
        return False
    return any(has_digit_and_letter(word) and not is_plain_fact(word) for word in words)


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
    if found.tie == "bare" and not (_BARE_KEY if found.strength == "medium" else _BARE_PASSWORD).fullmatch(value):
        return False
    if len(value) < (16 if found.tie == "bare" and found.strength == "medium" else 6 if found.tie in _LOOSE else 0):
        return False
    return has_digit_and_letter(value) or (found.strength == "strong" and has_symbol_and_letter(value))
