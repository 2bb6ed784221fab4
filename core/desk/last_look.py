"""The last look: whether a card may still go at the moment of sending, or the dialogue has outrun it (DESIGN 5.7)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.desk.context import Desk
from core.desk.delivery import allows
from core.desk.withdraw import still_known
from core.domain.cards import CardKind, OutboxItem
from core.domain.knowledge import Viewer
from core.domain.sessions import Message, Phase, Session, Turn
from core.ports.records import UnitOfWork
from core.session.answered import human_answered
from core.session.lifecycle import viewer_of
from core.session.transcript import after, waiting

NEWER_MESSAGE = "the requester has written on"
MESSAGE_CHANGED = "the message was edited or deleted in part"
KNOWLEDGE_GONE = "what the answer cites is no longer known"
HUMAN_FIRST = "an analyst answered first"
SESSION_CLOSED = "the session was closed meanwhile"
MESSAGE_GONE = "the message was deleted"
OUTSIDERS = "people from outside are in the channel for drafts"
MODE_CHANGED = "the channel's mode does not allow it any more"
TOO_OLD = "the question is too old to be answered"
UNFORESEEN = "an error that was not foreseen; see the log"
MOST_ATTEMPTS = 8
CLOCKS_DIFFER_S = 2.0
"""Edits carry the platform's time, turns ours. Taking one edit too many for new only asks the engine once more."""


async def last_look(work: UnitOfWork, item: OutboxItem, desk: Desk, now: datetime) -> str:
    """Say why the card must not go now; an empty string lets it go. Cards asked for directly are not held back by others."""
    failing = item.reason == UNFORESEEN
    if now > item.not_after or (failing and item.attempts >= MOST_ATTEMPTS):
        return UNFORESEEN if failing else TOO_OLD
    session = await work.sessions.get(item.card.session)
    corrects = item.card.kind is CardKind.CORRECTION
    if session is None or (session.phase is Phase.CLOSED and not corrects):
        return SESSION_CLOSED
    turn, messages = await turn_of(work, item), await work.messages.of_session(session.id)
    asked = any(m.direct for m in messages if m.id in turn.messages)
    channel = await work.channels.get(session.channel)
    if not allows(item.card, channel, desk.policy, asked=asked):
        return MODE_CHANGED
    if item.card.kind is CardKind.DRAFT and (await work.channels.get(item.card.destination.channel)).is_shared:
        return OUTSIDERS
    if corrects:
        return ""  # a person says it, whatever else is said or known
    moved = _moved(turn, session, messages, approved=bool(item.card.approved_by))
    own = item.card.destination.person == session.private_to
    viewer = viewer_of(session, channel, desk.policy) if own else Viewer.of_customer(channel.customer)
    return moved or ("" if await still_known(work, item.card, viewer, now) else KNOWLEDGE_GONE)


def _moved(turn: Turn, session: Session, messages: Sequence[Message], *, approved: bool) -> str:
    """Say how the dialogue has outrun the turn since it was answered, if it has. An analyst who sends a draft has read on."""
    burst = [m for m in messages if m.id in turn.messages]
    if all(m.deleted_at is not None for m in burst):
        return MESSAGE_GONE
    if approved:
        return ""
    since = turn.at - timedelta(seconds=CLOCKS_DIFFER_S)
    edited = session.seq > turn.as_of and any(m.edited_at is not None and m.edited_at > since for m in burst)
    if edited or any(m.deleted_at is not None for m in burst):
        return MESSAGE_CHANGED
    if waiting(messages):
        return NEWER_MESSAGE
    direct = any(m.direct for m in burst)
    return HUMAN_FIRST if not direct and human_answered(after(messages, burst)) else ""


async def turn_of(work: UnitOfWork, item: OutboxItem) -> Turn:
    """The turn that a card is about."""
    turn = await work.turns.get(item.card.turn)
    assert turn is not None, "a card's turn is written in the same transaction"
    return turn
