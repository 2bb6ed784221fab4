"""Review without a model: has an analyst corrected the answer, is the entry fit for the question, is it another cause?

One linear classifier over what can be seen of every analyst's message after the answer (``review_signs``), fitted on the
project's own reviews (``review_fit``). Nothing is deleted or worded anew without words that amount to a correction, and what
is unsure is kept.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adapters.engine.offline import review_cues
from adapters.engine.offline.extract import cleaned, helpful_part
from adapters.engine.offline.fields import conditions_of, object_of, symptom_of
from adapters.engine.offline.linear import Linear
from adapters.engine.offline.reports import verdict as reported
from adapters.engine.offline.review_signs import (
    DELETE,
    DETAIL,
    SIBLING,
    Case,
    beside,
    contradicts,
    features_of,
    numbers,
    withdrawn,
)
from adapters.engine.offline.standing import stands_alone
from core.domain.dialogue import Line
from core.domain.people import Role
from core.domain.reviews import CitedEntry, EntryRuling, Review, ReviewInput, Verdict
from core.domain.tasks import Lesson
from core.ports.embedder import Embedder
from core.text.opposites import denies, differs
from core.text.sentences import sentences
from core.text.terms import keys

AGREED = "no analyst's words correct it"
UNCLEAR = "whether it is wrong or only lacks something is unclear"
WRONG = "an analyst says that it is not the answer to this question"
CHANGED = "an analyst adds or corrects a detail"
ANOTHER = "an analyst names another cause"
LEAST_CORRECTED = 0.5
"""Below, it is more likely than not that nothing was corrected."""
PERHAPS_OTHER_CAUSE = 0.4
"""Share of what speaks for an update from which on it is another cause: to stand beside an entry harms less than to word it
anew."""
MOST_ANSWER_CHARS = 4000


@dataclass(frozen=True, slots=True, eq=False)
class ReviewWeights:
    """The classifier of analysts' messages (``none``, ``delete``, ``detail``, ``sibling``) and the least probability, 0..1, at
    which something is deleted (``delete_at``) or updated (``update_at``: detail and sibling together)."""

    linear: Linear
    delete_at: float
    update_at: float


@dataclass(frozen=True, slots=True)
class Correction:
    """What the message at ``place`` most likely does: the probabilities, 0..1, that it deletes the entry, puts a detail of it
    right, or names another cause."""

    place: int
    delete: float = 0.0
    detail: float = 0.0
    sibling: float = 0.0

    @property
    def any(self) -> float:
        """That it corrects anything."""
        return self.delete + self.update

    @property
    def update(self) -> float:
        """That it brings something to write down."""
        return self.detail + self.sibling


async def review(inputs: ReviewInput, embedder: Embedder, statements: Linear, weights: ReviewWeights) -> Review:
    """Rule on every cited entry."""
    since = min(answer.at for answer in inputs.answers)
    after = [
        line for line in inputs.dialogue if line.at >= since and line.id not in inputs.asked_in and line.text.strip()
    ]
    seen = any(answer.seen for answer in inputs.answers)
    rulings: list[EntryRuling] = []
    for cited in inputs.cited:
        case = _case(cited, inputs, after)
        features = await features_of(case, statements, embedder)
        if not seen:  # what was not said to an answer corrects it only where it contradicts it
            features = {place: one for place, one in features.items() if contradicts(case, place)}
        found = likeliest(case, features, weights.linear)
        rulings.append(await _ruling(found, cited, inputs, after, weights, embedder, statements))
    return Review(tuple(rulings))


_MARKER = re.compile(r"\s*\[\d{1,3}\]")


def _case(cited: CitedEntry, inputs: ReviewInput, after: Sequence[Line]) -> Case:
    entry, answer = cited.current, "\n".join(_MARKER.sub("", one.text) for one in inputs.answers)
    said = tuple((line.role, line.text) for line in after)
    return Case(inputs.question, answer, entry.question or entry.title, entry.answer, said)


def likeliest(case: Case, features: Mapping[int, NDArray[np.float32]], linear: Linear) -> Correction:
    """Give what the message says that most likely corrects something, of two alike the later."""
    found = [_correction(case, place, one, linear) for place, one in features.items()]
    return max(found, key=lambda one: (one.any, one.place), default=Correction(0))


def _correction(case: Case, place: int, features: NDArray[np.float32], linear: Linear) -> Correction:
    """Judge one message."""
    text = case.said[place][1]
    if withdrawn(case, place):
        return Correction(place)
    if review_cues.CARD_WRONG.search(text):
        return Correction(place, delete=1.0)
    if review_cues.CAUSE_NAMED.search(text):
        return Correction(place, sibling=1.0)
    if beside(case, place):
        return Correction(place)
    shares = dict(zip(linear.classes, linear.shares(features[None])[0].tolist(), strict=True))
    delete = 0.0 if review_cues.AGREES.search(text) else shares[DELETE]
    return Correction(place, delete, shares[DETAIL], shares[SIBLING])


def _verdict(found: Correction, weights: ReviewWeights) -> Verdict:
    if found.delete >= weights.delete_at:
        return Verdict.DELETE
    return Verdict.UPDATE if found.update >= weights.update_at else Verdict.KEEP


async def _ruling(
    found: Correction, cited: CitedEntry, inputs: ReviewInput, after: Sequence[Line], weights: ReviewWeights,
    embedder: Embedder, statements: Linear,
) -> EntryRuling:  # fmt: skip
    verdict = _verdict(found, weights)
    if verdict is Verdict.KEEP:
        reason = UNCLEAR if found.any >= LEAST_CORRECTED else AGREED
        return EntryRuling(cited.n, verdict, reason, confidence=1.0 - found.any)
    line, confirmed = after[found.place], _confirmed(after, found.place)
    if verdict is Verdict.DELETE:
        return EntryRuling(cited.n, verdict, WRONG, (line.id,), confirmed=confirmed, confidence=found.delete)
    sibling = found.sibling >= PERHAPS_OTHER_CAUSE * found.update
    told = await helpful_part(line.text, embedder, statements)
    if not stands_alone(told):
        told = "" if sibling or not cited.learned else _moved_numbers(line.text, cited.current.answer)
    if not told:
        return EntryRuling(cited.n, Verdict.KEEP, UNCLEAR, confidence=0.5)
    lesson = _lesson(told, cited, inputs, line, sibling, confirmed)
    reason = ANOTHER if sibling else CHANGED
    return EntryRuling(cited.n, verdict, reason, (line.id,), sibling, confirmed, found.update, lesson=lesson)


def _moved_numbers(text: str, known: str) -> str:
    """The sentences that bring numbers which the entry has not: they may be short, because its question is known."""
    brings = [one.text for one in sentences(text) if numbers(one.text) - numbers(known)]
    return " ".join(piece for piece in map(cleaned, brings) if piece)


def _confirmed(after: Sequence[Line], place: int) -> bool:
    """Whether the requester says next that it was right."""
    said = [line.text for line in after[place + 1 :] if line.role is Role.REQUESTER]
    return bool(said) and reported("\n".join(said))[0]


def _lesson(told: str, cited: CitedEntry, inputs: ReviewInput, line: Line, sibling: bool, confirmed: bool) -> Lesson:
    """The correction in the analyst's words; for a detail with what still holds of the entry behind it."""
    entry = cited.current
    apart = sibling or not cited.learned
    answer = told if apart else f"{told} {_still_true(entry.answer, told)}".strip()
    return Lesson(
        object=object_of(inputs.question, told) if apart else entry.object,
        symptom=symptom_of(told) if apart else entry.symptom,
        conditions=conditions_of(answer),
        answer=answer[:MOST_ANSWER_CHARS],
        keys=tuple(dict.fromkeys((*keys(inputs.question), *keys(answer))))[:20],
        from_messages=(line.id,),
        expires_at=None,
        confirmed=confirmed,
        confidence=1.0,
    )


def _still_true(known: str, told: str) -> str:
    """What an entry says but for the sentences that the correction denies; one that names its own conditions denies nothing."""
    if conditions_of(told):
        return known
    kept = [s.text for s in sentences(known) if not (denies(s.text, told) or differs(s.text, told))]
    return " ".join(kept)
