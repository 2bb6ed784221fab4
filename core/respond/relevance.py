"""Turning a passage into its relevance: a logistic over a few things that can be seen (DESIGN 5.4, calibrated cutoff).

The weights belong to an embedding model and are fitted by ``vigil engine fit`` on ``core/evaluate/own/match.jsonl`` and
``core/evaluate/own/forum.jsonl``.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from core.domain.knowledge import Passage
from core.text.conditions import contradicted
from core.text.terms import content_terms, keys, term_set

FEATURES = (
    "bias", "cosine", "stands_out", "answer_cosine", "answer_stands_out", "covered", "covers", "keys_shared", "keys_missing",
    "question_cosine", "question_stands_out", "long", "later",
)  # fmt: skip
_CHAT_TO_POST = (12, 40)
"""Content terms of a chat question and of a long post."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a query was found among: how many passages hold a term, and how near the middle one lies, its answer and its
    question. In a base where every entry speaks of the same things, sharing them says little. ``later`` is whether the query
    goes on in a dialogue: it then often tells how the matter stands and asks for nothing that others have asked."""

    size: int
    holding: Mapping[str, int]
    middle: float
    middle_answer: float
    middle_question: float
    later: bool

    @classmethod
    def of(cls, passages: Sequence[Passage], *, later: bool = False) -> "Field":
        """The field that these passages, all found for one query, make."""
        holding = Counter(term for passage in passages for term in term_set(_known(passage)))
        near = [(p.cosine, p.answer_cosine, p.question_cosine) for p in passages]
        whole, answer, question = zip(*near, strict=True) if len(near) > _FEW else ([_MIDDLE],) * 3
        return cls(len(passages), holding, median(whole), median(answer), median(question), later)

    def weight(self, term: str) -> float:
        """How telling a term is: little when most passages hold it (inverse document frequency within the field)."""
        return math.log((self.size + 2.0) / (self.holding.get(term, 0) + 0.5))


_FEW = 2
_MIDDLE = 0.25
"""Cosine taken as the middle when too few passages were found to have one."""


def _known(passage: Passage) -> str:
    entry = passage.entry
    return f"{entry.title}\n{entry.question}\n{entry.answer}\n{entry.conditions}\n{' '.join(entry.keys)}"


def features(query: str, passage: Passage, field: Field) -> tuple[float, ...]:
    """What is seen of a query and a passage in its field, in the order of ``FEATURES``; shares within 0..1."""
    entry, known = passage.entry, _known(passage)
    asked_terms, question_terms = term_set(query), term_set(entry.question or entry.title)
    asked_keys, known_keys = codes(query), {*codes(known), *(key.lower() for key in entry.keys)}
    return (
        1.0,
        passage.cosine,
        passage.cosine - field.middle,
        passage.answer_cosine,
        passage.answer_cosine - field.middle_answer,
        _weighted_share(asked_terms, term_set(known), field),
        _weighted_share(question_terms, asked_terms, field),
        _share(asked_keys, known_keys),
        1.0 if asked_keys and not asked_keys & known_keys else 0.0,
        passage.question_cosine,
        passage.question_cosine - field.middle_question,
        length(query, *_CHAT_TO_POST),
        float(field.later),
    )


@lru_cache(maxsize=256)
def length(query: str, chat: int, post: int) -> float:
    """How long a query is: 0 up to ``chat`` content terms, 1 from ``post`` on, where it shares words with whatever is known.
    Remembered, because it is asked for beside every passage."""
    return max(0.0, min(1.0, (len(content_terms(query)) - chat) / (post - chat)))


def _weighted_share(wanted: AbstractSet[str], there: AbstractSet[str], field: Field) -> float:
    total = sum(field.weight(term) for term in wanted)
    return sum(field.weight(term) for term in wanted & there) / total if total > 0 else 0.0


def relevance(query: str, passage: Passage, field: Field, weights: tuple[float, ...]) -> float:
    """Give the passage's calibrated relevance, 0..1, higher is better; 0 where the query contradicts what it holds under."""
    entry = passage.entry
    if contradicted(query, entry.question, entry.answer, entry.conditions):
        return 0.0
    score = sum(weight * value for weight, value in zip(weights, features(query, passage, field), strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def codes(text: str) -> set[str]:
    """The codes and names of a text in lower case, without versions; a bare status only where no name stands beside it."""
    found = {key.lower() for key in keys(text) if not re.fullmatch(r"v?\d+(\.\d+)+\S*", key)}
    return {key for key in found if not key.isdigit()} or found


def _share(wanted: AbstractSet[str], there: AbstractSet[str]) -> float:
    return len(wanted & there) / len(wanted) if wanted else 0.0
