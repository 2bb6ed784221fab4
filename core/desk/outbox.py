"""The outbox: the last look at the moment of sending, and a card that is never posted twice (DESIGN 5.7, 8)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from core.desk.consumers import mode_of
from core.desk.context import Desk
from core.domain.cards import Card, OutboxItem, OutboxState
from core.domain.channels import DeliveryMode
from core.domain.errors import FinalError, TransientError
from core.domain.ids import SessionId
from core.domain.jobs import JobOrder, Lane
from core.domain.sessions import Delivery, Message, Outcome, QuestionState, Turn
from core.ports.records import UnitOfWork
from core.session.answered import human_answered
from core.session.transcript import after, waiting

log = structlog.get_logger(__name__)

NEWER_MESSAGE = "the requester has written on"
HUMAN_FIRST = "an analyst answered first"
MESSAGE_GONE = "the message was deleted"
MODE_CHANGED = "the channel's mode does not allow it any more"
TOO_OLD = "the question is too old to be answered"
REFUSED = "the platform refused the card"
RETRY_S = 5.0
MOST_ATTEMPTS = 8


async def deliver(item: OutboxItem, desk: Desk) -> None:
    """Send one card that is due, or drop it with its reason. What was being sent when a call failed or the process died is
    looked for first; where the platform does not have it, the last look is taken anew."""
    now = desk.clock.now()
    if item.state is OutboxState.SENDING and await _settled(item, desk, now, desk.messenger.find):
        return
    async with desk.records.begin() as work:
        reason = await _last_look(work, item, desk, now)
        if reason:
            await _drop(work, item, reason, now)
            return
        item = replace(item, state=OutboxState.SENDING, sending_at=now)
        await work.outbox.put(item)
    await _settled(item, desk, now, desk.messenger.send)


async def _settled(item: OutboxItem, desk: Desk, now: datetime, call: Callable[[Card], Awaitable[str | None]]) -> bool:
    """Send or find the card; gives False when the platform does not have it, otherwise its fate is on record."""
    try:
        platform_id = await call(item.card)
    except TransientError as error:
        await _try_again(item, error, desk, now)
        return True
    except FinalError as error:
        log.error("card_refused", card=item.card.id, error=error.sentence)
        async with desk.records.begin() as work:
            await _drop(work, item, REFUSED, now)
        return True
    if platform_id is None:
        return False
    async with desk.records.begin() as work:
        await _sent(work, replace(item, state=OutboxState.SENT, platform_id=platform_id), now)
    return True


async def _try_again(item: OutboxItem, error: TransientError, desk: Desk, now: datetime) -> None:
    attempts = item.attempts + 1
    wait_s = error.retry_after_s if error.retry_after_s is not None else RETRY_S * 2 ** min(attempts, 6)
    async with desk.records.begin() as work:
        if attempts >= MOST_ATTEMPTS:
            await _drop(work, item, REFUSED, now)
            return
        await work.outbox.put(replace(item, attempts=attempts, not_before=now + timedelta(seconds=wait_s)))


async def _last_look(work: UnitOfWork, item: OutboxItem, desk: Desk, now: datetime) -> str:
    """Say why the card must not go now; an empty string lets it go. Cards asked for directly are not held back by others."""
    turn = await work.turns.get(item.card.turn)
    assert turn is not None, "a card's turn is written in the same transaction"
    if now > item.not_after:
        return TOO_OLD
    channel = await work.channels.get(item.card.destination.channel)
    if mode_of(channel.settings.mode, desk.policy) is not DeliveryMode.AUTO:
        return MODE_CHANGED
    messages = await work.messages.of_session(item.card.session)
    burst = [m for m in messages if m.id in turn.messages]
    if all(m.deleted_at is not None for m in burst):
        return MESSAGE_GONE
    if waiting(messages):
        return NEWER_MESSAGE
    direct = any(m.direct for m in burst)
    return HUMAN_FIRST if not direct and human_answered(after(messages, burst)) else ""


async def overtake(work: UnitOfWork, session: SessionId, now: datetime) -> None:
    """The requester writes on: cards of this session that have not begun to be sent are dropped, and their messages wait again
    to be answered together with the new one."""
    for item in await work.outbox.waiting(session):
        if item.state is OutboxState.PENDING:
            await _drop(work, item, NEWER_MESSAGE, now)


async def _drop(work: UnitOfWork, item: OutboxItem, reason: str, now: datetime) -> None:
    await work.outbox.put(replace(item, state=OutboxState.DROPPED, reason=reason))
    turn = await work.turns.get(item.card.turn)
    assert turn is not None, "a card's turn is written in the same transaction"
    await work.turns.put(_dropped(turn, reason))
    if reason != NEWER_MESSAGE:
        return
    messages = await work.messages.of_session(item.card.session)
    await work.messages.put(*(replace(m, turn=None) for m in messages if m.turn == turn.id))
    await work.jobs.order(now, JobOrder(Lane.RESPOND, item.card.session))


def _dropped(turn: Turn, reason: str) -> Turn:
    outcome = {
        TOO_OLD: Outcome.STALE,
        REFUSED: Outcome.FAILED,
        MODE_CHANGED: Outcome.SILENT,
        MESSAGE_GONE: Outcome.SILENT,
    }
    questions = tuple(
        replace(q, outcome=outcome.get(reason, Outcome.SUPERSEDED), reason=reason)
        if q.outcome is Outcome.ANSWERED
        else q
        for q in turn.questions
    )
    return replace(turn, questions=questions, delivery=Delivery.DROPPED, delivery_reason=reason)


async def _sent(work: UnitOfWork, item: OutboxItem, now: datetime) -> None:
    await work.outbox.put(item)
    turn = await work.turns.get(item.card.turn)
    assert turn is not None, "a card's turn is written in the same transaction"
    await work.turns.put(replace(turn, delivery=Delivery.SENT))
    for section in item.card.sections:
        await work.answers.put(replace(section.answer, card=item.card.id, sent_at=now))
        question = await work.questions.get(section.question)
        if question and question.state is QuestionState.OPEN:
            await work.questions.put(replace(question, state=QuestionState.ANSWERED))


def lead_s(turn: Turn, messages: list[Message], sent_at: datetime) -> float | None:
    """Seconds by which a sent card came before the first human answer after it, if one came."""
    burst = [m for m in messages if m.id in turn.messages]
    later = after(messages, burst) if burst else ()
    answers = [m for m in later if m.at >= sent_at and human_answered([m])]
    return (answers[0].at - sent_at).total_seconds() if answers else None
