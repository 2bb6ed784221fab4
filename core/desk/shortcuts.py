"""What people do on a message of a thread: close its session, or ask why Vigil answered it or stayed silent (UX)."""

from dataclasses import replace

from core.desk.closing import close_session, may_close
from core.desk.context import Desk
from core.desk.why import reasons_of
from core.domain.cards import Notice
from core.domain.channels import Channel
from core.domain.events import ButtonClicked
from core.domain.ids import TurnId, make_id
from core.domain.knowledge import Viewer
from core.domain.pages import Page, PageKind
from core.domain.people import Person
from core.domain.sessions import Message, Phase, Session, Turn
from core.ports.records import UnitOfWork
from core.session.lifecycle import message_id
from core.session.roles import is_analyst
from core.text.catalogue import say
from core.text.language import language_of

CLOSE, WHY = "close_session", "why_message"
CLICKS = frozenset({CLOSE, WHY})
BY_SHORTCUT = "closed by a shortcut"
NO_THREAD = Notice("why_unknown")


async def on_shortcut(work: UnitOfWork, event: ButtonClicked, desk: Desk) -> Page | Notice:
    """Do it for the message that the shortcut was used on, or its thread where the message is one of our own."""
    found = await _found(work, event)
    if found is None:
        return NO_THREAD
    session, message = found
    if event.action == CLOSE:
        return await _close(work, session, message, event, desk)
    channel = await work.channels.get(event.channel)
    return await why_of(work, message, event.by, channel, desk)


async def why_of(work: UnitOfWork, message: Message, by: Person, channel: Channel, desk: Desk) -> Page:
    """Why a message was answered or not, with titles only of what whoever asks may see there."""
    analyst = is_analyst(by, channel.ref.workspace, desk.policy)
    viewer, language = Viewer.operator() if analyst else Viewer.of_customer(channel.customer), language_of(message.text)
    items = await reasons_of(work, message, viewer, language, desk.policy.retention_days)
    return Page(PageKind.WHY, say(language, "why_title"), items, language)


async def asked_before(work: UnitOfWork, session: Session, message: Message) -> Message | None:
    """The last message before this one that a turn with a question has dealt with; ``None`` where there is none."""
    turns = {turn.id for turn in await work.turns.of_session(session.id) if turn.questions}
    dealt = [m for m in await work.messages.of_session(session.id) if m.turn in turns and m.id != message.id]
    return dealt[-1] if dealt else None


async def answered_at_once(work: UnitOfWork, session: Session, message: Message) -> None:
    """Put on record that a message was dealt with, so that nobody looks for an answer to it."""
    turn = TurnId(make_id("turn", session.id, session.seq, "why"))
    await work.turns.put(Turn(turn, session.id, session.seq, message.at, (message.id,), ()))
    await work.messages.assign_turn(turn, message.id)


async def _found(work: UnitOfWork, event: ButtonClicked) -> tuple[Session, Message] | None:
    """The message, or the one of its thread that Vigil dealt with last, or the root; and the session."""
    own = await work.messages.get(message_id(event.channel.key, event.message_id or event.target))
    root = own or await work.messages.get(message_id(event.channel.key, event.target))
    session = await work.sessions.get(root.session) if root else None
    if root is None or session is None:
        return None
    dealt = [m for m in await work.messages.of_session(session.id) if m.turn is not None]
    return session, own or (dealt[-1] if dealt else root)


async def _close(work: UnitOfWork, session: Session, message: Message, event: ButtonClicked, desk: Desk) -> Notice:
    """As "@Vigil close" does: for those who asked, and analysts."""
    language = language_of(message.text)
    channel = await work.channels.get(event.channel)
    if not await may_close(work, session, event.by, channel, desk.policy):
        return Notice("only_asker_closes", language=language)
    if session.phase is Phase.CLOSED:
        return Notice("session_closed_already", language=language)
    await close_session(work, replace(session, seq=session.seq + 1), event.at, BY_SHORTCUT, desk)
    return Notice("session_closed", language=language)
