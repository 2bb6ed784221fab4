"""Whether what is left of an answer can be read by itself, without the thread that it was given in."""

import re
from collections.abc import Sequence

from adapters.engine.offline import cues
from core.text.sentences import sentences
from core.text.terms import content_terms

LEAST_TERMS = 4
LEAST_TERMS_POINTING = 7


def stands_alone(answer: str) -> bool:
    """Whether what is left of an answer is enough to help somebody else: words and not code alone, and more of them where it
    points at the question ("you can set this up in the console")."""
    words = [s.text for s in sentences(answer) if not is_code(s.text)]
    said = " ".join(words)
    return len(content_terms(said)) >= (LEAST_TERMS_POINTING if _POINTS.search(said) else LEAST_TERMS)


_POINTS = re.compile(r"\b(?:this|that|these|those|it|they|them)\b", re.IGNORECASE)


def head(pieces: Sequence[str]) -> int:
    """Where an answer begins that can be read by itself: behind sentences that go on from others of the thread, unless what
    follows says too little."""
    leaning = next((i for i, piece in enumerate(pieces) if not LEANS.match(piece)), 0)
    return leaning if stands_alone(" ".join(pieces[leaning:])) else 0


LEANS = re.compile(
    r"\W*(?:(?:but|and|so|or|however|also|though|still|because|well|yes|yeah|yep|no|ok)\b[, ]*)*"
    r"(?:(?:it|that|this|these|those|they|he|she|i|we)(?:'\w+)?\b|what (?:i|we)\b|as (?:i|we)\b|"
    r"the (?:change|latter|former|same|other|issues?|problems?|errors?)\b)|\W*(?:but|because|also|well)\b",
    re.IGNORECASE,
)
"""How a sentence begins that goes on from what somebody said before, or tells of its speaker."""


def is_code(piece: str) -> bool:
    """Whether a sentence is code more than words."""
    signs = sum(character in _CODE_SIGNS for character in piece)
    return piece.startswith("```") or len(cues.CODE.findall(piece)) > len(piece.split()) / 4 or signs > len(piece) / 12


_CODE_SIGNS = frozenset('{}()[];=<>"\\+$&|')
