"""Review in the learn lane: rules on the entries behind Vigil's answers, in the light of what people said after them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.desk.context import Desk
from core.desk.thread import Thread, review_name
from core.domain.answers import Answer
from core.domain.ids import EntryId, MessageId, QuestionId
from core.domain.knowledge import Revision
from core.domain.reviews import CitedEntry, EntryRuling, Review, ReviewInput, Verdict
from core.domain.sessions import Delivery, Question, QuestionState
from core.domain.tasks import Reply
from core.knowledge.ledger import standing
from core.knowledge.parts import history_as_cited
from core.knowledge.quarantine import same_content
from core.learn.apply import Change, plan
from core.learn.corrections import Add, Correction, Retire, Reword, Scene, correction_of, subject_of
from core.learn.review import given, review, rulings

CHANGED_SINCE = "somebody has changed the entry since it was reviewed"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One question after review: what the engine said, what holds of it, and what that changes. ``heads`` are the revisions
    that were looked at; ``added`` are the entries to stand beside cited ones, with what they are to their neighbours."""

    question: Question
    inputs: ReviewInput
    answers: tuple[Answer, ...]
    reply: Reply[Review]
    held: tuple[EntryRuling, ...]
    corrections: tuple[Correction, ...]
    heads: Mapping[EntryId, int]
    added: tuple[Change, ...] = ()

    @property
    def opens(self) -> bool:
        """Whether extract is to look for a human answer: an entry was unfit, or nobody saw the answer. What the review itself
        has taught is not learned twice."""
        deleted = any(one.verdict is Verdict.DELETE for one in self.held)
        return not self.teaches and (deleted or not self.seen)

    @property
    def seen(self) -> bool:
        """Whether people saw an answer."""
        return any(answer.seen for answer in self.inputs.answers)

    @property
    def teaches(self) -> bool:
        """Whether the review brings new words of its own."""
        return any(isinstance(one, Reword | Add) for one in self.corrections)

    @property
    def taught_by(self) -> MessageId | None:
        """The first message that changes something; ``None`` when all is kept."""
        return next((one.correction[0] for one in self.held if one.correction), None)

    @property
    def leaving(self) -> frozenset[EntryId]:
        """The entries that are about to change or go."""
        return frozenset(subject_of(one) for one in self.corrections if isinstance(one, Retire | Reword))


async def review_all(thread: Thread, desk: Desk, now: datetime) -> dict[QuestionId, Reviewed]:
    """Review every question of the session that Vigil answered and nobody has accepted."""
    if not desk.policy.review:
        return {}
    found: dict[QuestionId, Reviewed] = {}
    for question in thread.questions:
        answers = _answers(question, thread)
        if answers and question.merged_into is None and question.state is not QuestionState.ACCEPTED:
            one = await _review(question, answers, thread, desk, now)
            if one is not None:
                found[question.id] = one
    return found


def _answers(question: Question, thread: Thread) -> tuple[Answer, ...]:
    """The answers to a question, and to those that went into it, that people saw or that were only recorded, without those to a
    question that was accepted."""
    merged = {q.id: q.merged_into for q in thread.questions}
    accepted = {q.id for q in thread.questions if q.state is QuestionState.ACCEPTED}
    recorded = {q.answer for turn in thread.turns if turn.delivery is Delivery.SHADOW for q in turn.questions}
    return tuple(
        answer for answer in thread.answers
        if answer.question not in accepted and _root(answer.question, merged) == question.id
        and (answer.sent_at is not None or answer.id in recorded)
    )  # fmt: skip


def _root(question: QuestionId, merged: Mapping[QuestionId, QuestionId | None]) -> QuestionId:
    passed = {question}
    while (further := merged.get(question)) is not None and further not in passed:
        passed.add(further)
        question = further
    return question


async def _review(
    question: Question, answers: tuple[Answer, ...], thread: Thread, desk: Desk, now: datetime
) -> Reviewed | None:
    async with desk.records.read() as work:
        revisions = {c.entry: c.revision for answer in answers for c in answer.citations}
        histories = {entry: await history_as_cited(work, entry, n) for entry, n in revisions.items()}
    job = review_name(question.id)
    known = [(history, revisions[entry]) for entry, history in histories.items() if history]
    cited = tuple(_cited(n, history, revision, job) for n, (history, revision) in enumerate(known, start=1))
    if not cited:
        return None
    at = {q.answer: turn.at for turn in thread.turns for q in turn.questions if q.answer}
    inputs = ReviewInput(
        question.query, question.asked_at, question.messages, tuple(given(answers, cited, at)), cited, thread.dialogue
    )
    reply = await review(inputs, desk.engine, thread.session.id)
    held = tuple(
        _unless_changed(one, histories[cited[one.n - 1].entry.id], job) for one in rulings(reply.output, inputs)
    )
    scene = Scene(question, thread.dialogue, thread.channel, thread.customer, thread.lexicon, now)
    corrections = tuple(c for one in held if (c := correction_of(one, cited[one.n - 1], scene)))
    heads = {entry: history[-1].n for entry, history in histories.items() if history}
    return await _planned(Reviewed(question, inputs, answers, reply, held, corrections, heads), desk)


def _cited(n: int, history: Sequence[Revision], revision: int, job: str) -> CitedEntry:
    """An entry as it was cited and as it stands without what an earlier run of this review did to it."""
    used, own = history[min(revision, len(history)) - 1].after, standing(history, job)
    now = history[-2].after if own is history[-1] and own.n > 1 else history[-1].after
    return CitedEntry(n, used, revision, None if same_content(used, now) else now)


def _unless_changed(ruling: EntryRuling, history: Sequence[Revision], job: str) -> EntryRuling:
    """What this review has done and somebody has changed since stays as they left it."""
    own = standing(history, job)
    return ruling if own is None or own is history[-1] else EntryRuling(ruling.n, Verdict.KEEP, CHANGED_SINCE)


async def _planned(one: Reviewed, desk: Desk) -> Reviewed:
    """Compare what is to be added with what is known; the cited entry stays as it is."""
    additions = [c for c in one.corrections if isinstance(c, Add)]
    if not additions:
        return one
    await desk.projector.flush()
    tools = (desk.store, desk.embedder, desk.calibration)
    return replace(one, added=tuple([await plan(a.learned, *tools, one.leaving | {a.beside}) for a in additions]))
