"""Retention: once a day what is older than it may be kept loses its words; what was learned stays (DESIGN 4, 10).

Ids, times, roles, classes and outcomes stay, so that an event that comes again is known, a message that is deleted takes back
what it taught, and the numbers stand. The running bot orders it: a replay has times of its own, and is thrown away whole.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from core.desk.context import Desk
from core.domain.errors import TransientError, VigilError
from core.domain.ids import MessageId, SessionId
from core.domain.jobs import Job, JobOrder, Lane
from core.domain.people import Person
from core.domain.sessions import Message, Phase, SessionKind
from core.ports.records import UnitOfWork
from core.session.models_words import without_models_words

log = structlog.get_logger(__name__)

KEY = "records"
EVERY = timedelta(days=1)
SESSIONS_AT_ONCE = 10
ROWS_AT_ONCE = 200
"""Rows in a transaction: some milliseconds, so that a message that comes in waits for no more."""
CALLS_KEPT = timedelta(days=400)
"""What calls cost names nobody: a year and a month are kept, to compare with the year before."""
LOOK_EVERY_S = 600.0
MARK = "retained"


async def retain_daily(desk: Desk) -> None:
    """Order it whenever it is due, until cancelled. The row is there only while it is at work, so that a backfill, which runs
    what is due by message time, does not find it."""
    while True:
        try:
            await order_retention(desk)
        except VigilError as error:
            log.warning("retention_not_ordered", error=error.sentence)
        await asyncio.sleep(LOOK_EVERY_S)


async def order_retention(desk: Desk) -> None:
    """Order it where the last was a day ago, or the clock has been set back since."""
    now = desk.clock.now()
    async with desk.records.begin() as work:
        last = await work.marks.get(MARK)
        if last is None or not now - EVERY < last <= now:
            await work.jobs.order(now, JobOrder(Lane.RETAIN, KEY))


async def retain_job(job: Job, desk: Desk) -> None:
    """Take out what has grown old, some rows at a time, and give back some space."""
    now = desk.clock.now()
    before = now - timedelta(days=desk.policy.retention_days)
    runs_before = now - timedelta(days=desk.policy.runs_retention_days)
    sessions = await expire_sessions(desk, before, now)
    await _drained(desk, lambda work: work.retention.cards(before, ROWS_AT_ONCE))
    await _drained(desk, lambda work: work.retention.events(before, ROWS_AT_ONCE))
    await _drained(desk, lambda work: work.retention.feedback(before, ROWS_AT_ONCE))
    await _drained(desk, lambda work: work.retention.runs(runs_before, ROWS_AT_ONCE))
    await _drained(desk, lambda work: work.calls.drop(now - CALLS_KEPT, ROWS_AT_ONCE))
    try:
        await desk.records.compact()
    except TransientError:
        log.info("records_not_compacted", reason="somebody is reading them")
    log.info("retained", sessions=sessions, before=before.isoformat())
    async with desk.records.begin() as work:
        await work.marks.put(MARK, now)
        await work.jobs.finish(job)


async def _drained(desk: Desk, some: Callable[[UnitOfWork], Awaitable[int]]) -> None:
    """Take out as many as are to go, each lot in a transaction of its own."""
    more = True
    while more:
        async with desk.records.begin() as work:
            more = await some(work) >= ROWS_AT_ONCE


async def expire_sessions(desk: Desk, before: datetime, now: datetime) -> int:
    """Let the messages from before then expire in sessions that are over; gives how many sessions. Pictures go first: killed in
    between, the next run finds the same messages."""
    done = 0
    while True:
        async with desk.records.read() as work:
            due = await work.retention.expiring(before, SESSIONS_AT_ONCE)
        if not due:
            return done
        for session in due:
            await _expire(desk, session, before, now)
        done += len(due)


async def _expire(desk: Desk, session: SessionId, before: datetime, now: datetime) -> None:
    async with desk.records.read() as work:
        old = [m for m in await work.messages.of_session(session) if m.at < before and m.expired_at is None]
    for message in old:
        if desk.attachments is not None and any(one.kept for one in message.attachments):
            await desk.attachments.discard(message.id, ())
    async with desk.records.begin() as work:
        now_is = await work.sessions.get(session)
        if now_is is None or (now_is.phase is not Phase.CLOSED and now_is.kind is SessionKind.SUPPORT):
            return  # it goes on again
        kept = [found for m in old if (found := await work.messages.get(m.id))]
        await work.messages.put(*(_expired(one, now) for one in kept))
        await _expire_rest(work, session, {m.id for m in old}, before)


def _expired(message: Message, now: datetime) -> Message:
    """Who wrote it stays by id, so that a person may still be forgotten."""
    author = Person(message.author.id, organisation=message.author.organisation, is_bot=message.author.is_bot)
    return replace(message, text="", attachments=(), author=author, expired_at=now)


async def _expire_rest(work: UnitOfWork, session_id: SessionId, old: set[MessageId], before: datetime) -> None:
    """What was asked, answered and posted before then, and who opened the session."""
    session = await work.sessions.get(session_id)
    if session is not None and session.last_at < before:
        opener = Person(session.opener.id, organisation=session.opener.organisation, is_bot=session.opener.is_bot)
        await work.sessions.put(replace(session, opener=opener))
    gone = [
        q for q in await work.questions.of_session(session_id) if old.intersection(q.messages) or q.asked_at < before
    ]
    asked = {q.id for q in gone}
    await work.questions.put(*(replace(q, query="", context="") for q in gone))
    for turn in await work.turns.of_session(session_id):
        questions = tuple(
            replace(without_models_words(q), query="") if q.question in asked else q for q in turn.questions
        )
        if questions != turn.questions:
            await work.turns.put(replace(turn, questions=questions))
    answers = [a for a in await work.answers.of_session(session_id) if a.question in asked]
    await work.answers.put(*(replace(a, claims=()) for a in answers))
