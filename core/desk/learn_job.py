"""The learn lane: what a session's dialogue taught, written to the ledger in the transaction that completes the job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.desk.caps import OVER_CAP, next_day, within_caps
from core.desk.context import Desk
from core.desk.respond_job import classify_late
from core.desk.review_job import Reviewed, review_all
from core.desk.review_write import outdated, write_review
from core.desk.thread import Thread, job_name, load, review_name, still_says
from core.domain.ids import EntryId, MessageId, QuestionId, SessionId
from core.domain.jobs import Job, JobOrder, Lane
from core.domain.sessions import Delivery, Message, Phase, Question, QuestionClass, QuestionState, Turn
from core.domain.tasks import Extraction, Lesson, NotKnownYet, Reply
from core.knowledge.ledger import Because
from core.learn.apply import Change, plan, relearn, stands, unlearn
from core.learn.extract import Learned, entry_id, extract, learned
from core.learn.said import unsaid
from core.ports.records import UnitOfWork
from core.prompts.runs import Occasion, run_of
from core.prompts.tasks import extract_task
from core.session.answered import human_answered
from core.session.transcript import after
from core.text.reasons import short_reason

PROJECT_WITHIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Lessons:
    """One question after extract: what was found, what to write, and the questions that the same solution answers."""

    question: Question
    reply: Reply[Extraction]
    change: Change | None
    reason: str = ""
    along: tuple[Question, ...] = ()

    @property
    def taught_by(self) -> MessageId | None:
        """The first message that the lesson comes from; ``None`` when there is none."""
        return self.change.learned.lesson.from_messages[0] if self.change else None


async def learn_job(job: Job, desk: Desk) -> None:
    """Review the questions of the session that Vigil answered, extract from the others and from those that it answered wrongly,
    and write what is new, changed or gone."""
    thread = await load(SessionId(job.key), desk)
    if thread is None:
        async with desk.records.begin() as work:
            await work.jobs.finish(job)
        return
    now = desk.clock.now()
    late = await _classed_late(thread, desk)
    await _keep_classes(late, desk)
    learns = desk.policy.learns_at(now)
    reviewed = await review_all(thread, desk, now) if learns else {}
    thread = replace(thread, leaving=frozenset(entry for one in reviewed.values() for entry in one.leaving))
    found = await _extract_all(thread, late, reviewed, desk, now) if learns else []
    async with desk.records.begin() as work:
        if await outdated(work, list(reviewed.values())):
            await work.jobs.order(now, JobOrder(Lane.LEARN, job.key))
        elif await still_says(work, thread):
            changed, waits = await _write_all(work, reviewed, found, thread, desk, now)
            await _note_leads(work, thread)
            if changed:
                await work.jobs.order(now, JobOrder(Lane.PROJECT, "knowledge", PROJECT_WITHIN_S, PROJECT_WITHIN_S))
            if waits:
                await work.jobs.put_back(replace(job, run_at=next_day(now), attempts=0, reason=OVER_CAP))
                return
        await work.jobs.finish(job)


async def _write_all(
    work: UnitOfWork,
    reviewed: Mapping[QuestionId, Reviewed],
    found: Sequence[Lessons],
    thread: Thread,
    desk: Desk,
    now: datetime,
) -> tuple[bool, bool]:
    """Write what was found of every question that nobody has answered or accepted meanwhile; gives whether the ledger has
    changed, and whether lessons wait for the next day."""
    states = {q.id: q.state for q in await work.questions.of_session(thread.session.id)}
    still: list[Reviewed | Lessons] = [
        *(one for q, one in reviewed.items() if states[q] is not QuestionState.ACCEPTED),
        *(one for one in found if states[one.question.id] in (one.question.state, QuestionState.OPEN)),
    ]
    allowed = await within_caps(work, [_taught(one, thread) for one in still], desk.policy, now)
    changed = [await _write_one(work, one, thread, now) for one in allowed]
    return any(changed), len(allowed) < len(still)


async def _write_one(work: UnitOfWork, one: Reviewed | Lessons, thread: Thread, now: datetime) -> bool:
    if isinstance(one, Reviewed):
        return await write_review(work, one, thread, now)
    return await _write(work, one, thread, now)


def _taught(one: Reviewed | Lessons, thread: Thread) -> tuple[Reviewed | Lessons, str, Message | None]:
    """What is to be written with its job and the message that taught it, as the caps ask for it."""
    name = review_name if isinstance(one, Reviewed) else job_name
    return one, name(one.question.id), next((m for m in thread.messages if m.id == one.taught_by), None)


async def _classed_late(thread: Thread, desk: Desk) -> dict[QuestionId, Question]:
    """The questions whose turn could not class them, classed now."""
    unclassed = [q for q in thread.questions if q.class_ is None and q.merged_into is None]
    return {q.id: await classify_late(q, thread.session.id, desk) for q in unclassed}


async def _keep_classes(late: Mapping[QuestionId, Question], desk: Desk) -> None:
    """Put the classes on record before anything else is asked: what is known is not asked, and paid, again when the rest fails.
    Whatever else has become of a question meanwhile stays."""
    if not late:
        return
    async with desk.records.begin() as work:
        for question in late.values():
            now = await work.questions.get(question.id)
            if now is not None and now.class_ is None:
                await work.questions.put(replace(now, class_=question.class_))


async def _extract_all(
    thread: Thread,
    late: Mapping[QuestionId, Question],
    reviewed: Mapping[QuestionId, Reviewed],
    desk: Desk,
    now: datetime,
) -> list[Lessons]:
    """Extract per question; a solution that answers several of them is one lesson, of the first."""
    questions = [late.get(q.id, q) for q in thread.questions]
    due = [q for q in questions if _wants_extract(q, thread, reviewed.get(q.id), desk)]
    replies = [(q, await extract(q, thread.dialogue, thread.session.phase is Phase.CLOSED, desk.engine)) for q in due]
    await desk.projector.flush()
    lessons: list[Lessons] = []
    for question, reply in replies:
        found = reply.output.found
        first = _same_solution(found, lessons)
        if first is not None:
            lessons[first] = await _along(lessons[first], question, thread, desk, now)
        else:
            lessons.append(await _lesson(question, reply, thread, desk, now))
    return lessons


def _wants_extract(question: Question, thread: Thread, reviewed: Reviewed | None, desk: Desk) -> bool:
    if question.class_ is not QuestionClass.WITHIN_SCOPE or question.merged_into is not None:
        return False
    answered = question.state in (QuestionState.ANSWERED, QuestionState.ACCEPTED)
    if answered if reviewed is None else not reviewed.opens:
        return False
    final = thread.session.phase is Phase.CLOSED
    return question.id in thread.touched or final or question.tries < desk.policy.tries_before_close


def _same_solution(found: Lesson | NotKnownYet, lessons: Sequence[Lessons]) -> int | None:
    if isinstance(found, NotKnownYet):
        return None
    for index, lesson in enumerate(lessons):
        if lesson.change and set(found.from_messages) & set(lesson.change.learned.lesson.from_messages):
            return index
    return None


async def _lesson(
    question: Question,
    reply: Reply[Extraction],
    thread: Thread,
    desk: Desk,
    now: datetime,
    along: tuple[Question, ...] = (),
) -> Lessons:
    found = reply.output.found
    if isinstance(found, NotKnownYet):
        return Lessons(question, reply, None, short_reason(found.reason))
    if foreign := unsaid(found, thread.dialogue):
        return Lessons(question, reply, None, foreign)
    asked = replace(
        question,
        query="\n".join(dict.fromkeys(q.query for q in (question, *along))),
        messages=tuple(dict.fromkeys(m for q in (question, *along) for m in q.messages)),
    )
    made = learned(found, asked, thread.dialogue, thread.channel, thread.customer, thread.lexicon, now)
    if not isinstance(made, Learned):
        return Lessons(question, reply, None, made.reason)
    return Lessons(question, reply, await _change(made, question, thread, desk), along=along)


async def _change(made: Learned, question: Question, thread: Thread, desk: Desk) -> Change:
    async with desk.records.read() as work:
        settled = await stands(work, made.entry.id, job_name(question.id))
    if settled and made.entry.id not in thread.leaving:
        return Change(made)
    return await plan(made, desk.store, desk.embedder, desk.calibration, thread.leaving)


async def _along(lesson: Lessons, question: Question, thread: Thread, desk: Desk, now: datetime) -> Lessons:
    return await _lesson(lesson.question, lesson.reply, thread, desk, now, (*lesson.along, question))


async def _write(work: UnitOfWork, lesson: Lessons, thread: Thread, now: datetime) -> bool:
    """Write one lesson and where its question stands now; gives whether the ledger has changed."""
    question, final = lesson.question, thread.session.phase is Phase.CLOSED
    because = Because(lesson.reason, job_name(question.id), now)
    if lesson.change is None:
        state = QuestionState.UNRESOLVED if final else QuestionState.OPEN
        await _put_along(work, lesson, replace(question, state=state, tries=question.tries + (not final)), thread)
        why = replace(because, why=f"the dialogue no longer carries it: {lesson.reason}")
        return await unlearn(work, entry_id(question), why) != "known"
    await _put_along(work, lesson, replace(question, state=QuestionState.RESOLVED), thread)
    on = Occasion(thread.session.id, question.id, now, (thread.session.seq,))
    await work.turns.add_run(run_of(extract_task(), lesson.reply, on, inputs=thread.dialogue))
    taken_back = [await unlearn(work, EntryId(entry_id(q)), Because("it is one lesson with another", job_name(q.id), now))
                  for q in lesson.along if q.id in thread.touched]  # fmt: skip
    return await relearn(work, lesson.change, because) != "known" or any(word != "known" for word in taken_back)


async def _put_along(work: UnitOfWork, lesson: Lessons, question: Question, thread: Thread) -> None:
    """Keep the lesson's question as it stands now, and let those that it answers too go into it. One that Vigil answered stands
    beside it: it has a review of its own, and its answer may be accepted."""
    answered = {answer.question for answer in thread.answers if answer.sent_at is not None}
    await work.questions.put(question)
    for other in lesson.along:
        kept = await work.questions.get(other.id)
        if other.id not in answered:
            await work.questions.put(replace(other, merged_into=question.id))
        elif kept is not None and kept.state is not QuestionState.ACCEPTED:
            await work.questions.put(replace(other, state=question.state, tries=question.tries))


async def _note_leads(work: UnitOfWork, thread: Thread) -> None:
    for turn in await work.turns.of_session(thread.session.id):
        item = await work.outbox.get(turn.card) if turn.card else None
        if turn.delivery is Delivery.SENT and turn.lead_s is None and item and item.sending_at:
            lead = _lead_s(turn, list(thread.messages), item.sending_at)
            if lead is not None:
                await work.turns.put(replace(turn, lead_s=lead))


def _lead_s(turn: Turn, messages: list[Message], sent_at: datetime) -> float | None:
    """Seconds by which a sent card came before the first human answer after it, if one came."""
    burst = [m for m in messages if m.id in turn.messages]
    later = after(messages, burst) if burst else ()
    answers = [m for m in later if m.at >= sent_at and human_answered([m])]
    return (answers[0].at - sent_at).total_seconds() if answers else None
