"""A button of one of our cards is clicked: decided at once, without a model (DESIGN 2; DESIGN 6, Accept)."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.desk.cards import ACCEPT, UNDO_ACCEPT
from core.desk.context import Desk
from core.desk.edits import accepted, edit_card, reopened
from core.desk.refusals import CARD_UNKNOWN
from core.desk.thread import review_name
from core.desk.withdraw import on_card, stand_beside
from core.domain.answers import Answer
from core.domain.cards import Card, Notice, OutboxState
from core.domain.channels import Channel, ChannelRef
from core.domain.events import ButtonClicked
from core.domain.ids import AnswerId, MessageId, make_id
from core.domain.jobs import JobOrder, Lane
from core.domain.people import Person, Role, RoleBasis
from core.domain.policy import Policy
from core.domain.records import Feedback
from core.domain.sessions import Question, QuestionState, Session
from core.learn.accept import job_name
from core.ports.records import UnitOfWork
from core.session.roles import is_home, standing_of

ANSWER = "answer"
UNDO = "undo"
CLICKS = {ACCEPT: ACCEPT, UNDO_ACCEPT: UNDO}
"""The kind of feedback that each action leaves."""
NOT_YOURS = Notice("only_asker_or_analyst")
WITHDRAWN = Notice("card_withdrawn")


@dataclass(frozen=True, slots=True)
class Clicked:
    """An answer that people could see, with its question and session."""

    answer: Answer
    question: Question
    session: Session


@dataclass(frozen=True, slots=True)
class Click:
    """Who clicked what, in which role, and when; ``id`` names the event. ``kind`` is accept or undo, ``how`` is told where it
    was not by the button."""

    id: str
    kind: str
    by: Person
    role: Role
    at: datetime
    how: str = ""


async def on_click(work: UnitOfWork, event: ButtonClicked, desk: Desk) -> Card | Notice | None:
    """Accept an answer or undo that. Gives the card as it looks now, or a note to the person who may not do this."""
    clicked = await answered(work, AnswerId(event.target), event.channel)
    if clicked is None:
        return CARD_UNKNOWN
    channel = await work.channels.get(event.channel)
    role = await role_of(work, event.by, clicked.session, channel, clicked.question.messages, desk.policy)
    if role is None:
        return NOT_YOURS
    name = make_id("click", event.source, event.external_id)
    return await decide(work, clicked, Click(name, CLICKS[event.action], event.by, role, event.at), desk.clock.now())


async def answered(work: UnitOfWork, answer_id: AnswerId, channel: ChannelRef) -> Clicked | None:
    """The answer of this id if it could be seen in this channel; ids come from outside and prove nothing."""
    answer = await work.answers.get(answer_id)
    session = await work.sessions.get(answer.session) if answer else None
    question = await work.questions.get(answer.question) if answer else None
    if answer is None or session is None or question is None or session.channel != channel:
        return None
    item = await work.outbox.get(answer.card) if answer.card else None
    seen = item is not None and item.state in (OutboxState.SENDING, OutboxState.SENT)
    return Clicked(answer, question, session) if seen else None


async def role_of(
    work: UnitOfWork, person: Person, session: Session, channel: Channel, asked: tuple[MessageId, ...], policy: Policy
) -> Role | None:
    """In which role somebody may accept: as an analyst (configured, or of the home team beside outsiders), or as one who asked
    in this session. A presumed analyst teaches only when the requester confirms, so may not; a bot never."""
    standing = standing_of(person, channel, session.opener, policy)
    home = standing.basis is RoleBasis.HOME and is_home(person, channel.ref.workspace)
    if standing.role is Role.ANALYST and (home or standing.basis is RoleBasis.CONFIGURED):
        return Role.ANALYST
    messages = await work.messages.of_session(session.id)
    askers = {m.author.id for m in messages if m.role is Role.REQUESTER or m.id in asked}
    return Role.REQUESTER if person.id in askers and not person.is_bot else None


async def decide(work: UnitOfWork, clicked: Clicked, click: Click, now: datetime) -> Card | Notice | None:
    """Do what was clicked unless it is so already: a second click is the same click. What the Accept teaches is a job of the
    learn lane; where the question stands, the label and the card are decided here. A withdrawn card stands again with the
    accepted answer unless another answer on it does not."""
    answer, accepts = clicked.answer, click.kind == ACCEPT
    last = await last_click(work, answer.id)
    if accepts == (last is not None and last.kind == ACCEPT):
        return await edit_card(work, answer.card, lambda card: card, now) if answer.card else None
    returns = accepts and answer.withdrawn_at is not None
    if returns and not await work.ledger.touched_by(review_name(clicked.question.id)):
        return WITHDRAWN
    stands = not returns or await stand_beside(work, answer)
    at = max(click.at, last.at) if last else click.at
    await work.feedback.add(
        Feedback(
            make_id("feedback", click.id, answer.id),
            ANSWER,
            answer.id,
            click.by.id,
            click.role,
            click.kind,
            click.how,
            at,
        )
    )
    await _put_question(work, clicked, accepts)
    if returns and stands:
        await work.answers.put(*(replace(one, withdrawn_at=None) for one in await on_card(work, answer)))
    await work.jobs.order(max(now, at), *_lessons(clicked, accepts))
    if answer.card is None:
        return None
    by = click.by.name or click.by.id
    return await edit_card(
        work,
        answer.card,
        lambda c: accepted(c, answer.id, by, at, stands=stands) if accepts else reopened(c, answer.id),
        max(now, at),
    )


async def last_click(work: UnitOfWork, answer: AnswerId) -> Feedback | None:
    """The newest accept or undo of an answer."""
    clicks = [f for f in await work.feedback.of_target(ANSWER, answer) if f.kind in (ACCEPT, UNDO)]
    return clicks[-1] if clicks else None


async def _put_question(work: UnitOfWork, clicked: Clicked, accepts: bool) -> None:
    """An Accept closes the question, an undo reopens it to answered."""
    state = QuestionState.ACCEPTED if accepts else QuestionState.ANSWERED
    await work.questions.put(replace(clicked.question, state=state))


def _lessons(clicked: Clicked, accepts: bool) -> list[JobOrder]:
    """The learning that a click orders: what it teaches, and after an undo the session's own again."""
    own = JobOrder(Lane.LEARN, job_name(clicked.answer.id))
    return [own] if accepts else [own, JobOrder(Lane.LEARN, clicked.session.id)]
