"""A session closes: by a resolve reaction, a command or silence, and always in the same way (DESIGN 4, Phases)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.desk.context import Desk
from core.desk.drafts import left_undecided
from core.desk.dropping import drop
from core.desk.last_look import SESSION_CLOSED
from core.domain.cards import CardKind, OutboxState
from core.domain.channels import Channel
from core.domain.ids import MessageId, QuestionId, TurnId, make_id
from core.domain.jobs import JobOrder, Lane
from core.domain.people import Person, Role
from core.domain.policy import Policy
from core.domain.sessions import Message, Outcome, Phase, Question, Session, Turn, TurnQuestion
from core.ports.records import UnitOfWork
from core.session.lifecycle import closed
from core.session.roles import standing_of
from core.session.transcript import waiting
from core.text.language import language_of


async def close_session(
    work: UnitOfWork, session: Session, at: datetime, reason: str, desk: Desk, command: MessageId | None = None
) -> None:
    """Close it: no card is sent any more, nothing waits, and learning has its last try. ``command`` is the message that asked
    for it. What a first-line bot still has goes on waiting for the hand-over."""
    await work.sessions.put(closed(session, at, reason))
    await left_undecided(work, session, at)
    for item in await work.outbox.waiting(session.id):
        if item.state is OutboxState.PENDING and item.card.kind is not CardKind.CORRECTION:
            await drop(work, item, SESSION_CLOSED, at)
    begun = session.phase is not Phase.OPEN
    left = [m for m in waiting(await work.messages.of_session(session.id)) if begun or m.id == command]
    if left:
        await _deal_with(work, session, left, at, command)
    await work.jobs.order(desk.clock.now(), JobOrder(Lane.LEARN, session.id))


async def _deal_with(
    work: UnitOfWork, session: Session, left: Sequence[Message], at: datetime, command: MessageId | None
) -> None:
    """Put on record what was still waiting: its question is classed and learned from later, but not answered."""
    turn = TurnId(make_id("turn", session.id, session.seq, "closed"))
    known = {one for q in await work.questions.of_session(session.id) for one in q.messages}
    asked = [m for m in left if m.id != command and m.id not in known]
    questions = [_question(session, asked)] if asked else []
    await work.questions.put(*questions)
    told = tuple(TurnQuestion(q.id, None, q.query, Outcome.SUPERSEDED, SESSION_CLOSED) for q in questions)
    await work.turns.put(Turn(turn, session.id, session.seq, at, tuple(m.id for m in left), told))
    await work.messages.put(*(replace(m, turn=turn) for m in left))


def _question(session: Session, asked: Sequence[Message]) -> Question:
    text = "\n".join(m.text for m in asked)
    return Question(
        id=QuestionId(make_id("question", session.id, session.seq, "closed")),
        session=session.id,
        messages=tuple(m.id for m in asked),
        asked_at=max(m.at for m in asked),
        query=text,
        class_=None,
        language=language_of(text),
        direct=any(m.direct for m in asked),
    )


async def may_close(work: UnitOfWork, session: Session, by: Person, channel: Channel, policy: Policy) -> bool:
    """Whether somebody may close a session: whoever opened it or asks in it, and analysts; a bot never."""
    if by.is_bot:
        return False
    if by.id == session.opener.id or standing_of(by, channel, session.opener, policy).role is Role.ANALYST:
        return True
    said = await work.messages.of_session(session.id)
    return any(m.author.id == by.id and m.role is Role.REQUESTER for m in said)
