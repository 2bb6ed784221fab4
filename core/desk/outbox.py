"""The outbox: the last look at the moment of sending, and a card that is never posted twice (DESIGN 5.7, 8)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from core.desk.accept_reactions import AFTER_CARD, accept_wished
from core.desk.context import Desk
from core.desk.delivery import draft_id
from core.desk.last_look import (
    KNOWLEDGE_GONE,
    MESSAGE_CHANGED,
    MESSAGE_GONE,
    MODE_CHANGED,
    MOST_ATTEMPTS,
    NEWER_MESSAGE,
    OUTSIDERS,
    TOO_OLD,
    UNFORESEEN,
    last_look,
    turn_of,
)
from core.desk.withdraw import catch_up
from core.domain.cards import CardKind, OutboxItem, OutboxState
from core.domain.channels import ChannelRef
from core.domain.errors import CallerError, FinalError, TransientError, VigilError
from core.domain.ids import CardId, SessionId
from core.domain.jobs import JobOrder, Lane
from core.domain.sessions import Delivery, Outcome, QuestionState, Turn
from core.ports.records import UnitOfWork

log = structlog.get_logger(__name__)

REFUSED = "the platform refused the card"
UNSURE = "whether the platform has the card could not be found out"
ASKED_TO_WAIT = "the platform asks to wait"

ANEW = frozenset({NEWER_MESSAGE, MESSAGE_CHANGED, KNOWLEDGE_GONE})
"""Reasons after which the turn's messages wait for an answer again."""
OUTCOMES = {
    TOO_OLD: Outcome.STALE,
    REFUSED: Outcome.FAILED,
    UNFORESEEN: Outcome.FAILED,
    MODE_CHANGED: Outcome.SILENT,
    OUTSIDERS: Outcome.SILENT,
    MESSAGE_GONE: Outcome.SILENT,
}
RETRY_S = 5.0
LEAST_RETRY_S = 1.0
PROJECTED_WITHIN_S = 2.0


def queue(items: Sequence[OutboxItem]) -> list[tuple[datetime, OutboxItem]]:
    """Say when each of these waiting cards may go, earliest first. Where the platform asked to wait, the channel's later cards
    wait behind the first; other channels go on."""
    held: dict[ChannelRef, datetime] = {}
    for item in items:
        if item.reason == ASKED_TO_WAIT:
            channel = item.card.destination.channel
            held[channel] = max(held.get(channel, item.not_before), item.not_before)
    times = [(max(i.not_before, held.get(i.card.destination.channel, i.not_before)), i) for i in items]
    return sorted(times, key=lambda at: at[0])


async def deliver(item: OutboxItem, desk: Desk) -> None:
    """Send one card that is due, or drop it with its reason. What was being sent when a call failed or the process died is
    looked for first; where the platform does not have it, the last look is taken anew."""
    now = desk.clock.now()
    if item.state is OutboxState.SENDING and await _found(item, desk, now):
        return
    if item.card.kind is CardKind.DRAFT and not await _looked_up(item, desk, now):
        return
    async with desk.records.begin() as work:
        if await work.outbox.get(item.card.id) != item:
            return  # overtaken since it was read
        reason = await last_look(work, item, desk, now)
        if reason:
            await drop(work, item, reason, now)
            return
        item = replace(item, state=OutboxState.SENDING, sending_at=now)
        await work.outbox.put(item)
    await _send(item, desk, now)


async def _looked_up(item: OutboxItem, desk: Desk, now: datetime) -> bool:
    """Take over what the platform says now of the channel that a draft goes to: it may never have been heard of, or be shared
    with outsiders since. Gives False where the platform does not say, and the draft waits or is dropped."""
    ref = item.card.destination.channel
    try:
        said = await desk.messenger.channel(ref)
    except VigilError as error:
        await _not_sent(item, error, desk, now)
        return False
    async with desk.records.begin() as work:
        known = await work.channels.get(ref)
        told = known.told(said.name, said.organisations, external=said.external)
        await work.channels.put(told)
    if told.is_shared:
        log.error("draft_not_shown", card=item.card.id, channel=ref.channel, reason=OUTSIDERS)
    return True


async def _found(item: OutboxItem, desk: Desk, now: datetime) -> bool:
    """Look for a card that may have been posted; gives False when the platform does not have it. It is looked for until the
    platform says so; where it never will, the card counts as seen, because saying the same twice is the worse mistake."""
    try:
        platform_id = await desk.messenger.find(item.card)
    except (TransientError, CallerError) as error:
        await _put(desk, _later(item, now, _asked_to_wait_s(error)))
        return True
    except FinalError as error:
        log.error("card_not_looked_for", card=item.card.id, error=error.sentence)
        await _was_sent(item, replace(item, reason=UNSURE), desk, now)
        return True
    if platform_id is None:
        return False
    await _was_sent(item, replace(item, platform_id=platform_id, reason=""), desk, now)
    return True


async def _was_sent(read: OutboxItem, item: OutboxItem, desk: Desk, now: datetime) -> None:
    """People may have seen it since it was being sent, unless that is on record already."""
    async with desk.records.begin() as work:
        if await work.outbox.get(read.card.id) == read:
            await _sent(work, item, desk, read.sending_at or now)


async def _send(item: OutboxItem, desk: Desk, now: datetime) -> None:
    try:
        platform_id = await desk.messenger.send(item.card)
    except VigilError as error:
        await _not_sent(item, error, desk, now)
        return
    async with desk.records.begin() as work:
        await _sent(work, replace(item, platform_id=platform_id, reason=""), desk, now)


