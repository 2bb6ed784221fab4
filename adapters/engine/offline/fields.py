"""The short fields of a lesson, found by rule: its object, its symptom, the conditions that it holds under."""

import re
from collections.abc import Sequence

from core.text.conditions import clauses
from core.text.sentences import sentences
from core.text.terms import content_terms, keys

_TITLE_CHARS = 90
_CODE = re.compile(r"(?:[A-Z][a-z0-9]+){2,}|[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+|[A-Z]{2,}\d{2,}|[45]\d{2}")


def object_of(question: str, answer: str) -> str:
    """The codes of the question that the answer has too: what only the asker wrote may be the name of one of their things."""
    told = set(keys(answer))
    return " ".join([key for key in keys(question) if _CODE.fullmatch(key) and key in told][:2])


def symptom_of(answer: str) -> str:
    """The answer's first sentence, short. The title is shown to others, so it is in the team's words, not the requester's."""
    first = next((s.text for s in sentences(answer) if len(content_terms(s.text)) >= 2), answer)
    return first if len(first) <= _TITLE_CHARS else first[:_TITLE_CHARS].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def conditions_of(answer: str) -> str:
    """The clauses that say when the answer holds."""
    return clauses(answer)


def with_restrictions(pieces: Sequence[str], keeps: Sequence[bool]) -> list[bool]:
    """Keep, beside the advice, what restricts it or warns: a sentence next to one that is kept, or to another such sentence."""
    kept = list(keeps)
    restricts = [bool(_RESTRICTS.match(piece)) for piece in pieces]
    for order in (range(1, len(kept)), range(len(kept) - 2, -1, -1)):
        step = 1 if order.step > 0 else -1
        for i in order:
            kept[i] = kept[i] or (restricts[i] and kept[i - step])
    return kept


_RESTRICTS = re.compile(
    r"\W*(?:(?:but|and|so|please|also|however)[, ]+)?(?:only|never|do not|don't|otherwise|unless|except|without "
    r"(?:it|this|that)|not (?:for|in|on|with)|"
    r"(?:this|that|it) (?:only|does not|doesn't|will not|won't|cannot|can't|deletes?|removes?|breaks?|"
    r"overwrites?|loses?|applies only)|"
    r"you (?:will |would |may )?lose|(?:be )?careful|beware|warning|caution|important|note(?: that)?\b|make "
    r"sure|before (?:you|that)|applies (?:only )?to|"
    r"if (?:not|it is|it's|the|your|you use))\b"
    r"|\W*(?:不要|切勿|请勿|否则|仅|只|除非|注意|警告|慎|务必|千万)",
    re.IGNORECASE,
)
