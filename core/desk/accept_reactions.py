"""Accept reactions in recorded history: an export has no buttons, so a reaction on a question stands for the click on the
answer that the replay gives to it. On a live channel only the button accepts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.desk.cards import ACCEPT
from core.desk.context import Desk
from core.desk.on_click import Click, Clicked, decide, last_click, role_of
from core.domain.events import ReactionChanged
from core.domain.ids import MessageId, make_id
from core.domain.people import Person, Role
from core.domain.records import Feedback
from core.ports.records import UnitOfWork
from core.session.lifecycle import message_id

MESSAGE = "message"
AFTER_CARD = timedelta(seconds=1)
"""An export dates no reaction: it counts as given one second after the thread's last message, which a card may be."""
NOT_THEIRS = "only the asker or an analyst can accept"
NOT_ANSWERED = "nothing was answered to this message"


async def on_accept_reaction(work: UnitOfWork, event: ReactionChanged, desk: Desk) -> None:
    """Keep the reaction, and accept what was answered to the message so far; what is answered later is accepted then."""
    message = await work.messages.get(message_id(event.channel.key, event.message_id))
    session = await work.sessions.get(message.session) if message else None
    if message is None or session is None:
        return
    channel = await work.channels.get(event.channel)
    role = await role_of(work, event.by, session, channel, (message.id,), desk.policy)
    wish = make_id("wish", event.source, event.external_id)
    name = event.by.name or event.by.id
    await work.feedback.add(
        Feedback(wish, MESSAGE, message.id, event.by.id, role.value if role else "", ACCEPT, name, event.at)
    )
    await accept_wished(work, (message.id,), event.at, desk.clock.now())


async def accept_wished(work: UnitOfWork, messages: Sequence[MessageId], at: datetime, now: datetime) -> None:
    """Accept the answers that were sent to these messages wherever somebody who may has put an accept reaction there."""
    for message in messages:
        for wish in await work.feedback.of_target(MESSAGE, message):
            for clicked in await _answered(work, message) if wish.role else ():
                by = Person(wish.actor, wish.text)
                await decide(work, clicked, Click(wish.id, ACCEPT, by, Role(wish.role), at), now)


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
