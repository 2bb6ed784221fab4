"""The respond lane: from a session with waiting messages to a turn on record and a card in the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from core.desk.cards import CardStyle, card_for
from core.desk.context import Desk
from core.desk.delivery import reasons, waiting_item
from core.desk.past import waiting_here
from core.desk.read_dates import as_read
from core.desk.seeing import seen_or_given_up
from core.domain.answers import Answer
from core.domain.cards import Card
from core.domain.channels import Channel
from core.domain.errors import FinalError, TransientError
from core.domain.ids import QuestionId, SessionId, TurnId, make_id
from core.domain.jobs import Job
from core.domain.sessions import (
    Delivery,
    Message,
    Outcome,
    Phase,
    Question,
    QuestionClass,
    QuestionState,
    SeenPassage,
    Session,
    Turn,
    TurnQuestion,
)
from core.ports.records import UnitOfWork
from core.respond.identify import HANDLED, identify
from core.respond.reduced import Served, reason_of, respond_anyhow
from core.respond.situation import Resolved, Response, Situation, Superseded, Tools
from core.respond.steps import Steps
from core.session.answered import human_answered
from core.session.lifecycle import viewer_of
from core.session.transcript import after, lines
from core.text.language import language_of

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A session with everything a response is made from."""

    session: Session
    channel: Channel
    messages: tuple[Message, ...]
    burst: tuple[Message, ...]
    sent: tuple[Answer, ...]


async def respond_job(job: Job, desk: Desk) -> None:
    """Answer what waits in a session, if anything does; the job stays when what waits has changed meanwhile."""
    loaded = await _load(SessionId(job.key), desk)
    if loaded is not None and await seen_or_given_up(loaded.burst, desk):
        loaded = await _load(SessionId(job.key), desk)
    if loaded is None:
        async with desk.records.begin() as work:
            await work.jobs.finish(job)
        return
    now = desk.clock.now()
    situation = _situation(loaded, now, desk)
    fallback = desk.local if situation.direct or desk.policy.fallback_speaks else None
    try:
        served = await respond_anyhow(situation, _tools(desk), fallback, desk.policy.answer_budget_s)
    except Superseded:
        async with desk.records.begin() as work:
            await work.jobs.put_back(_anew(job, now))
        return
    except (TimeoutError, TransientError) as error:
        log.warning("answer_given_up", session=loaded.session.id, error=type(error).__name__)
        served = Served(_failed(loaded, reason_of(error)), desk.engine)
    except FinalError as error:
        log.error("answer_given_up", session=loaded.session.id, error=error.sentence)
        served = Served(_failed(loaded, reason_of(error)), desk.engine)
    await _record(job, loaded, served, now, desk)


async def _load(session_id: SessionId, desk: Desk, late: Question | None = None) -> Loaded | None:
    async with desk.records.read() as work:
        session = await work.sessions.get(session_id)
        if session is None:
            return None
        messages = tuple(await work.messages.of_session(session_id))
        burst = (
            waiting_here(messages, desk)
            if late is None
            else tuple(m for m in messages if m.id in late.messages and not m.deleted_at)
        )
        begun = late is not None or session.phase is not Phase.OPEN or any(m.direct for m in burst)
        if not burst or not begun:
            return None
        channel = await work.channels.get(session.channel)
        answers = await work.answers.of_session(session_id)
        on_the_way = {item.card.id for item in await work.outbox.waiting(session_id)}  # may be visible already
    sent = tuple(a for a in answers if (a.sent_at or a.card in on_the_way) and not a.withdrawn_at and a.claims)
    return Loaded(session, channel, messages, burst, sent)


def _anew(job: Job, now: datetime) -> Job:
    """The job for what waits now. What came has mostly ordered it anew; what a backfill brought meanwhile has not."""
    return replace(job, run_at=now, attempts=0)


def _situation(loaded: Loaded, now: datetime, desk: Desk) -> Situation:
    burst, last = loaded.burst, max((m.at, m.seq) for m in loaded.burst)
    before = [m for m in loaded.messages if (m.at, m.seq) < last and m not in burst]
    direct = any(m.direct for m in burst)
    return Situation(
        session=loaded.session.id,
        as_of=loaded.session.seq,
        now=now,
        scope=loaded.channel.settings.scope or desk.policy.scope,
        language=language_of("\n".join(m.text for m in burst)),
        direct=direct,
        viewer=viewer_of(loaded.session, loaded.channel, desk.policy),
        dialogue=lines(before),
        burst=lines(burst),
        answered=not direct and human_answered(after(loaded.messages, burst)),
        stale=now - last[0] > timedelta(seconds=desk.policy.answer_within_s),
        sent=loaded.sent,
        still_current=lambda: _still_current(loaded, desk),
    )


async def _still_current(loaded: Loaded, desk: Desk) -> bool:
    if not desk.policy.posting:  # nobody waits: the look before the turn is recorded suffices
        return True
    async with desk.records.read() as work:
        session = await work.sessions.get(loaded.session.id)
        return session is None or session.seq == loaded.session.seq or await _still_waits(work, loaded, desk)


async def _still_waits(work: UnitOfWork, loaded: Loaded, desk: Desk) -> bool:
    """Whether what waits is the burst as it was read: nothing new, nothing edited, nothing deleted."""
    now = waiting_here(await work.messages.without_turn(loaded.session.id), desk)
    return _words(now) == _words(loaded.burst)


