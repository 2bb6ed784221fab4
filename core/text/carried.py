"""Whether a text says what another one says, judged by their words alone. Pure and linear.

Words cannot tell a faithful sentence from a false one that uses the same words. They tell whether it is about the same thing:
what shares nothing with its source was not taken from there.
"""

import re
from collections.abc import Iterable

from core.text.sentences import sentences
from core.text.terms import term_set

_CLAUSE = re.compile(
    r"[,;:，；：、()（）]|\s(?:[-–—]\s|(?:and|or|but|then|because|so|while|which)\s)|——|并且?|然后|或者|但是?|而且|以及",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
SENTENCE_WORDS, CLAUSE_WORDS = 2.0, 3.0
"""How many telling words a sentence, or a part of one, must have to be judged by them. Two pairs of Han characters count as
one."""


def shares(text: str, source: str, least: float) -> bool:
    """Whether every sentence shares at least this part (0..1) of its words with the source; one of too few words does."""
    known = term_set(source)
    said = (term_set(one.text) for one in sentences(text))
    return all(_weight(terms) < SENTENCE_WORDS or len(terms & known) >= least * len(terms) for terms in said)


def strays(text: str, source: str, words: float = CLAUSE_WORDS) -> bool:
    """Whether a part of a sentence, of so many words that it says something, shares none with the source."""
    known = term_set(source)
    parts = (term_set(part) for one in sentences(text) for part in _CLAUSE.split(one.text))
    return any(_weight(terms) >= words and not terms & known for terms in parts)


def foreign_words(text: str, source: str) -> float:
    """How many words of a text are not the source's."""
    return _weight(term_set(text) - term_set(source))


def _weight(terms: Iterable[str]) -> float:
    return sum(0.5 if _HAN.match(term) else 1.0 for term in terms)
