"""Review without a model: has an analyst corrected the answer, is the entry fit for the question, is it another cause?

Three linear classifiers over the signs of every analyst's message after the answer, fitted on the project's own reviews
(``reviews.jsonl`` beside this file). Nothing is deleted or worded anew without words that
say so, and what lies between is kept.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from adapters.engine.offline import review_cues
from adapters.engine.offline.extract import helpful_part
from adapters.engine.offline.fields import conditions_of, object_of, symptom_of
from adapters.engine.offline.linear import Linear, fit_linear
from adapters.engine.offline.reports import verdict as reported
from adapters.engine.offline.review_signs import CORRECTED, OTHER_CAUSE, UNFIT, Case, Signs, row, signs_of
from adapters.engine.offline.standing import stands_alone
from core.domain.people import Role
from core.domain.reviews import CitedEntry, EntryRuling, Review, ReviewInput, Verdict
from core.domain.tasks import Lesson, Line
from core.ports.embedder import Embedder
from core.text.opposites import denies, differs
from core.text.sentences import sentences
from core.text.terms import keys

YES = "yes"
NO = "no"
SURELY_CORRECTED = 0.8
SURELY_UNFIT = 0.65
SURELY_FIT = 0.35
LEAST_ALIKE = 0.3
PERHAPS_OTHER_CAUSE = 0.4
"""Cutoffs on the classifiers' probabilities, set by cross-validation over both halves of the own reviews for few wrong changes:
what lies between
``SURELY_FIT`` and ``SURELY_UNFIT`` is kept. ``LEAST_ALIKE`` is how near (0..1) an entry's question must come to the one asked
for a detail of it to be at stake. To stand beside an entry harms less than to word it anew."""
_INVERSE_PENALTY = 1.0
_INVERSE_PENALTY_UNFIT = 0.5
AGREED = "no analyst's words correct it"
UNCLEAR = "whether it is wrong or only lacks something is unclear"
WRONG = "an analyst says that it is not the answer to this question"
DETAIL = "an analyst adds or corrects a detail"
SIBLING = "an analyst names another cause"
MOST_ANSWER_CHARS = 4000


@dataclass(frozen=True, slots=True, eq=False)
class ReviewWeights:
    """The classifiers: is it a correction, is the entry unfit, is it another cause; classes ``yes`` and ``no``."""

    corrected: Linear
    unfit: Linear
    other_cause: Linear


async def review(inputs: ReviewInput, embedder: Embedder, statements: Linear, weights: ReviewWeights) -> Review:
    """Rule on every cited entry."""
    since = min(answer.at for answer in inputs.answers)
    after = [line for line in inputs.dialogue if line.at >= since and line.id not in inputs.asked_in]
    seen = any(answer.seen for answer in inputs.answers)
    rulings = [await _rule(cited, inputs, after, seen, embedder, statements, weights) for cited in inputs.cited]
    return Review(tuple(rulings))


async def _rule(
    cited: CitedEntry, inputs: ReviewInput, after: Sequence[Line], seen: bool, embedder: Embedder, statements: Linear,
    weights: ReviewWeights,
) -> EntryRuling:  # fmt: skip
    entry = cited.current
    answer = "\n".join(one.text for one in inputs.answers)
    said = tuple((line.role, line.text) for line in after)
    case = Case(inputs.question, answer, entry.question or entry.title, entry.answer, said)
    signs = await signs_of(case, statements, embedder)
    if not signs:
        return EntryRuling(cited.n, Verdict.KEEP, AGREED, confidence=1.0)
    named = _named(after, signs)
    if named is not None:
        place, verdict, sure, corrected = named[0], named[1], 1.0, 1.0
    else:
        place = max(signs, key=lambda i: (_share(weights.corrected, signs[i], CORRECTED), -i))
        corrected = _share(weights.corrected, signs[place], CORRECTED)
        verdict, sure = _verdict(signs[place], weights)
        if _withheld(after, place, signs[place]) or not (seen or denies(answer, after[place].text)):
            corrected = 0.0
    if corrected < SURELY_CORRECTED:
        return EntryRuling(cited.n, Verdict.KEEP, AGREED, confidence=1.0 - corrected)
    if verdict is Verdict.KEEP:
        return EntryRuling(cited.n, Verdict.KEEP, UNCLEAR, confidence=0.5)
    confirmed = _confirmed(after, place)
    carried = (after[place].id,)
    if verdict is Verdict.DELETE:
        return EntryRuling(cited.n, verdict, WRONG, carried, confirmed=confirmed, confidence=sure)
    sibling = named is not None or _share(weights.other_cause, signs[place], OTHER_CAUSE) >= PERHAPS_OTHER_CAUSE
    told = await helpful_part(after[place].text, embedder, statements)
    if not stands_alone(told):
        return EntryRuling(cited.n, Verdict.KEEP, UNCLEAR, confidence=0.5)
    lesson = _lesson(told, cited, inputs, after[place], sibling, confirmed)
    reason = SIBLING if sibling else DETAIL
    return EntryRuling(cited.n, verdict, reason, carried, sibling, confirmed, sure, lesson=lesson)


def _named(after: Sequence[Line], signs: Mapping[int, Signs]) -> tuple[int, Verdict] | None:
    """The last message of an analyst that calls the card wrong or names another cause, unless it is unsure or taken back."""
    for place in sorted(signs, reverse=True):
        text = after[place].text
        if review_cues.RETRACTS.search(text):
            return None
        if review_cues.UNSURE.search(text):
            continue
        if review_cues.CARD_WRONG.search(text):
            return place, Verdict.DELETE
        if review_cues.CAUSE_NAMED.search(text):
            return place, Verdict.UPDATE
    return None


_ASKS = re.compile("[?？]")


def _withheld(after: Sequence[Line], place: int, signs: Signs) -> bool:
    """Whether something speaks against taking a message for a correction: it answers something else, nobody stands behind it,
    somebody takes it back, or the requester had found before that the answer works."""
    before = [line.text for line in after[:place] if line.role is Role.REQUESTER]
    asked_last = bool(after[:place]) and bool(_ASKS.search(after[place - 1].text))
    later = [line.text for line in after[place:] if line.role is Role.ANALYST]
    return (
        asked_last
        or bool(signs["further"])
        or bool(review_cues.UNSURE.search(after[place].text))
        or any(review_cues.RETRACTS.search(text) for text in later)
        or any(reported(text)[0] for text in before)
    )


def _verdict(signs: Signs, weights: ReviewWeights) -> tuple[Verdict, float]:
    """Delete where the words deny it, update where they speak of a detail, keep where neither is sure. Where the entry tells of
    a symptom, what is only denied may be another cause of it."""
    unfit = _share(weights.unfit, signs, UNFIT)
    denied = signs["denies"] and signs["how_to"] and not signs["detail"] and not signs["same_numbers"]
    detail = not signs["bot_wrong"] and not signs["denies_first"] and (signs["moved_numbers"] or signs["detail"])
    if unfit >= SURELY_UNFIT and (signs["bot_wrong"] or denied) and not signs["way"]:
        return Verdict.DELETE, unfit
    if unfit < SURELY_FIT and detail and max(signs["entry_fits"], signs["asked_alike"]) >= LEAST_ALIKE:
        return Verdict.UPDATE, 1.0 - unfit
    return Verdict.KEEP, 0.0


def _share(linear: Linear, signs: Signs, names: tuple[str, ...]) -> float:
    return float(linear.share(row(signs, names)[None], YES)[0])


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


async def fit_reviews(embedder: Embedder, statements: Linear) -> ReviewWeights:
    """Fit the classifiers on the own reviews."""
    rows = [json.loads(line) for line in files(__package__).joinpath("reviews.jsonl").read_text("utf-8").splitlines()]
    corrected: list[tuple[Signs, str]] = []
    unfit: list[tuple[Signs, str]] = []
    other: list[tuple[Signs, str]] = []
    for one in rows:
        signs = await signs_of(_case(one), statements, embedder)
        carries = [message["id"] == one["correction"] for message in one["follow_up"]]
        for place, seen in signs.items():
            corrected.append((seen, _yes(carries[place])))
            if carries[place]:
                unfit.append((seen, _yes(one["verdict"] == Verdict.DELETE)))
                if one["verdict"] == Verdict.UPDATE:
                    other.append((seen, _yes(one["sibling"])))
    return ReviewWeights(
        _fit(corrected, CORRECTED, _INVERSE_PENALTY),
        _fit(unfit, UNFIT, _INVERSE_PENALTY_UNFIT),
        _fit(other, OTHER_CAUSE, _INVERSE_PENALTY),
    )


def _case(one: dict[str, object]) -> Case:
    entry, said = one["entry"], one["follow_up"]
    assert isinstance(entry, dict), "the own reviews have an entry"
    assert isinstance(said, list), "the own reviews have a follow-up"
    asked = str(entry["question"] or entry["title"])
    told = tuple((Role(message["role"]), str(message["text"])) for message in said)
    return Case(str(one["question"]), str(one["answer"]), asked, str(entry["answer"]), told)


def _yes(true: bool) -> str:
    return YES if true else NO


def _fit(rows: Sequence[tuple[Signs, str]], names: tuple[str, ...], inverse_penalty: float) -> Linear:
    return fit_linear(np.stack([row(signs, names) for signs, _ in rows]), [label for _, label in rows], inverse_penalty)
