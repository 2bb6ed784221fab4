"""What can be seen of an analyst's message after an answer: the features of review's classifiers."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.engine.offline import cues, review_cues
from adapters.engine.offline.linear import Linear
from adapters.engine.offline.statements import advice
from core.domain.people import Role
from core.ports.embedder import Embedder
from core.text.sentences import sentences
from core.text.terms import content_terms, coverage, keys, term_set

_NUMBER = re.compile(r"(?<![\w.])\d[\d,.]*")
_COMPLAINS = re.compile(
    r"(?:isn|doesn|don|didn)'?t\b|\bno such\b|\balready\b|\bnot\b|\bthere (?:is|are) no\b|\bdid\b", re.IGNORECASE
)
_SHORT_TERMS = 5
_EMPTY_TERMS = 3
_MOST_TOLD = 8

CORRECTED = (
    "agrees", "bot_right", "denies", "bot_wrong", "detail", "cause", "way", "further", "looks", "short", "empty", "asks",
    "new_numbers", "same_numbers", "moved_numbers", "advice", "near_question", "covers_question", "complained", "new_keys",
    "fact",
)  # fmt: skip
"""What tells a correction from other talk."""
UNFIT = (
    "bot_wrong", "complained", "same_numbers", "new_numbers", "moved_numbers", "detail", "cause", "denies", "denies_first",
    "other_thing", "covers_answer", "answer_fits", "entry_fits", "asked_alike", "new_keys", "near_question", "tells_question",
    "tells_entry", "tells_both", "how_to",
)  # fmt: skip
"""What tells an entry that does not fit the question from one that lacks a detail or another cause."""
OTHER_CAUSE = (
    "new_numbers", "moved_numbers", "same_numbers", "cause", "denies", "denies_first", "detail", "new_keys", "fact",
    "answer_fits", "entry_fits", "asked_alike", "covers_answer", "complained", "how_to",
)  # fmt: skip
"""What tells another cause of the same symptom from a detail put right."""

Signs = dict[str, float]


@dataclass(frozen=True, slots=True)
class Case:
    """An answer to a question, what the entry behind it was ``asked`` and ``told``, and what was ``said`` after the answer,
    oldest first, with its roles."""

    question: str
    answer: str
    asked: str
    told: str
    said: tuple[tuple[Role, str], ...]


async def signs_of(case: Case, statements: Linear, embedder: Embedder) -> dict[int, Signs]:
    """Give the signs, about 0..1 each, of every analyst's message by its place in ``case.said``."""
    places = [i for i, (role, text) in enumerate(case.said) if role is Role.ANALYST and text.strip()]
    if not places:
        return {}
    texts = [case.said[i][1] for i in places]
    vectors = await embedder.embed([case.question, case.answer, case.asked, *texts], "passage")
    advises = await advice(texts, embedder, statements)
    near = {
        "answer_fits": float(vectors[1] @ vectors[0]),
        "entry_fits": float(vectors[2] @ vectors[0]),
        "asked_alike": coverage(case.asked, case.question),
        "how_to": float(bool(review_cues.HOW_TO.search(case.asked))),
    }
    return {
        place: {
            **_words(case.said[place][1]),
            **_dialogue(case, place),
            **_overlap(case, case.said[place][1]),
            **near,
            "advice": float(advises[k]),
            "near_question": float(vectors[3 + k] @ vectors[0]),
        }
        for k, place in enumerate(places)
    }


def _words(text: str) -> Signs:
    """What the words of the message alone give away; what it only asks states nothing."""
    terms, stated = len(content_terms(text)), _stated(text)
    patterns = {
        "agrees": review_cues.AGREES, "bot_right": review_cues.BOT_RIGHT, "denies": review_cues.DENIES,
        "bot_wrong": review_cues.BOT_WRONG, "other_thing": review_cues.OTHER_THING, "detail": review_cues.DETAIL,
        "cause": review_cues.OTHER_CAUSE, "way": review_cues.OTHER_WAY, "fact": cues.FACT,
    }  # fmt: skip
    return {
        **{name: float(bool(pattern.search(stated))) for name, pattern in patterns.items()},
        "looks": float(bool(review_cues.LOOKS.search(text))),
        "denies_first": float(bool(review_cues.DENIES.match(stated))),
        "short": float(terms < _SHORT_TERMS),
        "empty": float(len(content_terms(stated)) < _EMPTY_TERMS),
        "asks": float(text.rstrip().endswith(("?", "？"))),
    }


def _stated(text: str) -> str:
    return " ".join(s.text for s in sentences(text) if not s.text.rstrip().endswith(("?", "？")))


def _dialogue(case: Case, place: int) -> Signs:
    """What the requester said last before it: that the answer fails, or something else to ask."""
    before = [text for role, text in case.said[:place] if role is Role.REQUESTER][-1:]
    last = before[0] if before else ""
    complained = bool(cues.FAILED.search(last) or _COMPLAINS.search(last))
    further = bool(review_cues.FURTHER.search(last)) or (bool(re.search("[?？]", last)) and not complained)
    return {"complained": float(complained), "further": float(further)}


def _overlap(case: Case, text: str) -> Signs:
    """Which words and numbers of the question, the answer and the entry it takes up, and which are new."""
    known = _numbers(case.answer) | _numbers(case.told)
    said = _numbers(_stated(text))
    new, same = bool(said - known - _numbers(case.question)), bool(said & known)
    entry, asked, told = term_set(f"{case.asked} {case.told}"), term_set(case.question), term_set(text)
    most = max(1, min(len(told), _MOST_TOLD))
    return {
        "new_numbers": float(new),
        "same_numbers": float(same),
        "moved_numbers": float(new and same),
        "new_keys": float(bool({*keys(text)} - {*keys(case.answer)} - {*keys(case.question)})),
        "covers_answer": coverage(case.answer, text),
        "covers_question": coverage(case.question, text),
        "tells_question": len(told & (asked - entry)) / most,
        "tells_entry": len(told & (entry - asked)) / most,
        "tells_both": len(told & asked & entry) / most,
    }


def _numbers(text: str) -> set[str]:
    return {number.strip(".,") for number in _NUMBER.findall(text)}


def row(signs: Signs, names: tuple[str, ...]) -> NDArray[np.float32]:
    """The named signs as features, shape ``(len(names),)``."""
    return np.array([signs[name] for name in names], np.float32)
