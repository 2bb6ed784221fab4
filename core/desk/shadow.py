"""What Vigil would have said where it only records, and what analysts said instead (UX: shadow mode's report).

How an unseen answer compares with the analyst's own is taken from what learning has put on record, and from nothing else: the
analyst's answer *confirmed* the cited entry, or a review or the lesson has corrected or retired it. Where an analyst answered
and neither happened, nobody knows whether they said the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.desk.thread import job_name, review_name
from core.domain.answers import Answer
from core.domain.channels import ChannelRef
from core.domain.ids import EntryId, QuestionId
from core.domain.knowledge import ChangeKind, KnowledgeEntry
from core.domain.sessions import Delivery, Question, QuestionClass, Session, Turn, TurnQuestion
from core.knowledge.ledger import standing
from core.ports.records import UnitOfWork
from core.session.answered import human_answered
from core.session.transcript import after


class Comparison(StrEnum):
    """How an unseen answer compares with what the analyst said: the ``same``, as learning found; ``corrected`` in part;
    ``wrong``, so that a cited entry was retired or a document flagged; ``unclear``, where nothing on record compares the two;
    ``unanswered``, where no analyst answered."""

    SAME = "same"
    CORRECTED = "corrected"
    WRONG = "wrong"
    UNCLEAR = "unclear"
    UNANSWERED = "unanswered"


_MEANS = {
    ChangeKind.CONFIRMED: Comparison.SAME,
    ChangeKind.UPDATED: Comparison.CORRECTED,
    ChangeKind.RETIRED: Comparison.WRONG,
}
_WORST_FIRST = (Comparison.WRONG, Comparison.CORRECTED, Comparison.SAME)


@dataclass(frozen=True, slots=True)
class Unseen:
    """An answer that was only recorded: its question, its thread, how it compares, and what an analyst ``said`` instead (empty
    where none answered)."""

    asked: str
    answer: Answer
    session: Session
    comparison: Comparison
    said: str = ""


@dataclass(slots=True)
class Topic:
    """The unseen answers that rest on one object or, where an entry names none, on one entry: newest first."""

    name: str
    unseen: list[Unseen] = field(default_factory=list)

    def count(self, comparison: Comparison) -> int:
        """How many of them compare so."""
        return sum(one.comparison is comparison for one in self.unseen)


@dataclass(frozen=True, slots=True)
class ShadowReport:
    """What was asked in scope, and the topics of what would have been answered, those with the most answers first."""

    asked: int
    topics: tuple[Topic, ...]

    def count(self, comparison: Comparison) -> int:
        """How many unseen answers of all topics compare so."""
        return sum(topic.count(comparison) for topic in self.topics)

    @property
    def answers(self) -> int:
        """How many answers would have been given."""
        return sum(len(topic.unseen) for topic in self.topics)


async def shadow_report(work: UnitOfWork, channel: ChannelRef, since: datetime, most_turns: int) -> ShadowReport:
    """The report of one channel from its newest turns since then that nobody saw anything of, at most ``most_turns``."""
    turns = await work.overview.unseen(channel, since, most_turns)
    asked: set[QuestionId] = set()
    topics: dict[str, Topic] = {}
    for turn in turns:
        for told in turn.questions:
            question = await _root(work, told.question)
            if told.class_ is not QuestionClass.WITHIN_SCOPE or question is None or question.id in asked:
                continue
            asked.add(question.id)
            one = await _unseen(work, turn, told, question)
            name = await _topic(work, one.answer) if one else ""
            if one:
                topics.setdefault(name, Topic(name)).unseen.append(one)
    return ShadowReport(len(asked), tuple(sorted(topics.values(), key=lambda topic: (-len(topic.unseen), topic.name))))


async def _root(work: UnitOfWork, name: QuestionId) -> Question | None:
    """The question that this one went into, or itself."""
    question, passed = await work.questions.get(name), {name}
    while question and question.merged_into and question.merged_into not in passed:
        passed.add(question.merged_into)
        question = await work.questions.get(question.merged_into)
    return question


async def _unseen(work: UnitOfWork, turn: Turn, told: TurnQuestion, question: Question) -> Unseen | None:
    answer = await work.answers.get(told.answer) if told.answer and turn.delivery is Delivery.SHADOW else None
    session = await work.sessions.get(turn.session) if answer else None
    if answer is None or session is None:
        return None
    said = await _said(work, turn)
    comparison = Comparison.UNANSWERED if said is None else await _comparison(work, answer, question)
    return Unseen(told.query, answer, session, comparison, said or "")


async def _said(work: UnitOfWork, turn: Turn) -> str | None:
    """The analyst's words that answered; ``None`` where nobody's did."""
    messages = await work.messages.of_session(turn.session)
    burst = [message for message in messages if message.id in turn.messages]
    later = after(messages, burst) if burst else ()
    if not human_answered(later):
        return None
    return next((message.text for message in later if human_answered([message])), "")


async def _comparison(work: UnitOfWork, answer: Answer, question: Question) -> Comparison:
    found = {await _found(work, cited.entry, question) for cited in answer.citations}
    if await _beside(work, answer, question):
        found.add(Comparison.CORRECTED)
    return next((one for one in _WORST_FIRST if one in found), Comparison.UNCLEAR)


async def _found(work: UnitOfWork, entry: EntryId, question: Question) -> Comparison | None:
    """What the analyst's answer did to a cited entry, as far as that holds still."""
    review = review_name(question.id)
    flags = [row for row in await work.feedback.of_target("entry", entry) if row.actor == review]
    if flags and flags[-1].kind == "correction":
        return Comparison.WRONG
    history = await work.ledger.history(entry)
    did = [one for job in (review, job_name(question.id)) if (one := standing(history, job))]
    return next((_MEANS[one.change] for one in did if one.change in _MEANS), None)


async def _beside(work: UnitOfWork, answer: Answer, question: Question) -> bool:
    """Whether the review has put an entry beside the cited ones: another cause, or other conditions."""
    job, cited = review_name(question.id), {one.entry for one in answer.citations}
    others = [entry for entry in await work.ledger.touched_by(job) if entry not in cited]
    return any([standing(await work.ledger.history(entry), job) is not None for entry in others])


async def _topic(work: UnitOfWork, answer: Answer) -> str:
    head = await work.ledger.head(answer.citations[0].entry)
    return _name(head.after) if head else answer.citations[0].title


def _name(entry: KnowledgeEntry) -> str:
    return entry.object or entry.title


def wrong_first(topics: Sequence[Topic]) -> list[Unseen]:
    """The unseen answers that were not right, the wrong ones first."""
    unseen = [one for topic in topics for one in topic.unseen]
    return [one for kind in (Comparison.WRONG, Comparison.CORRECTED) for one in unseen if one.comparison is kind]
