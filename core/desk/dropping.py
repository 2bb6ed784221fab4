"""Cards that are never sent: why, and what becomes of what they would have answered (DESIGN 5.7, 8)."""

from dataclasses import replace
from datetime import datetime

from core.desk.delivery import draft_id
from core.desk.drafts import stayed
from core.desk.last_look import (
    KNOWLEDGE_GONE,
    MESSAGE_CHANGED,
    MESSAGE_GONE,
    MODE_CHANGED,
    NEWER_MESSAGE,
    OUTSIDERS,
    TOO_OLD,
    UNFORESEEN,
    turn_of,
)
from core.desk.sharing import not_shared
from core.domain.cards import CardKind, OutboxItem, OutboxState
from core.domain.ids import SessionId
from core.domain.jobs import JobOrder, Lane
from core.domain.sessions import Delivery, Outcome, Turn
from core.ports.records import UnitOfWork

REFUSED = "the platform refused the card"

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
SENT_AGAIN = frozenset({REFUSED, UNFORESEEN, TOO_OLD})
"""Reasons that lie with the platform: whoever let a draft go may try again."""
PROJECTED_WITHIN_S = 2.0


def not_sent(reason: str) -> str:
    """The text of the catalogue that tells analysts why what they wanted to say is not said."""
    return {TOO_OLD: "not_sent_late", REFUSED: "not_sent_refused", UNFORESEEN: "not_sent_refused"}.get(
        reason, "not_sent_moved"
    )


async def overtake(work: UnitOfWork, session: SessionId, now: datetime) -> None:
    """The requester writes on: cards of this session that have not begun to be sent are dropped, and their messages wait again
    to be answered together with the new one. One that is being sent may be visible already: its answer counts as said."""
    for item in await work.outbox.waiting(session):
        if item.state is OutboxState.PENDING and item.card.kind is not CardKind.CORRECTION:
            await drop(work, item, NEWER_MESSAGE, now)


async def drop(work: UnitOfWork, item: OutboxItem, reason: str, now: datetime) -> None:
    """Put on record that this card is never sent and why; after the reasons of ``ANEW`` its messages wait again. The draft of
    one that an analyst has let go says so."""
    await work.outbox.put(replace(item, state=OutboxState.DROPPED, reason=reason))
    turn = await turn_of(work, item)
    if not of_turn(item, turn):
        await not_shared(work, item, not_sent(reason), now)
        return
    if item.card.approved_by:
        again = reason in SENT_AGAIN
        if await stayed(work, item.card, not_sent(reason), now, again=again) and again:
            return  # its draft is open again, and the turn waits for analysts as before
    outcome = OUTCOMES.get(reason, Outcome.SUPERSEDED)
    questions = tuple(
        replace(q, outcome=outcome, reason=reason) if q.outcome is Outcome.ANSWERED else q for q in turn.questions
    )
    dropped = replace(turn, questions=questions, delivery=Delivery.DROPPED, delivery_reason=reason)
    await work.turns.put(dropped)
    if reason in ANEW:
        await _answer_anew(work, dropped, now, PROJECTED_WITHIN_S if reason == KNOWLEDGE_GONE else 0.0)


def of_turn(item: OutboxItem, turn: Turn) -> bool:
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
