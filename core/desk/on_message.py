"""A message comes in: found its session, put into the transcript, told to whoever wants to work on it."""

from dataclasses import replace

from core.desk.closing import close_session, may_close
from core.desk.consumers import mode_of
from core.desk.context import Desk, Heard
from core.desk.delivery import draft_channel
from core.desk.drafts import answered_by_hand
from core.desk.dropping import overtake
from core.desk.on_command import help_page
from core.desk.presence import channel_with
from core.desk.shortcuts import answered_at_once, asked_before, why_of
from core.domain.channels import Channel, DeliveryMode
from core.domain.events import MessagePosted
from core.domain.pages import Page
from core.domain.people import Role
from core.domain.sessions import Message, Session
from core.ports.records import UnitOfWork
from core.session.answered import human_answered
from core.session.commands import Command, command_in
from core.session.lifecycle import after_message, message_id, session_for
from core.session.roles import standing_of
from core.session.transcript import asks, waiting
from core.text.language import language_of


async def on_message(work: UnitOfWork, event: MessagePosted, desk: Desk) -> Page | None:
    """Append the message to its session and let the consumers order their jobs. Two things are answered at once, to their
    author alone: "@Vigil why" in a thread, why what was asked there last was answered or not, and "@Vigil help"."""
    await work.channels.see(event.channel.platform, event.author)
    channel = await channel_with(work, event.channel, event.author)
    session = await session_for(work, event, channel, desk.policy)
    message = _message(event, session, channel, desk)
    session = after_message(session, message, channel)
    command = command_in(message.text) if message.direct else None
    closes = command is Command.CLOSE and await may_close(work, session, event.author, channel, desk.policy)
    before = await asked_before(work, session, message) if command is Command.WHY else None
    await work.sessions.put(session)
    await work.messages.put(message)
    if command is Command.HELP or before is not None:
        await answered_at_once(work, session, message)
        language = language_of(message.text)
        return await why_of(work, before, event.author, channel, desk) if before else help_page(language)
    if message.platform_id == session.thread and message.seq > 1:
        await _reopen_roles(work, session, channel, desk)
    if asks(message) and not closes:
        await overtake(work, session.id, desk.clock.now())
    await _tell(work, await _heard(work, session, channel, message), desk)
    if draft_channel(channel, desk.policy) and human_answered([message]):
        await answered_by_hand(work, session, desk.clock.now())
    if closes:
        await close_session(work, session, event.at, "closed by a command", desk, message.id)
    return None


async def will_be_answered(work: UnitOfWork, event: MessagePosted, desk: Desk) -> bool:
    """Whether a person asks directly where what Vigil says is seen: not where it only records, or analysts look first."""
    if not event.direct or event.author.is_bot or command_in(event.text) is not None:
        return False
    channel = await work.channels.get(event.channel)
    return mode_of(channel.settings, desk.policy, asked=True) is DeliveryMode.AUTO


def _message(event: MessagePosted, session: Session, channel: Channel, desk: Desk) -> Message:
    return Message(
        id=message_id(event.channel.key, event.message_id),
        session=session.id,
        platform_id=event.message_id,
        seq=session.seq + 1,
        at=event.at,
        author=event.author,
        standing=standing_of(event.author, channel, session.opener, desk.policy),
        text=event.text,
        direct=event.direct,
        attachments=event.attachments,
        thread=event.thread or event.message_id,
    )


async def _reopen_roles(work: UnitOfWork, session: Session, channel: Channel, desk: Desk) -> None:
    """The root came late: who opened is known only now, so the roles given before are looked at again."""
    for message in await work.messages.of_session(session.id):
        standing = standing_of(message.author, channel, session.opener, desk.policy)
        if standing != message.standing:
            await work.messages.put(replace(message, standing=standing))


async def _heard(work: UnitOfWork, session: Session, channel: Channel, message: Message) -> Heard:
    """What the consumers ask, without the transcript: a thread may be long, and this is inside every event's transaction."""
    analyst_spoke = message.role is Role.ANALYST or await work.sessions.has_analyst(session.id)
    waits = bool(waiting([message]) or waiting(await work.messages.without_turn(session.id)))
    return Heard(session, channel, message, analyst_spoke, waits)


async def _tell(work: UnitOfWork, heard: Heard, desk: Desk) -> None:
    orders = [order for consumer in desk.consumers for order in consumer(heard, desk.policy)]
    await work.jobs.order(desk.clock.now(), *orders)
