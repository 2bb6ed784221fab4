"""Identify in two stages: does it need assistance, and is it ours (QUALITY study: two stages beat three classes).

Both stages are logistic over few features: what the words give away, and a contrast of cosines with labelled utterances, the
scope text and what the knowledge base holds. The weights are fitted by ``vigil engine fit``.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adapters.engine.offline import cues
from adapters.engine.offline.assistance import NEEDED, assistance_features
from adapters.engine.offline.exemplars import Exemplars
from adapters.engine.offline.reports import reports_back
from adapters.engine.offline.weights import OfflineWeights
from core.domain.dialogue import said_by
from core.domain.people import Role
from core.domain.policy import DEFAULT_SCOPE
from core.domain.sessions import QuestionClass
from core.domain.tasks import Identified, IdentifyInput
from core.ports.embedder import Embedder
from core.text.language import language_of
from core.text.terms import keys

EARLIER_WEIGHT = 0.75
REPLY_WEIGHT = 0.35
"""Weights of earlier requester turns and of replies beside the last turn: QUALITY study, "identify"."""
SMALL_TALK = "small talk or a status note"
REPORTS = "the requester reports back"
OUTSIDE = "not about what this team supports"
INSIDE = "about what this team supports"
OURS = "ours"
"""Beside it: ``not ours``."""
OURS_FROM = 0.4
"""Below .5, because calling a question ours costs an abstention at most, and calling ours another's loses its lesson."""
KNOWN_AT = 5
"""Where among the features of scope what is known stands."""


def scope_features(
    text: str, vector: NDArray[np.float32], scope: NDArray[np.float32] | None, known: Sequence[float],
    exemplars: Exemplars, leave_out: int | None = None,
) -> NDArray[np.float32]:  # fmt: skip
    """What tells whether a message is ours. ``vector`` stands for the message in its dialogue, ``scope`` for the scope text
    (``None`` where the team has not said what it supports: then being a support question is all that can be asked), ``known``
    are the cosines of the nearest entries (none when the knowledge base is empty): they only ever raise."""
    inside = exemplars.nearness(vector, QuestionClass.WITHIN_SCOPE, leave_out)
    outside = exemplars.nearness(vector, QuestionClass.OUT_OF_SCOPE, leave_out)
    seen = (
        4.0 * (inside - outside),
        0.0 if scope is None else 4.0 * float(vector @ scope),
        float(scope is not None),
        float(bool(cues.TROUBLE.search(text))),
        float(bool(keys(text) or cues.CODE.search(text))),
        4.0 * max(0.0, max(known, default=0.0) - _FAR),
    )
    return np.array(seen, np.float32)


async def scope_vector(scope: str, embedder: Embedder) -> NDArray[np.float32] | None:
    """Give the unit vector of a scope text, or ``None`` for the one that holds where nobody has written one."""
    return None if scope == DEFAULT_SCOPE else (await embedder.embed([scope], "passage"))[0]


_FAR = 0.3
"""Cosine below which an entry says nothing about scope (unrelated pairs of the own match set lie below it)."""


async def dialogue_vector(
    text: str, earlier: str, replies: str, embedder: Embedder
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give the unit vectors of the message alone and of the message drawn towards its dialogue."""
    alone, before, said = await embedder.embed([text, earlier or text, replies or text], "query")
    mixed = alone + EARLIER_WEIGHT * before * bool(earlier) + REPLY_WEIGHT * said * bool(replies)
    return alone, np.asarray(mixed / np.linalg.norm(mixed), dtype=np.float32)


async def identify(
    inputs: IdentifyInput, embedder: Embedder, exemplars: Exemplars, weights: OfflineWeights
) -> Identified:
    """Class the burst."""
    text = "\n".join(line.text for line in inputs.burst if line.text.strip())
    pictures = any(line.pictures for line in inputs.burst)
    if not text:
        return _pictures_only(pictures)
    if inputs.dialogue and reports_back(text):
        return Identified(QuestionClass.NO_ASSISTANCE_NEEDED, REPORTS, 0.8)
    earlier, replies = said_by(Role.REQUESTER, inputs.dialogue), said_by(Role.ANALYST, inputs.dialogue)
    alone = (await embedder.embed([text], "query"))[0]
    # what a bot said settles nothing: whoever writes after it still needs help
    before = [(line.role, line.text) for line in inputs.dialogue if line.role is not Role.BOT]
    needs = float(weights.assistance.share(assistance_features(text, alone, before, exemplars)[None], NEEDED)[0])
    still_failing = bool(replies) and bool(cues.FAILED.search(text))
    if needs < 0.5 and not still_failing and not (pictures and needs > _PICTURE_NEEDS):
        return Identified(QuestionClass.NO_ASSISTANCE_NEEDED, SMALL_TALK, 1.0 - needs)
    _, mixed = await dialogue_vector(text, earlier, replies, embedder)
    scope = await scope_vector(inputs.scope, embedder)
    seen = scope_features(text, mixed, scope, [p.cosine for p in inputs.known], exemplars)
    ours = float(weights.scope.share(seen[None], OURS)[0])
    if ours < OURS_FROM and not (language_of(text) == "zh" and (cues.TROUBLE.search(text) or keys(text))):
        return Identified(QuestionClass.OUT_OF_SCOPE, OUTSIDE, 1.0 - ours)
    return Identified(QuestionClass.WITHIN_SCOPE, INSIDE, ours)


_PICTURE_NEEDS = 0.25


def _pictures_only(pictures: bool) -> Identified:
    """A screenshot without words is a question; nothing at all is not."""
    if pictures:
        return Identified(QuestionClass.WITHIN_SCOPE, "a screenshot without words", 0.5)
    return Identified(QuestionClass.NO_ASSISTANCE_NEEDED, "an empty message", 1.0)
