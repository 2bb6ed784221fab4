"""The short fields of a lesson, found by rule: its object, its symptom, the conditions that it holds under."""

import re

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


_CONDITION = re.compile(
    r"\b((?:only )?(?:if|when|with|on|for|below|before|from|since) (?:the )?[\w .'/-]{0,40}?"
    r"(?:v?\d+(?:\.\d+)+[\w.]*(?: (?:and|or) (?:later|older|below|above|newer|earlier))?))",
    re.IGNORECASE,
)


def conditions_of(answer: str) -> str:
    """What the answer holds under."""
    found = _CONDITION.search(answer)
    return found.group(1).strip() if found else ""