async def _not_sent(item: OutboxItem, error: VigilError, desk: Desk, now: datetime) -> None:
    """What becomes of a card after an error of the platform. One that was refused because of a token or a scope was surely not
    posted: it waits until somebody mends that, or it is too old."""
    if isinstance(error, TransientError):
        await _put(desk, _later(item, now, error.retry_after_s))
        return
    log.error("card_refused", card=item.card.id, error=error.sentence)
    if isinstance(error, CallerError):
        await _put(desk, _later(replace(item, state=OutboxState.PENDING, sending_at=None), now))
        return
    async with desk.records.begin() as work:
        await drop(work, item, REFUSED, now)


def _asked_to_wait_s(error: VigilError) -> float | None:
    return error.retry_after_s if isinstance(error, TransientError) else None


async def put_off(card: CardId, desk: Desk) -> None:
    """After an error that nobody foresaw: try again later, and in the end give up, so that no card stops the others."""
    now = desk.clock.now()
    async with desk.records.begin() as work:
        item = await work.outbox.get(card)
        if item is None or item.state not in (OutboxState.PENDING, OutboxState.SENDING):
            return
        if item.attempts < MOST_ATTEMPTS:
            await work.outbox.put(_later(item, now, reason=UNFORESEEN))
        elif item.state is OutboxState.SENDING:
            await _sent(work, replace(item, reason=UNSURE), desk, now)
        else:
            await drop(work, item, UNFORESEEN, now)


def _later(item: OutboxItem, now: datetime, retry_after_s: float | None = None, reason: str = "") -> OutboxItem:
    attempts = item.attempts + 1
    if retry_after_s is None:
        wait_s = RETRY_S * 2 ** min(attempts, 6)
    else:
        wait_s, reason = max(retry_after_s, LEAST_RETRY_S), ASKED_TO_WAIT
    return replace(item, attempts=attempts, not_before=now + timedelta(seconds=wait_s), reason=reason)


async def _put(desk: Desk, item: OutboxItem) -> None:
    async with desk.records.begin() as work:
        await work.outbox.put(await _as_edited(work, item))


async def _as_edited(work: UnitOfWork, item: OutboxItem) -> OutboxItem:
    """The item with its card as it is to look by now: it may have been clicked before the platform's answer came."""
    kept = await work.outbox.get(item.card.id)
    return item if kept is None else replace(item, card=kept.card)


async def overtake(work: UnitOfWork, session: SessionId, now: datetime) -> None:
    """The requester writes on: cards of this session that have not begun to be sent are dropped, and their messages wait again
    to be answered together with the new one. One that is being sent may be visible already: its answer counts as said."""
    for item in await work.outbox.waiting(session):
        if item.state is OutboxState.PENDING and item.card.kind is not CardKind.CORRECTION:
            await drop(work, item, NEWER_MESSAGE, now)


async def drop(work: UnitOfWork, item: OutboxItem, reason: str, now: datetime) -> None:
    """Put on record that this card is never sent and why; after the reasons of ``ANEW`` its messages wait again."""
    await work.outbox.put(replace(item, state=OutboxState.DROPPED, reason=reason))
    turn = await turn_of(work, item)
    if not _of_turn(item, turn):
        return
    outcome = OUTCOMES.get(reason, Outcome.SUPERSEDED)
    questions = tuple(
        replace(q, outcome=outcome, reason=reason) if q.outcome is Outcome.ANSWERED else q for q in turn.questions
    )
    dropped = replace(turn, questions=questions, delivery=Delivery.DROPPED, delivery_reason=reason)
    await work.turns.put(dropped)
    if reason in ANEW:
        await _answer_anew(work, dropped, now, PROJECTED_WITHIN_S if reason == KNOWLEDGE_GONE else 0.0)


def _of_turn(item: OutboxItem, turn: Turn) -> bool:
    """Whether it is the turn's own card or its draft. What a person shares or corrects is a card of theirs."""
    return turn.card is not None and item.card.id in (turn.card, draft_id(turn.card))


async def _answer_anew(work: UnitOfWork, turn: Turn, now: datetime, quiet_s: float) -> None:
    """Let the turn's messages wait again; the next turn has a number of its own even if nothing was said since."""
    session = await work.sessions.get(turn.session)
    assert session is not None, "a turn's session is kept as long as the turn"
    await work.sessions.put(replace(session, seq=max(session.seq, turn.as_of + 1)))
    messages = await work.messages.of_session(turn.session)
    await work.messages.put(*(replace(m, turn=None) for m in messages if m.turn == turn.id))
    await work.jobs.order(now, JobOrder(Lane.RESPOND, turn.session, quiet_s))


async def _sent(work: UnitOfWork, item: OutboxItem, desk: Desk, now: datetime) -> None:
    await work.outbox.put(replace(await _as_edited(work, item), state=OutboxState.SENT))
    if item.card.kind in (CardKind.DRAFT, CardKind.CORRECTION):
        return  # seen by analysts only, or no answer of Vigil's
    turn = await turn_of(work, item)
    if _of_turn(item, turn):
        await work.turns.put(replace(turn, delivery=Delivery.SENT, delivery_reason=item.reason))
    for section in item.card.sections:
        answer = await work.answers.get(section.answer.id) or section.answer
        await work.answers.put(replace(answer, card=item.card.id, sent_at=now))
        await catch_up(work, answer, now)
        question = await work.questions.get(section.question)
        if question and question.state is QuestionState.OPEN:
            await work.questions.put(replace(question, state=QuestionState.ANSWERED))
    if desk.policy.accept_reactions:
        await accept_wished(work, turn.messages, now + AFTER_CARD, now)