def _words(messages: Sequence[Message]) -> list[tuple[object, ...]]:
    """What people posted; that a picture of it was fetched meanwhile is no news."""
    return [(m.id, m.text, [one.id for one in m.attachments]) for m in messages]


def _tools(desk: Desk) -> Tools:
    first_look = desk.local if desk.policy.skips_small_talk else None
    return Tools(desk.engine, desk.embedder, desk.store, desk.calibration, desk.clock, desk.reranker, first_look)


def _failed(loaded: Loaded, reason: str) -> Response:
    """A turn for what was cancelled or timed out; learn classes its question later, off the hot path."""
    text = "\n".join(m.text for m in loaded.burst)
    question = Question(
        id=QuestionId(make_id("question", loaded.session.id, loaded.session.seq, 0)),
        session=loaded.session.id,
        messages=tuple(m.id for m in loaded.burst),
        asked_at=max(m.at for m in loaded.burst),
        query=text,
        class_=None,
        language=language_of(text),
    )
    return Response((Resolved(question, Outcome.FAILED, reason),), (), (), 0)


async def classify_late(question: Question, session: SessionId, desk: Desk) -> Question:
    """Class a question whose turn was cancelled or timed out, without a time limit, so that learning sees it."""
    loaded = await _load(session, desk, question)
    if loaded is None:
        return replace(question, class_=QuestionClass.NO_ASSISTANCE_NEEDED)
    situation = replace(_situation(loaded, question.asked_at, desk), answered=False)
    identified = await identify(situation, _tools(desk), Steps(desk.clock))
    return replace(question, class_=identified.class_)


async def _record(job: Job, loaded: Loaded, served: Served, now: datetime, desk: Desk) -> None:
    served = replace(served, response=await as_read(served.response, desk.records))
    response = served.response
    turn_id = TurnId(make_id("turn", loaded.session.id, loaded.session.seq))
    scope = loaded.channel.settings.scope or desk.policy.scope
    style = CardStyle(served.engine.quotes, scope, desk.calibration.answer_cutoff / 2, reduced=bool(served.reduced))
    card = card_for(turn_id, loaded.session, loaded.burst, response, style)
    seq, why = loaded.session.seq, reasons(response)
    item = None if card is None else waiting_item(card, why, loaded.channel, loaded.burst, seq, now, desk.policy)
    async with desk.records.begin() as work:
        if not await _still_waits(work, loaded, desk):
            await work.jobs.put_back(_anew(job, now))
            return
        turn = _turn(turn_id, loaded, response, now, card, posts=item is not None)
        await work.turns.put(turn)
        await work.messages.assign_turn(turn_id, *turn.messages)
        await _record_questions(work, loaded, served, card)
        for run in response.runs:
            await work.turns.add_run(run)
        if item is not None:
            await work.outbox.put(item)
        await work.jobs.finish(job)


def _turn(
    turn_id: TurnId, loaded: Loaded, response: Response, now: datetime, card: Card | None, *, posts: bool
) -> Turn:
    delivery = Delivery.NONE if card is None else Delivery.PENDING if posts else Delivery.SHADOW
    return Turn(
        id=turn_id,
        session=loaded.session.id,
        as_of=loaded.session.seq,
        at=now,
        messages=tuple(m.id for m in loaded.burst),
        questions=tuple(_turn_question(r) for r in response.resolved),
        delivery=delivery,
        delivery_reason="answers are only recorded" if delivery is Delivery.SHADOW else "",
        card=card.id if card else None,
        ms=response.ms,
        tokens=response.tokens,
    )


def _turn_question(resolved: Resolved) -> TurnQuestion:
    seen = tuple(SeenPassage(p.entry.id, p.revision, round(p.relevance, 4)) for p in resolved.passages)
    question = resolved.question
    return TurnQuestion(
        question.id, question.class_, question.query, resolved.outcome, resolved.reason, seen,
        resolved.answer.id if resolved.answer else None, resolved.run.id if resolved.run else None,
    )  # fmt: skip


async def _record_questions(work: UnitOfWork, loaded: Loaded, served: Served, card: Card | None) -> None:
    """Keep the questions of this run; those that an earlier, superseded run left open on the same messages go into them."""
    resolved = served.response.resolved
    new = [replace(r.question, merged_into=r.repeats, class_=_class_for_learning(r, served)) for r in resolved]
    burst = {m.id for m in loaded.burst}
    for old in await work.questions.of_session(loaded.session.id):
        if old.state is QuestionState.OPEN and old.merged_into is None and burst & set(old.messages):
            await work.questions.put(replace(old, merged_into=new[0].id))
    await work.questions.put(*new)
    answers = [replace(r.answer, card=card.id if card else None) for r in resolved if r.answer]
    await work.answers.put(*answers)


def _class_for_learning(resolved: Resolved, served: Served) -> QuestionClass | None:
    """A question that an analyst answered before Vigil could look at it was never really classed, nor was one that only the
    fallback saw and could not answer: learn does it later."""
    unseen = served.reduced and resolved.outcome not in (Outcome.ANSWERED, Outcome.REPEAT)
    return None if unseen or resolved.reason == HANDLED else resolved.question.class_
