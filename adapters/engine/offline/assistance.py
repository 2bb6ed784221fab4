"""Does a message need assistance at all? What tells, for the first stage of identify."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adapters.engine.offline import cues
from adapters.engine.offline.exemplars import Exemplars
from core.domain.people import Role
from core.domain.sessions import QuestionClass
from core.text.terms import content_terms, keys

NEEDED = "needed"
"""Beside it: ``not needed``."""
_EMBEDDING_SCALE = 1.5
"""By cross-validation over the own utterances, scopes kept together: macro-F1 .927, .919 without the embedding, .898 without
what the form of a question means in its dialogue. From 1 to 3 with penalties of .1 to 1 little changes (.917 to .931);
among these it was chosen by what the example in other words still needs (tests/scenario/test_paraphrase.py)."""
_SHORT_TERMS = 4
_LAST_CHARS = 200
_ASKS_FIRST = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|also|then|well|hi|hello|hey|yes|no|thanks|thank you)\b\W*)*"
    r"(?:what|why|how|when|where|which|who|whose|is|are|was|were|do|does|did|can|could|should|would|will|has|have|may|must|am|any|"
    r"(?:in|for) (?:what|which))\b|[吗呢么]\W*$|怎么|如何|什么|为何|哪|是否|能否|多少|几",
    re.IGNORECASE,
)


def assistance_features(
    text: str,
    vector: NDArray[np.float32],
    before: Sequence[tuple[Role, str]],
    exemplars: Exemplars,
    leave_out: int | None = None,
) -> NDArray[np.float32]:
    """What tells whether a message needs assistance: its signs, about 0..1 each, and its unit vector, scaled. ``before`` is
    the dialogue so far as (role, text), oldest first; ``leave_out`` passes over one of the exemplars, for fitting."""
    needs = max(
        exemplars.nearness(vector, c, leave_out) for c in (QuestionClass.WITHIN_SCOPE, QuestionClass.OUT_OF_SCOPE)
    )
    contrast = 4.0 * (needs - exemplars.nearness(vector, QuestionClass.NO_ASSISTANCE_NEEDED, leave_out))
    signs = [contrast, *_words(text), *_form(text, before)]
    return np.concatenate([np.array(signs, np.float32), _EMBEDDING_SCALE * vector])


def _words(text: str) -> list[float]:
    terms = content_terms(text)
    return [
        float("?" in text or "？" in text),
        float(bool(cues.REQUEST.search(text))),
        float(bool(cues.TROUBLE.search(text))),
        float(bool(keys(text) or cues.CODE.search(text))),
        min(len(terms), 30) / 30,
        float(len(terms) < _SHORT_TERMS),
        float(bool(cues.THANKS.search(text))),
        float(bool(cues.GREETING.search(text) or cues.GREETING_ZH.search(text) or cues.FAREWELL.search(text))),
        float(bool(cues.ACK.search(text))),
        float(bool(cues.WILL_TRY.search(text))),
        float(bool(cues.SOLVED.search(text))),
        float(bool(cues.FAILED.search(text))),
    ]


def _form(text: str, before: Sequence[tuple[Role, str]]) -> list[float]:
    """How it asks, and what that means where it stands: after a reply a question is a new one, a statement often an answer to
    a question back."""
    ends = text.rstrip(' .!)"').endswith(("?", "？"))
    asks = bool(_ASKS_FIRST.search(text))
    replied = bool(before) and before[-1][0] is not Role.REQUESTER
    asked_back = replied and any(sign in before[-1][1][-_LAST_CHARS:] for sign in "?？")
    turns = sum(role is Role.REQUESTER for role, _ in before)
    seen = (
        bool(before), replied, ends, asks, asked_back, ends and asks, ends and bool(before), asks and bool(before),
        ends and replied, asks and replied, ends and asked_back, len(before) == 1, turns > 1,
    )  # fmt: skip
    return [float(one) for one in seen]
