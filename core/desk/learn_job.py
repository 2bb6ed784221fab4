"""The learn lane: what a session's dialogue taught, written to the ledger in the transaction that completes the job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter

from core.desk.caps import OVER_CAP, next_day, within_caps
from core.desk.context import Desk
from core.desk.outbox import lead_s
from core.desk.respond_job import classify_late
from core.domain.channels import Channel
from core.domain.ids import EntryId, QuestionId, RunId, SessionId, make_id
from core.domain.jobs import Job, JobOrder, Lane
from core.domain.people import Person, Role
from core.domain.records import Run
from core.domain.sessions import Delivery, Message, Phase, Question, QuestionClass, QuestionState, Session
from core.domain.tasks import Extraction, Lesson, Line, NotKnownYet, Reply
from core.knowledge.ledger import Because
from core.learn.apply import Change, plan, unlearn, write
from core.learn.extract import Learned, entry_id, extract, learned
from core.learn.generalise import Lexicon, channel_words, lexicon_of
from core.ports.records import UnitOfWork
from core.prompts.tasks import extract_task
from core.session.transcript import lines

PROJECT_WITHIN_S = 1.0

_LINES = TypeAdapter(tuple[Line, ...])
_EXTRACTION = TypeAdapter(Extraction)


@dataclass(frozen=True, slots=True)
class Thread:
    """A session as learning sees it. ``touched`` says which questions earlier runs have learned from."""

    session: Session
    channel: Channel
    messages: tuple[Message, ...]
    dialogue: tuple[Line, ...]
    questions: tuple[Question, ...]
    touched: frozenset[QuestionId]
    customer: str
    lexicon: Lexicon


@dataclass(frozen=True, slots=True)
class Lessons:
    """One question after extract: what was found, what to write, and the questions that the same solution answers."""

    question: Question
    reply: Reply[Extraction]
    change: Change | None
    reason: str = ""
    along: tuple[Question, ...] = ()


async def learn_job(job: Job, desk: Desk) -> None:
    """Extract from every question of the session that Vigil did not answer, and write what is new, changed or gone."""
    thread = await load_thread(SessionId(job.key), desk)
    now = desk.clock.now()
    late = await _classed_late(thread, desk) if thread else {}
    found = await _extract_all(thread, late, desk, now) if thread else []
    async with desk.records.begin() as work:
        if thread and await _still_says(work, thread):
            await work.questions.put(*late.values())
            still = [one for one in found if await _still_open(work, one.question)]
            taught = [(one, job_name(one.question.id), _teacher(one, thread)) for one in still]
            allowed = await within_caps(work, taught, desk.policy, now)
            changed = [await _write(work, one, thread, now) for one in allowed]
            await _note_leads(work, thread)
            if any(changed):
                await work.jobs.order(now, JobOrder(Lane.PROJECT, "knowledge", PROJECT_WITHIN_S, PROJECT_WITHIN_S))
            if len(allowed) < len(still):
                await work.jobs.put_back(replace(job, run_at=next_day(now), attempts=0, reason=OVER_CAP))
                return
        await work.jobs.finish(job)


def _teacher(lesson: Lessons, thread: Thread) -> Message | None:
    first = lesson.change.learned.lesson.from_messages[0] if lesson.change else None
    return next((m for m in thread.messages if m.id == first), None)


async def _still_says(work: UnitOfWork, thread: Thread) -> bool:
    """Whether nothing of what was read has been edited or deleted since; such a change has ordered the job anew."""
    session = await work.sessions.get(thread.session.id)
    if session is None or session.seq == thread.session.seq:
        return session is not None
    now = {m.id: m for m in await work.messages.of_session(session.id)}
    return _said(thread.messages) == _said([now[m.id] for m in thread.messages])


async def _still_open(work: UnitOfWork, question: Question) -> bool:
    """Whether nobody has seen or accepted an answer to it while its lesson was being extracted."""
    now = await work.questions.get(question.id)
    return now is None or now.state not in (QuestionState.ANSWERED, QuestionState.ACCEPTED)


def _said(messages: Sequence[Message]) -> list[tuple[object, ...]]:
    return [(m.id, m.text, m.deleted_at) for m in messages]


def job_name(question: QuestionId) -> str:
    """How the ledger names the extract job of a question."""
    return f"extract:{question}"


async def load_thread(session_id: SessionId, desk: Desk) -> Thread | None:
    """Read a session with all that learning from it needs; ``None`` when it is not kept any more."""
    async with desk.records.read() as work:
        session = await work.sessions.get(session_id)
        if session is None:
            return None
        channel = await work.channels.get(session.channel)
        messages = tuple(await work.messages.of_session(session_id))
        questions = tuple(await work.questions.of_session(session_id))
        touched = frozenset([q.id for q in questions if await work.ledger.touched_by(job_name(q.id))])
        customer = _customer(session, channel, messages)
        scope = channel.settings.scope or desk.policy.scope
        lexicon = await _lexicon(work, channel, customer, messages, scope)
    return Thread(session, channel, messages, lines(messages), questions, touched, customer, lexicon)


def _customer(session: Session, channel: Channel, messages: Sequence[Message]) -> str:
    asking = [m.author.organisation for m in messages if m.role is Role.REQUESTER and m.author.organisation]
    return asking[0] if asking else channel.customer or session.channel.workspace


async def _lexicon(
    work: UnitOfWork, channel: Channel, customer: str, messages: Sequence[Message], scope: str
) -> Lexicon:
    if customer == channel.ref.workspace:
        people: list[Person] = [m.author for m in messages if m.role is Role.REQUESTER]
        return lexicon_of(customer, people, (), scope)
    channels = await work.channels.all()
    names = [c.name for c in channels]
    own = [c.name for c in channels if customer in c.organisations]
    others = [c.name for c in channels if customer not in c.organisations and c.organisations]
    members = await work.channels.members(channel.ref.platform, customer)
    return lexicon_of(customer, members, channel_words(own, others, names), scope)


async def _classed_late(thread: Thread, desk: Desk) -> dict[QuestionId, Question]:
    """The questions whose turn could not class them, classed now."""
    unclassed = [q for q in thread.questions if q.class_ is None and q.merged_into is None]
    return {q.id: await classify_late(q, thread.session.id, desk) for q in unclassed}


async def _extract_all(thread: Thread, late: Mapping[QuestionId, Question], desk: Desk, now: datetime) -> list[Lessons]:
    """Extract per question; a solution that answers several of them is one lesson, of the first."""
    questions = [late.get(q.id, q) for q in thread.questions]
    due = [q for q in questions if _wants_extract(q, thread, desk)]
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


def _wants_extract(question: Question, thread: Thread, desk: Desk) -> bool:
    if question.class_ is not QuestionClass.WITHIN_SCOPE or question.merged_into is not None:
        return False
    if question.state in (QuestionState.ANSWERED, QuestionState.ACCEPTED):
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
        return Lessons(question, reply, None, found.reason)
    asked = replace(
        question,
        query="\n".join(dict.fromkeys(q.query for q in (question, *along))),
        messages=tuple(dict.fromkeys(m for q in (question, *along) for m in q.messages)),
    )
    made = learned(found, asked, thread.dialogue, thread.channel, thread.customer, thread.lexicon, now)
    if not isinstance(made, Learned):
        return Lessons(question, reply, None, made.reason)
    change = await plan(made, desk.store, desk.embedder, desk.calibration)
    return Lessons(question, reply, change, along=along)


async def _along(lesson: Lessons, question: Question, thread: Thread, desk: Desk, now: datetime) -> Lessons:
    return await _lesson(lesson.question, lesson.reply, thread, desk, now, (*lesson.along, question))


async def _write(work: UnitOfWork, lesson: Lessons, thread: Thread, now: datetime) -> bool:
    """Write one lesson and where its question stands now; gives whether the ledger has changed."""
    question, final = lesson.question, thread.session.phase is Phase.CLOSED
    because = Because(lesson.reason, job_name(question.id), now)
    for other in lesson.along:
        await work.questions.put(replace(other, merged_into=question.id))
    if lesson.change is None:
        state = QuestionState.UNRESOLVED if final else QuestionState.OPEN
        await work.questions.put(replace(question, state=state, tries=question.tries + (not final)))
        why = replace(because, why=f"the dialogue no longer carries it: {lesson.reason}")
        return await unlearn(work, entry_id(question), why) != "known"
    await work.questions.put(replace(question, state=QuestionState.RESOLVED))
    await work.turns.add_run(_run(lesson, thread, now))
    taken_back = [await unlearn(work, EntryId(entry_id(q)), Because("it is one lesson with another", job_name(q.id), now))
                  for q in lesson.along if q.id in thread.touched]  # fmt: skip
    return await write(work, lesson.change, because) != "known" or any(word != "known" for word in taken_back)


def _run(lesson: Lessons, thread: Thread, now: datetime) -> Run:
    task, reply = extract_task(), lesson.reply
    return Run(
        id=RunId(make_id("run", task.name, lesson.question.id, thread.session.seq)),
        task=task.name,
        prompt_hash=task.prompt.hash,
        model=reply.model,
        at=now,
        session=thread.session.id,
        question=lesson.question.id,
        inputs=_LINES.dump_json(thread.dialogue).decode(),
        evidence="[]",
        output=_EXTRACTION.dump_json(reply.output).decode(),
        ms=reply.ms,
        tokens=reply.usage.input_tokens + reply.usage.output_tokens,
    )


async def _note_leads(work: UnitOfWork, thread: Thread) -> None:
    for turn in await work.turns.of_session(thread.session.id):
        item = await work.outbox.get(turn.card) if turn.card else None
        if turn.delivery is Delivery.SENT and turn.lead_s is None and item and item.sending_at:
            lead = lead_s(turn, list(thread.messages), item.sending_at)
            if lead is not None:
                await work.turns.put(replace(turn, lead_s=lead))
