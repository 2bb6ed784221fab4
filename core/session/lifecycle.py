"""Which session a message belongs to, and the phases a session goes through (DESIGN 4, Scope and Phases)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.cards import Destination
from core.domain.channels import Channel, SessionScope
from core.domain.events import CommandIssued, MessagePosted
from core.domain.ids import MessageId, SessionId, make_id
from core.domain.knowledge import Viewer
from core.domain.people import Person, Role
from core.domain.policy import Policy
from core.domain.sessions import Message, Phase, Session, SessionKind
from core.ports.records import UnitOfWork
from core.session.commands import command_in
from core.session.roles import is_analyst, is_home, standing_of
from core.session.transcript import asks

CHAT = "chat"
ASKED_BY_HAND = "command:"
"""Begins the thread of what somebody looked up by hand: it is no thread of the platform."""
_HAND_OFF = re.compile(
    r"\b(hand(?:ing|ed)?(?:\s+\w+)?\s+(?:over|off)|transfer(?:ring|red)?|escalat\w+|(?:a|our) (?:human|colleague|engineer|agent)"
    r"|connect(?:ing)? you)\b|转人工|转接|人工客服|人工支持",
    re.IGNORECASE,
)


def message_id(event_channel: str, platform_id: str) -> MessageId:
    """Our id for a platform's message; ``event_channel`` is the channel's key."""
    return MessageId(make_id("message", event_channel, platform_id))


async def session_for(work: UnitOfWork, event: MessagePosted, channel: Channel, policy: Policy) -> Session:
    """Find the session that the message belongs to, or open one. Its opener is the first human who asks in it."""
    return _opened_by(await _found(work, event, channel, policy), event.author, channel, policy)


async def _found(work: UnitOfWork, event: MessagePosted, channel: Channel, policy: Policy) -> Session:
    if channel.settings.session is SessionScope.CHAT:
        return await work.sessions.in_thread(channel.ref, CHAT) or _open(event, channel, CHAT)
    if event.thread and event.thread != event.message_id:
        return await _of_thread(work, event, channel, event.thread)
    late_root = await work.sessions.in_thread(channel.ref, event.message_id)
    if late_root:
        return late_root if event.author.is_bot else replace(late_root, opener=event.author)
    since = event.at - timedelta(seconds=policy.close_after_s)
    candidates = await work.sessions.unthreaded(channel.ref, since)
    return _joined(event, channel, candidates, policy) or _open(event, channel, event.message_id)


def _opened_by(session: Session, author: Person, channel: Channel, policy: Policy) -> Session:
    requester = standing_of(author, channel, author, policy).role is Role.REQUESTER
    return replace(session, opener=author) if session.opener.is_bot and requester else session


async def _of_thread(work: UnitOfWork, event: MessagePosted, channel: Channel, thread: str) -> Session:
    root = await work.messages.get(message_id(channel.ref.key, thread))
    found = await work.sessions.get(root.session) if root else await work.sessions.in_thread(channel.ref, thread)
    return replace(found or _open(event, channel, thread), threaded=True)


def _joined(event: MessagePosted, channel: Channel, candidates: Sequence[Session], policy: Policy) -> Session | None:
    analyst = standing_of(event.author, channel, event.author, policy).role is Role.ANALYST
    if _asks_alone(event, analyst=analyst):
        began = event.at - timedelta(seconds=policy.burst_at_most_s)
        return next((s for s in candidates[::-1] if s.opener.id == event.author.id and s.last_at >= began), None)
    if analyst:
        named = [s for s in candidates if s.opener.id in event.mentions]
        return named[-1] if named else candidates[0] if len(candidates) == 1 else None
    recent = event.at - timedelta(seconds=policy.group_within_s)
    own = [s for s in candidates if s.opener.id == event.author.id and s.last_at >= recent]
    if own:
        return own[-1]
    others = [s for s in candidates if s.opener.id != event.author.id]
    joins = not channel.external and not channel.settings.first_line_bot
    named = [s for s in others if s.opener.id in event.mentions]
    return named[-1] if named and joins else None


def _asks_alone(event: MessagePosted, *, analyst: bool) -> bool:
    """Whether it is a question to Vigil and not to whoever asked before, so that only its own burst goes on: an analyst's, or
    anybody's in a direct message, where nobody is mentioned. A command is about what is there."""
    return event.direct and (analyst or not event.mentions) and command_in(event.text) is None


def _open(event: MessagePosted, channel: Channel, thread: str) -> Session:
    phase = Phase.OPEN if channel.settings.first_line_bot else Phase.ENGAGED
    return Session(
        SessionId(make_id("session", channel.ref.key, thread)), channel.ref, thread, event.author, event.at, event.at,
        threaded=event.thread not in (None, event.message_id), phase=phase,
    )  # fmt: skip


def asked_by_hand(event: CommandIssued, kind: SessionKind) -> Session:
    """Open the session of one question that is put to Vigil alone; what it says there only the asker sees."""
    thread = f"{ASKED_BY_HAND}{event.external_id}"
    return Session(
        SessionId(make_id("session", event.channel.key, thread)),
        event.channel,
        thread,
        event.by,
        event.at,
        event.at,
        kind=kind,
    )


def place_of(session: Session, burst: Sequence[Message]) -> Destination:
    """Where Vigil answers a burst: in the thread that its first message stands in or begins, which need not be the thread that
    the session began with."""
    nowhere = session.thread == CHAT or session.private_to is not None
    thread = next((message.thread for message in burst if message.thread), session.thread)
    return Destination(session.channel, None if nowhere else thread, session.private_to)


def viewer_of(session: Session, channel: Channel, policy: Policy) -> Viewer:
    """Whose eyes see what Vigil says in a session: the channel's or, of what one person alone sees, theirs: an analyst sees
    more than the channel, and who is neither of its customer nor of the home organisation no more than all customers do."""
    if session.private_to is None:
        return Viewer.of_customer(channel.customer)
    if is_analyst(session.opener, channel.ref.workspace, policy):
        return Viewer.analyst(channel.customer)
    home = is_home(session.opener, channel.ref.workspace)
    own = home or session.opener.organisation == channel.customer
    return Viewer.of_customer(channel.customer if own else None)


def after_message(session: Session, message: Message, channel: Channel) -> Session:
    """The session once the message is in: one event older, engaged or reopened where the message does that."""
    return replace(
        session,
        seq=message.seq,
        last_at=max(session.last_at, message.at),
        phase=_phase(session, message, channel),
        closed_at=None if _reopens(session, message) else session.closed_at,
        close_reason="" if _reopens(session, message) else session.close_reason,
    )


def _phase(session: Session, message: Message, channel: Channel) -> Phase:
    if session.phase is Phase.OPEN:
        return Phase.ENGAGED if message.role is Role.ANALYST or _hands_off(message, channel) else Phase.OPEN
    return Phase.ENGAGED if _reopens(session, message) else session.phase


def _reopens(session: Session, message: Message) -> bool:
    return session.phase is Phase.CLOSED and asks(message)


def _hands_off(message: Message, channel: Channel) -> bool:
    return message.author.id == channel.settings.first_line_bot and bool(_HAND_OFF.search(message.text))


def closed(session: Session, at: datetime, reason: str) -> Session:
    """The session as closed at this time."""
    return replace(session, phase=Phase.CLOSED, closed_at=at, close_reason=reason)
