"""What can be seen of an analyst's message after an answer: the features of the reviewer's classifier, and what forbids
it to take the message for a correction."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.engine.offline import cues, review_cues
from adapters.engine.offline.linear import Linear
from adapters.engine.offline.reports import verdict as reported
from adapters.engine.offline.statements import kinds
from core.domain.people import Role
from core.ports.embedder import Embedder
from core.text.opposites import denies, turns_down
from core.text.sentences import sentences
from core.text.terms import content_terms, coverage, keys, term_set

NONE, DELETE, DETAIL, SIBLING = "none", "delete", "detail", "sibling"
"""What a message does to an entry: nothing, it does not fit the question, it lacks a detail, its symptom has another cause."""
_EMBEDDING_SCALE = 2.0
"""By cross-validation over the own reviews, like the inverse penalty of the fit."""
_NUMBER = re.compile(r"(?<![\w.])\d[\d,.]*")
_ASKS = re.compile(r"[?？]")
_SHORT_TERMS, _LONG_TERMS, _MOST_TOLD = 5, 30, 8
_SIGNS = (
    review_cues.AGREES, review_cues.WRONG, review_cues.DENIES, review_cues.RESTRICTS, review_cues.CHANGED, review_cues.CAUSE,
    review_cues.OTHER_THING, review_cues.SPEAKER,
)  # fmt: skip
_CORRECTS = _SIGNS[1:7]


@dataclass(frozen=True, slots=True)
class Case:
    """An answer to a question, what the entry behind it was ``asked`` and ``told``, and what was ``said`` after the answer,
    oldest first, with its roles; no text is blank."""

    question: str
    answer: str
    asked: str
    told: str
    said: tuple[tuple[Role, str], ...]


async def features_of(case: Case, statements: Linear, embedder: Embedder) -> dict[int, NDArray[np.float32]]:
    """Give the features of every analyst's message by its place in ``case.said``, all of one length."""
    places = [i for i, (role, _) in enumerate(case.said) if role is Role.ANALYST]
    if not places:
        return {}
    texts = [case.question, case.answer, case.asked, *(text for _, text in case.said)]
    question, answer, asked, *said = await embedder.embed(texts, "passage")
    found: dict[int, NDArray[np.float32]] = {}
    for place in places:
        one = said[place]
        reply = next((i for i, (role, _) in enumerate(case.said) if i > place and role is Role.REQUESTER), None)
        replied = np.zeros_like(one) if reply is None else said[reply]
        near = [one @ question, one @ answer, one @ asked, answer @ question, asked @ question]
        does = await _statements(case.said[place][1], statements, embedder)
        signs = [*_words(case, place), *_overlap(case, place), *_dialogue(case, place), *near]
        vectors = _EMBEDDING_SCALE * np.concatenate([one, one - answer, replied])
        found[place] = np.concatenate([np.array(signs), does, vectors]).astype(np.float32)
    return found


async def _statements(text: str, statements: Linear, embedder: Embedder) -> NDArray[np.float32]:
    """What the sentences of a message do: the most of each kind, and the first sentence's."""
    shares = await kinds([s.text for s in sentences(text)], embedder, statements)
    return np.concatenate([shares.max(axis=0), shares[0]])


def _stated(text: str) -> str:
    """A message without its questions, which state nothing."""
    return " ".join(s.text for s in sentences(text) if not s.text.rstrip().endswith(("?", "？")))


def _words(case: Case, place: int) -> list[float]:
    stated = _stated(case.said[place][1])
    terms = len(content_terms(stated))
    seen = [float(bool(pattern.search(stated))) for pattern in _SIGNS]
    return [
        *seen,
        float(denies(case.answer, stated)),
        float(terms < _SHORT_TERMS),
        min(terms, _LONG_TERMS) / _LONG_TERMS,
    ]


def _overlap(case: Case, place: int) -> list[float]:
    """Which words, codes and numbers of the question, the answer and the entry a message takes up, and which are new."""
    text = case.said[place][1]
    known, said = numbers(case.answer) | numbers(case.told), numbers(_stated(text))
    new = bool(said - known - numbers(case.question))
    entry, asked, told = term_set(f"{case.asked} {case.told}"), term_set(case.question), term_set(text)
    most = max(1, min(len(told), _MOST_TOLD))
    return [
        float(new),
        float(new and bool(known)),
        float(bool(said & known)),
        float(bool({*keys(text)} - {*keys(case.answer)} - {*keys(case.question)})),
        coverage(case.answer, text),
        coverage(case.question, text),
        coverage(case.asked, case.question),
        len(told & (asked - entry)) / most,
        len(told & asked & entry) / most,
        float(cues.asks(case.asked)),
    ]


def numbers(text: str) -> set[str]:
    """The numbers of a text as they are written."""
    return {number.strip(".,") for number in _NUMBER.findall(text)}


def _dialogue(case: Case, place: int) -> list[float]:
    """Who spoke before it, and whether they asked."""
    before = case.said[:place]
    asked = [text for role, text in before if role is Role.REQUESTER][-1:]
    return [
        float(bool(before) and before[-1][0] is Role.REQUESTER),
        float(bool(asked)),
        float(bool(asked) and bool(_ASKS.search(asked[0]))),
        float(any(role is Role.ANALYST for role, _ in before)),
    ]


def withdrawn(case: Case, place: int) -> bool:
    """Whether nobody stands behind a message: it is unsure, or an analyst takes it back."""
    unsure = review_cues.UNSURE.search(case.said[place][1])
    later = [text for role, text in case.said[place:] if role is Role.ANALYST]
    return bool(unsure) or any(review_cues.RETRACTS.search(text) for text in later)


def beside(case: Case, place: int) -> bool:
    """Whether a message cannot be a correction: no word of it amounts to one, or the requester had found before that the answer
    works."""
    stated, before = _stated(case.said[place][1]), case.said[:place]
    corrects = denies(case.answer, stated) or any(pattern.search(stated) for pattern in _CORRECTS)
    worked = any(role is Role.REQUESTER and reported(text)[0] for role, text in before)
    return worked or not (corrects or numbers(stated) - numbers(case.answer))


def contradicts(case: Case, place: int) -> bool:
    """Whether a message goes against the answer by its own words, though it was not said to it: it denies what the answer
    states, or warns off what both the answer and the entry name."""
    stated = _stated(case.said[place][1])
    warned = (turns_down(known, stated, case.question) for known in (case.answer, case.told))
    return denies(case.answer, stated) or all(warned)
