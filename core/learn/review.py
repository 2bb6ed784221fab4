"""Ruling on the entries behind an unaccepted answer, from everything that people said after it (DESIGN 6, Review).

An engine proposes, the rules of this module decide: only an analyst's words after the answer can delete or update, those of a
presumed analyst only once the requester confirms them, and what is unclear is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from core.domain.answers import Answer
from core.domain.dialogue import Line
from core.domain.ids import AnswerId, EntryId, SessionId
from core.domain.people import Role, RoleBasis
from core.domain.reviews import CitedEntry, EntryRuling, GivenAnswer, Review, ReviewInput, Verdict, Verdicts
from core.domain.tasks import Reply, Usage
from core.learn.teaching import has_a_say
from core.ports.engine import Engine
from core.prompts.clip import UNHURRIED_CHARS, recent, shortened
from core.prompts.requests import review_request
from core.session.answered import reply_answers, says_something
from core.text.reasons import short_reason

SURE = 0.5
"""Least confidence of a ruling that changes something; below, the reviewer is unsure (DESIGN 6: unsure keeps)."""
BY_RULE = "rule"
"""The model of a review that needed none: no analyst has said anything since the answer."""
UNANSWERED = "no analyst has said anything since"
UNSURE = "the reviewer is unsure"
NO_CORRECTION = "no analyst has corrected it"
UNCONFIRMED = "the requester has not confirmed what a presumed analyst said"
NOTHING_NEW = "the correction brings no text of its own"


async def review(inputs: ReviewInput, engine: Engine, about: SessionId | None = None) -> Reply[Review]:
    """Ask the engine for its rulings. Where no analyst has spoken since the first answer it is not asked: all is kept."""
    inputs = _clipped(inputs)
    if not _analysts_since(inputs):
        kept = tuple(EntryRuling(one.n, Verdict.KEEP, UNANSWERED, confidence=1.0) for one in inputs.cited)
        return Reply(Review(kept), BY_RULE, Usage(), 0.0)
    return await engine.perform(review_request(inputs, about))


def rulings(review: Review, inputs: ReviewInput) -> tuple[EntryRuling, ...]:
    """Give what holds of a review: one ruling for each cited entry, kept where the rules do not allow more."""
    said = {one.n: one for one in reversed(review.rulings)}
    missing = EntryRuling(0, Verdict.KEEP, UNSURE)
    return tuple(_held(replace(said.get(one.n, missing), n=one.n), inputs) for one in inputs.cited)


def _held(ruling: EntryRuling, inputs: ReviewInput) -> EntryRuling:
    ruling = replace(ruling, reason=short_reason(ruling.reason))
    if ruling.verdict is Verdict.KEEP:
        return ruling
    since = {line.id: line for line in _analysts_since(inputs) if says_something(line.text)}
    carried = tuple(dict.fromkeys(m for m in ruling.correction if m in since))
    if not carried:
        return _kept(ruling, NO_CORRECTION)
    if ruling.confidence < SURE:
        return _kept(ruling, UNSURE)
    confirmed = ruling.confirmed and has_a_say([since[m] for m in carried], inputs.dialogue)
    if not confirmed and all(since[m].basis is RoleBasis.PRESUMED for m in carried):
        return _kept(ruling, UNCONFIRMED)
    if ruling.verdict is Verdict.DELETE:
        return replace(ruling, correction=carried, lesson=None)
    if ruling.lesson is None or not ruling.lesson.answer.strip():
        return _kept(ruling, NOTHING_NEW)
    lesson = replace(ruling.lesson, from_messages=carried, confirmed=confirmed)
    return replace(ruling, correction=carried, lesson=lesson)


def _kept(ruling: EntryRuling, reason: str) -> EntryRuling:
    return EntryRuling(ruling.n, Verdict.KEEP, reason, confidence=ruling.confidence)


def _analysts_since(inputs: ReviewInput) -> list[Line]:
    """What analysts said after the first answer. Where nobody saw one, only their own answers to the question count."""
    first = min(answer.at for answer in inputs.answers)
    said = [
        line
        for line in inputs.dialogue
        if line.role is Role.ANALYST and line.at >= first and line.id not in inputs.asked_in and line.text.strip()
    ]
    seen = any(answer.seen for answer in inputs.answers)
    return said if seen else [line for line in said if reply_answers(line.text)]


def given(answers: Sequence[Answer], cited: Sequence[CitedEntry], at: Mapping[AnswerId, datetime]) -> list[GivenAnswer]:
    """Answers with their markers renumbered to the cited entries. ``at`` says when one was made that people did not see."""
    numbers = {one.entry.id: one.n for one in cited}
    return [_given(answer, numbers, answer.sent_at or at[answer.id]) for answer in answers]


def _given(answer: Answer, numbers: Mapping[EntryId, int], at: datetime) -> GivenAnswer:
    new = {c.n: numbers[c.entry] for c in answer.citations if c.entry in numbers}
    claims = tuple(replace(claim, cites=tuple(new[n] for n in claim.cites if n in new)) for claim in answer.claims)
    return GivenAnswer(answer.id, replace(answer, claims=claims).marked_text, at, answer.sent_at is not None)


def verdicts(held: Sequence[EntryRuling], inputs: ReviewInput, answers: Sequence[Answer]) -> tuple[Verdicts, ...]:
    """What holds, told per answer: its cited entries by verdict and reason."""
    entries = {one.n: one for one in inputs.cited}
    found: list[Verdicts] = []
    for answer in answers:
        cites = {citation.entry for citation in answer.citations}
        own = [r for r in held if entries[r.n].entry.id in cites]
        for verdict, reason in dict.fromkeys((r.verdict, r.reason) for r in own):
            those = [entries[r.n].entry.id for r in own if (r.verdict, r.reason) == (verdict, reason)]
            found.append(Verdicts(answer.id, verdict, tuple(those), reason))
    return tuple(found)


def _clipped(inputs: ReviewInput) -> ReviewInput:
    """What a prompt would show of it, for every engine: the offline one reads a pasted log of a megabyte for ten seconds."""
    read = recent(inputs.dialogue, inputs.asked_in, UNHURRIED_CHARS)
    return replace(inputs, dialogue=tuple(replace(line, text=shortened(line.text)) for line in read))
