"""A message is edited, deleted or reacted to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.desk.accept_reactions import on_accept_reaction
from core.desk.closing import close_session, may_close
from core.desk.context import Desk
from core.desk.fetch_job import keeping, reconcile
from core.desk.refresh_job import link_orders
from core.domain.events import InboundEvent, MessageDeleted, MessageEdited, MessagePosted, ReactionChanged
from core.domain.ids import EntryId, SessionId
from core.domain.jobs import JobOrder, Lane
from core.domain.knowledge import ChangeKind
from core.domain.sessions import Delivery, Message, Phase, Question, QuestionClass, QuestionState, Session
from core.knowledge.decisions import DELETES
from core.knowledge.ledger import Because, lose_source
from core.ports.records import UnitOfWork
from core.session.lifecycle import message_id
from core.session.transcript import waiting

SOURCE_GONE = "the message it was learned from was deleted"


async def on_edited(work: UnitOfWork, event: MessageEdited, desk: Desk) -> None:
    """Follow the edit: the transcript has the new text, what was derived from the old one is looked at again."""
    message = await work.messages.get(message_id(event.channel.key, event.message_id))
    if message is None:
        await work.events.hold(event)
    if message is None or message.deleted_at is not None or message.expired_at is not None:
        return  # of what has expired nothing is learned any more: its thread's words are gone
    if message.edited_at is not None and event.at < message.edited_at:
        return  # read from the past, while a newer edit came live
    files = keeping(event.attachments or message.attachments, message.attachments)
    edited = replace(message, text=event.text, attachments=files, edited_at=event.at)
    if (edited.text, edited.attachments) == (message.text, message.attachments):
        return  # a platform has only unfolded a link
    await work.messages.put(edited)
    asked = await _asked_in(work, edited)
    await _word_anew(work, asked)
    session = await _older(work, message.session)
    orders = [JobOrder(Lane.LEARN, session.id, desk.policy.settle_s, desk.policy.settle_at_most_s)]
    if await work.projections.learned_from(message.id):
        orders[0] = JobOrder(Lane.LEARN, session.id)
    orders += reconcile(files, message.attachments, message.id, desk)
    orders += link_orders(edited) if desk.documents else ()
    if waiting([message]) or await _asks_again(work, edited, asked, session):
        orders += _respond(session, desk)
    await work.jobs.order(desk.clock.now(), *orders)


async def on_deleted(work: UnitOfWork, event: MessageDeleted, desk: Desk) -> None:
    """Follow the deletion: the text is gone, what was learned from it leaves retrieval at once, extract runs without it."""
    message = await work.messages.get(message_id(event.channel.key, event.message_id))
    if message is None:
        await work.events.hold(event)
    if message is None or message.deleted_at is not None:
        return
    gone = replace(message, text="", attachments=(), deleted_at=event.at)
    await work.messages.put(gone)
    await _word_anew(work, await _asked_in(work, gone))
    session = await _older(work, message.session)
    orders = [JobOrder(Lane.LEARN, session.id), *await _without_source(work, gone, event.at)]
    orders += reconcile((), message.attachments, message.id, desk)
    if waiting([message]):
        orders += _respond(session, desk)
    await work.jobs.order(desk.clock.now(), *orders)


def as_left_by(early: MessageEdited | MessageDeleted | None, event: InboundEvent) -> InboundEvent:
    """A message as a change that came before it has left it."""
    match early, event:
        case MessageEdited(), MessagePosted():
            return replace(event, text=early.text, attachments=early.attachments or event.attachments)
        case MessageDeleted(), MessagePosted():
            return replace(event, text="", attachments=())
        case _:
            return event


async def _without_source(work: UnitOfWork, gone: Message, at: datetime) -> list[JobOrder]:
    """Take out of what is known what came from a deleted message; other sessions that taught a retired entry teach again."""
    because = Because(SOURCE_GONE, f"{DELETES}{gone.id}", at)
    orders: list[JobOrder] = []
    for entry in await work.projections.learned_from(gone.id):
        change = await lose_source(work, entry, gone.id, because)
        if change:
            orders.append(JobOrder(Lane.PROJECT, "knowledge"))
        if change and change.change is ChangeKind.RETIRED:
            orders += [JobOrder(Lane.LEARN, session) for session in await _taught(work, entry)]
    return orders


async def _taught(work: UnitOfWork, entry: EntryId) -> list[SessionId]:
    """The sessions that an entry was ever learned from."""
    history = await work.ledger.history(entry)
    messages = [await work.messages.get(m) for m in dict.fromkeys(m for r in history for m in r.from_messages)]
    return list(dict.fromkeys(m.session for m in messages if m))


async def _asks_again(work: UnitOfWork, edited: Message, asked: Sequence[Question], session: Session) -> bool:
    """Let the messages of a question that nobody has answered wait again, now that one of them says something else. Where a
    card is on its way, the last look decides."""
    answered = any(q.state not in (QuestionState.OPEN, QuestionState.UNRESOLVED) for q in asked)
    turn = await work.turns.get(edited.turn) if edited.turn else None
    if answered or session.phase is Phase.CLOSED or not waiting([replace(edited, turn=None)]):
        return False
    if turn is None or turn.delivery is Delivery.PENDING:
        return False
    await work.messages.assign_turn(None, edited.id, *(m for q in asked for m in q.messages))
    return True


async def _asked_in(work: UnitOfWork, message: Message) -> list[Question]:
    return [q for q in await work.questions.of_session(message.session) if message.id in q.messages]


async def _word_anew(work: UnitOfWork, questions: Sequence[Question]) -> None:
    """Put questions in the words that their messages have now; what no message asks any more is no question."""
    for question in questions:
        asked = [m for one in question.messages if (m := await work.messages.get(one)) and m.deleted_at is None]
        worded = replace(
            question, messages=tuple(m.id for m in asked), query="\n".join(m.text for m in asked), context=""
        )
        await work.questions.put(worded if asked else replace(worded, class_=QuestionClass.NO_ASSISTANCE_NEEDED))


def _respond(session: Session, desk: Desk) -> list[JobOrder]:
    """What waited is different now: what was begun for it is superseded and begins anew once the burst is over."""
    if session.phase is Phase.CLOSED:
        return []
    return [JobOrder(Lane.RESPOND, session.id, desk.policy.burst_quiet_s, desk.policy.burst_at_most_s)]


async def _older(work: UnitOfWork, session_id: SessionId) -> Session:
    session = await work.sessions.get(session_id)
    assert session is not None, "a message's session exists as long as the message"
    session = replace(session, seq=session.seq + 1)
    await work.sessions.put(session)
    return session


async def on_reaction(work: UnitOfWork, event: ReactionChanged, desk: Desk) -> None:
    """An accept reaction is a click; a resolve reaction by the requester or an analyst, on a message or on a card, closes the
    session."""
    name = event.name.split("::")[0]  # without the tone of skin
    if name in desk.policy.accept_reactions:
        await on_accept_reaction(work, event, desk)
    if not event.added or name not in desk.policy.resolve_reactions:
        return
    session = await _session_of(work, event)
    if session is None or session.phase is Phase.CLOSED:
        return
    channel = await work.channels.get(event.channel)
    if await may_close(work, session, event.by, channel, desk.policy):
        await close_session(work, replace(session, seq=session.seq + 1), event.at, "a resolve reaction", desk)


async def _session_of(work: UnitOfWork, event: ReactionChanged) -> Session | None:
    """The session of the message or card that was reacted to."""
    message = await work.messages.get(message_id(event.channel.key, event.message_id))
    if message is not None:
        return await work.sessions.get(message.session)
    card = await work.outbox.posted(event.channel, event.message_id)
    return await work.sessions.get(card.session) if card else None
