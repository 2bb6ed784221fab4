"""Accept reactions: one on a card, or on the question that it answers, stands for a click on Accept, and taking it back for
Undo. Recorded history has no cards of ours: there the reaction on a question accepts the answer that the replay gives to it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.desk.cards import ACCEPT
from core.desk.context import Desk
from core.desk.on_click import UNDO, Click, Clicked, answered, decide, last_click, role_of
from core.domain.cards import Card
from core.domain.events import ReactionChanged
from core.domain.ids import MessageId, make_id
from core.domain.people import Person, Role
from core.domain.records import Feedback
from core.domain.sessions import Message, Session
from core.ports.records import UnitOfWork
from core.session.lifecycle import message_id

MESSAGE = "message"
REACTION = "reaction"
"""How somebody accepted; a click on the button says nothing."""
AFTER_CARD = timedelta(seconds=1)
"""An export dates no reaction: it counts as given one second after the thread's last message, which a card may be."""
NOT_THEIRS = "only the asker or an analyst can accept"
NOT_ANSWERED = "nothing was answered to this message"


async def on_accept_reaction(work: UnitOfWork, event: ReactionChanged, desk: Desk) -> None:
    """Accept what the reaction is on: the answers of a card, or to a message those given so far and those given later. Taken
    back, it undoes what it did and no more. From who may not accept it is kept and does nothing."""
    message = await work.messages.get(message_id(event.channel.key, event.message_id))
    session = await work.sessions.get(message.session) if message else None
    if message is not None and session is not None:
        await _on_message(work, message, session, event, desk)
    elif card := await work.outbox.posted(event.channel, event.message_id):
        await _on_card(work, card, event, desk)


async def _on_card(work: UnitOfWork, card: Card, event: ReactionChanged, desk: Desk) -> None:
    channel = await work.channels.get(event.channel)
    for section in card.sections:
        clicked = await answered(work, section.answer.id, event.channel)
        if clicked is None:
            continue
        role = await role_of(work, event.by, clicked.session, channel, clicked.question.messages, desk.policy)
        if role is not None:
            name = make_id("reaction", event.source, event.external_id)
            await _click(work, clicked, Click(name, _kind(event), event.by, role, event.at, REACTION), desk.clock.now())


async def _on_message(work: UnitOfWork, message: Message, session: Session, event: ReactionChanged, desk: Desk) -> None:
    channel = await work.channels.get(event.channel)
    role = await role_of(work, event.by, session, channel, (message.id,), desk.policy)
    wish = Feedback(
        id=make_id("wish", event.source, event.external_id),
        target_kind=MESSAGE,
        target=message.id,
        actor=event.by.id,
        role=role.value if role else "",
        kind=_kind(event),
        text=event.by.name or event.by.id,
        at=event.at,
    )
    await work.feedback.add(wish)
    if event.added:
        await accept_wished(work, (message.id,), event.at, desk.clock.now())
    else:
        await _fulfil(work, wish, message.id, event.at, desk.clock.now())


async def accept_wished(work: UnitOfWork, messages: Sequence[MessageId], at: datetime, now: datetime) -> None:
    """Accept the answers that were sent to these messages wherever somebody who may has put an accept reaction there."""
    for message in messages:
        newest = {wish.actor: wish for wish in await work.feedback.of_target(MESSAGE, message)}
        for wish in newest.values():
            if wish.kind == ACCEPT:
                await _fulfil(work, wish, message, at, now)


async def _fulfil(work: UnitOfWork, wish: Feedback, message: MessageId, at: datetime, now: datetime) -> None:
    for clicked in await _answered(work, message) if wish.role else ():
        by = Person(wish.actor, wish.text)
        await _click(work, clicked, Click(wish.id, wish.kind, by, Role(wish.role), at, REACTION), now)


async def _click(work: UnitOfWork, clicked: Clicked, click: Click, now: datetime) -> None:
    """Do it; an Accept that was not this person's reaction stays when a reaction is taken back."""
    last = await last_click(work, clicked.answer.id)
    if click.kind == UNDO and (last is None or (last.actor, last.text) != (click.by.id, REACTION)):
        return
    await decide(work, clicked, click, now)


def _kind(event: ReactionChanged) -> str:
    return ACCEPT if event.added else UNDO


async def _answered(work: UnitOfWork, message: MessageId) -> list[Clicked]:
    """The sent answers to the questions that a message asks."""
    said = await work.messages.get(message)
    session = await work.sessions.get(said.session) if said else None
    if session is None:
        return []
    questions = {q.id: q for q in await work.questions.of_session(session.id) if message in q.messages}
    answers = await work.answers.of_session(session.id)
    return [Clicked(a, questions[a.question], session) for a in answers if a.question in questions and a.sent_at]


async def why_unmatched(work: UnitOfWork, event: ReactionChanged) -> str:
    """Say why an accept reaction accepted nothing; empty where it did."""
    message = message_id(event.channel.key, event.message_id)
    answered = await _answered(work, message)
    if not answered:
        return NOT_ANSWERED
    clicks = [await last_click(work, clicked.answer.id) for clicked in answered]
    return "" if any(click and click.kind == ACCEPT for click in clicks) else NOT_THEIRS
