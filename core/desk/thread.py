"""A session as learning reads it: once before the engine works on it, and a look again before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.desk.context import Desk
from core.domain.answers import Answer
from core.domain.channels import Channel
from core.domain.dialogue import Line
from core.domain.ids import EntryId, QuestionId, SessionId
from core.domain.people import Role
from core.domain.policy import Policy
from core.domain.sessions import Message, Question, Session, Turn
from core.knowledge.decisions import REVIEWS
from core.learn.generalise import Lexicon, channel_words, lexicon_of
from core.learn.others import others_of
from core.ports.records import UnitOfWork
from core.session.transcript import lines


@dataclass(frozen=True, slots=True)
class Thread:
    """A session as learning sees it, with what Vigil answered. ``touched`` says which questions earlier runs have learned
    from, ``leaving`` which entries its review is about to change or retire."""

    session: Session
    channel: Channel
    messages: tuple[Message, ...]
    dialogue: tuple[Line, ...]
    questions: tuple[Question, ...]
    touched: frozenset[QuestionId]
    answers: tuple[Answer, ...]
    turns: tuple[Turn, ...]
    customer: str
    lexicon: Lexicon
    leaving: frozenset[EntryId] = frozenset()


def job_name(question: QuestionId) -> str:
    """How the ledger names the extract job of a question."""
    return f"extract:{question}"


def review_name(question: QuestionId) -> str:
    """How the ledger names the review job of a question."""
    return f"{REVIEWS}{question}"


async def load(session_id: SessionId, desk: Desk) -> Thread | None:
    """Read a session with everything that its learning needs; ``None`` when it is gone."""
    async with desk.records.read() as work:
        session = await work.sessions.get(session_id)
        if session is None:
            return None
        channel = await work.channels.get(session.channel)
        messages = tuple(await work.messages.of_session(session_id))
        questions = _unexpired(await work.questions.of_session(session_id), messages)
        touched = frozenset([q.id for q in questions if await work.ledger.touched_by(job_name(q.id))])
        answers = tuple(await work.answers.of_session(session_id))
        turns = tuple(await work.turns.of_session(session_id))
        customer = _customer(session, channel, messages)
        lexicon = await _lexicon(work, channel, customer, messages, desk.policy)
    dialogue = lines(messages)
    return Thread(session, channel, messages, dialogue, questions, touched, answers, turns, customer, lexicon)


def _unexpired(questions: Sequence[Question], messages: Sequence[Message]) -> tuple[Question, ...]:
    """The questions whose words are still kept: of older ones nothing is learned any more, and nothing taken back."""
    expired = {one.id for one in messages if one.expired_at is not None}
    return tuple(one for one in questions if not expired.intersection(one.messages))


def _customer(session: Session, channel: Channel, messages: Sequence[Message]) -> str:
    asking = [m.author.organisation for m in messages if m.role is Role.REQUESTER and m.author.organisation]
    return asking[0] if asking else channel.customer or session.channel.workspace


async def _lexicon(
    work: UnitOfWork, channel: Channel, customer: str, messages: Sequence[Message], policy: Policy
) -> Lexicon:
    """What names the thread's own customer, and what names the others."""
    channels = await work.channels.all()
    platforms = {channel.ref.platform, *(one.ref.platform for one in channels)}
    people = [person for on in sorted(platforms) for person in await work.channels.members(on, None)]
    scope = channel.settings.scope or policy.scope
    others = others_of(customer, channels, people, policy.analysts, scope)
    if customer == channel.ref.workspace:
        asking = [m.author for m in messages if m.role is Role.REQUESTER]
        return replace(lexicon_of(customer, asking, (), scope), others=others)
    own = [c.name for c in channels if customer in c.organisations]
    rest = [c.name for c in channels if customer not in c.organisations and c.organisations]
    members = [person for person in people if person.organisation == customer]
    telling = channel_words(own, rest, [c.name for c in channels])
    return replace(lexicon_of(customer, members, telling, scope), others=others)


async def still_says(work: UnitOfWork, thread: Thread) -> bool:
    """Whether nothing of what was read has been edited or deleted since; such a change has ordered the job anew."""
    session = await work.sessions.get(thread.session.id)
    if session is None or session.seq == thread.session.seq:
        return session is not None
    now = {m.id: m for m in await work.messages.of_session(session.id)}
    return _said(thread.messages) == _said([now[m.id] for m in thread.messages])


def _said(messages: Sequence[Message]) -> list[tuple[object, ...]]:
    return [(m.id, m.text, m.deleted_at) for m in messages]
