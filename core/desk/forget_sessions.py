"""Forgetting in sessions: transcript, questions, turns, answers and cards lose what was said by whoever is forgotten."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.desk.withdraw import CHANGED, take_down
from core.domain.answers import Answer, Citation, Claim
from core.domain.cards import Card, CardSection, OutboxItem, OutboxState
from core.domain.forgetting import NOBODY
from core.domain.ids import CardId, EntryId, MessageId, SessionId
from core.domain.jobs import JobOrder, Lane
from core.domain.naming import LEAST_CHARS, whole
from core.domain.sessions import (
    Delivery,
    Message,
    Phase,
    Question,
    QuestionClass,
    QuestionState,
    Session,
)
from core.knowledge.forgetting import Lost, words_of
from core.ports.records import UnitOfWork
from core.session.models_words import without_models_words

FORGOTTEN = "forgotten"
SOMEBODY = "<name>"
"""Stands for a forgotten person's name in what others said."""


@dataclass(slots=True)
class Tally:
    """What has gone so far; ``sessions`` are those that went whole, ``answers`` those that say nothing any more."""

    sessions: int = 0
    messages: int = 0
    questions: int = 0
    turns: int = 0
    cards: int = 0
    answers: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is forgotten of a session: all of it where ``whole``, else what ``lost`` names. ``names`` and ids of the forgotten
    people are masked in what others said."""

    lost: Lost
    people: frozenset[str]
    names: tuple[str, ...]
    now: datetime
    whole: bool = False

    def masked(self, text: str) -> str:
        """The text with forgotten people's mentions and whole names masked."""
        for name in self.names:
            if len(name) >= LEAST_CHARS and name in text:
                text = re.sub(f"@?{whole(name)}", SOMEBODY, text)
        return text


async def forget_in(work: UnitOfWork, session: Session, scope: Scope, tally: Tally) -> None:
    """Take out of one session what is forgotten. What waits to be sent into a session that is forgotten whole is never sent."""
    was = replace(tally, answers=set(tally.answers))
    before = await work.messages.of_session(session.id)
    after = [_message(one, scope) for one in before]
    changed = [new for old, new in zip(before, after, strict=True) if new != old]
    await work.messages.put(*changed)
    tally.messages += sum(one.id in scope.lost.messages for one in changed)
    kept = words_of(*(one.text for one in after))
    asked = await _questions(work, session.id, {one.id: one for one in after}, kept, scope, tally)
    await _turns(work, session.id, asked, scope, tally)
    for answer in await work.answers.of_session(session.id):
        cited = [await work.ledger.head(one.entry) for one in answer.citations]
        known = words_of(*(h.after.answer for h in cited if h), *(h.after.conditions for h in cited if h))
        if scope.whole or any(scope.lost.leans(_said_in(claim), kept | known) for claim in answer.claims):
            await empty_answer(work, answer, (), tally)
    await _session(work, session, scope, tally, changed=bool(changed) or tally != was)


def _message(message: Message, scope: Scope) -> Message:
    if message.id not in scope.lost.messages:
        files = tuple(replace(one, name=scope.masked(one.name)) for one in message.attachments)
        return replace(message, text=scope.masked(message.text), attachments=files)
    gone_at = message.deleted_at or scope.now
    return replace(message, text="", attachments=(), author=NOBODY, deleted_at=gone_at)


async def _questions(
    work: UnitOfWork,
    session: SessionId,
    said: dict[MessageId, Message],
    kept: frozenset[str],
    scope: Scope,
    tally: Tally,
) -> dict[str, str]:
    """The questions as they are put now, by id; what nobody asks any more is no question."""
    worded: dict[str, str] = {}
    for question in await work.questions.of_session(session):
        new = _question(question, said, kept, scope)
        worded[question.id] = new.query
        if new != question:
            await work.questions.put(new)
            tally.questions += 1
    return worded


def _question(question: Question, said: dict[MessageId, Message], kept: frozenset[str], scope: Scope) -> Question:
    own = [one for m in question.messages if (one := said.get(m)) and one.deleted_at is None]
    gone = scope.lost.messages & set(question.messages)
    if not gone and not scope.lost.leans(f"{question.query}\n{question.context}", kept):
        return replace(question, query=scope.masked(question.query), context=scope.masked(question.context))
    asked = replace(question, query="\n".join(one.text for one in own), context="")
    if own:
        return replace(asked, messages=tuple(one.id for one in own))
    accepted = question.state in (QuestionState.ACCEPTED, QuestionState.RESOLVED)
    state = question.state if accepted else QuestionState.UNRESOLVED
    return replace(asked, class_=QuestionClass.NO_ASSISTANCE_NEEDED, state=state)


async def _turns(work: UnitOfWork, session: SessionId, asked: dict[str, str], scope: Scope, tally: Tally) -> None:
    for turn in await work.turns.of_session(session):
        told = [without_models_words(one) for one in turn.questions]
        questions = tuple(replace(one, query=asked.get(one.question, "")) for one in told)
        new = replace(turn, questions=questions)
        if scope.whole and turn.delivery is Delivery.PENDING:
            new = replace(new, delivery=Delivery.DROPPED, delivery_reason=FORGOTTEN)
        if new != turn:
            await work.turns.put(new)
            tally.turns += 1


async def _session(work: UnitOfWork, session: Session, scope: Scope, tally: Tally, *, changed: bool) -> None:
    new = replace(session, opener=NOBODY if scope.whole or session.opener.id in scope.people else session.opener)
    if scope.whole:
        closed_at, reason = session.closed_at or scope.now, session.close_reason or FORGOTTEN
        new = replace(new, phase=Phase.CLOSED, closed_at=closed_at, close_reason=reason)
    if changed or new != session:
        await work.sessions.put(replace(new, seq=session.seq + 1))
        tally.sessions += scope.whole


async def empty_answer(work: UnitOfWork, answer: Answer, gone: Collection[EntryId], tally: Tally) -> None:
    """Take all words out of an answer, and the titles of what is ``gone`` out of its citations (of all where none is named);
    what it cited, and when it was sent, stays."""
    cited = tuple(replace(c, title="") if not gone or c.entry in gone else c for c in answer.citations)
    if answer.claims:
        tally.answers.add(answer.id)
    await work.answers.put(replace(answer, claims=(), citations=cited))


async def reword_answer(
    work: UnitOfWork, answer: Answer, changed: Collection[EntryId], scope: Scope, tally: Tally
) -> None:
    """Follow entries that were ``changed``: citations get the titles that their revisions have now; an answer that says what
    neither its entries nor its own session say any more loses its words."""
    cited = tuple([await _cited(work, one) if one.entry in changed else one for one in answer.citations])
    reworded = replace(answer, citations=cited)
    heads = [await work.ledger.head(one.entry) for one in cited]
    said = [one.text for one in await work.messages.of_session(answer.session)]
    known = words_of(*said, *(f"{h.after.answer}\n{h.after.title}\n{h.after.conditions}" for h in heads if h))
    if any(scope.lost.leans(_said_in(claim), known) for claim in answer.claims):
        await empty_answer(work, reworded, changed, tally)
    elif reworded != answer:
        await work.answers.put(reworded)


def _said_in(claim: Claim) -> str:
    return "\n".join((claim.text, *(one.text for one in claim.spans)))


async def _cited(work: UnitOfWork, citation: Citation) -> Citation:
    history = await work.ledger.history(citation.entry)
    titles = [one.after.title for one in history if one.n == citation.revision]
    return replace(citation, title=titles[0] if titles else "")


async def empty_cards(work: UnitOfWork, cards: Sequence[CardId], scope: Scope, tally: Tally) -> list[CardId]:
    """Take what is forgotten out of these cards in the outbox. One whose answer is gone is withdrawn while its session is open;
    gives those of which nothing is needed any more."""
    over: list[CardId] = []
    for id_ in cards:
        item = await work.outbox.get(id_)
        session = await work.sessions.get(item.card.session) if item else None
        if item is None:
            continue
        answers = [await work.answers.get(section.answer.id) for section in item.card.sections]
        silent = [one for one in answers if one is not None and not one.claims]
        if session is None or (silent and not await _goes_on(work, session, item.state, silent, scope)):
            over.append(id_)
            await _never_sent(work, item)
            continue
        now = await work.outbox.get(id_) or item
        card = await _card(work, now.card, scope)
        await work.outbox.put(replace(now, card=card))
        if _is_seen(session, now.state) and card != now.card:
            await work.jobs.order(scope.now, JobOrder(Lane.EDIT, id_))
        tally.cards += 1
    tally.cards += len(over)
    return over


async def _never_sent(work: UnitOfWork, item: OutboxItem) -> None:
    turn = await work.turns.get(item.card.turn)
    if turn and turn.delivery is Delivery.PENDING and item.state is OutboxState.PENDING:
        await work.turns.put(replace(turn, delivery=Delivery.DROPPED, delivery_reason=FORGOTTEN))


async def _goes_on(
    work: UnitOfWork, session: Session, state: OutboxState, silent: Sequence[Answer], scope: Scope
) -> bool:
    """Whether a card whose answer is gone is edited on the platform instead of being dropped; it is withdrawn there."""
    if scope.whole or not _is_seen(session, state):
        return False
    await take_down(work, silent[0], scope.now, CHANGED)
    return True


def _is_seen(session: Session, state: OutboxState) -> bool:
    """Whether a card of an open session is on the platform, or on its way there: then it is edited there."""
    return session.phase is not Phase.CLOSED and state in (OutboxState.SENDING, OutboxState.SENT)


async def _card(work: UnitOfWork, card: Card, scope: Scope) -> Card:
    sections = tuple([await _section(work, one) for one in card.sections])
    marks = tuple(replace(one, by="") if one.by in (*scope.names, *scope.people) else one for one in card.marks)
    notice = card.notice and replace(
        card.notice, values=tuple((name, _clear(value, scope)) for name, value in card.notice.values)
    )
    person = "" if card.destination.person in scope.people else card.destination.person
    approved = "" if card.approved_by in (*scope.names, *scope.people) else card.approved_by
    return replace(
        card, sections=sections, marks=marks, notice=notice, why=_clear(card.why, scope), approved_by=approved,
        destination=replace(card.destination, person=person), closest=tuple(
            replace(one, title=_clear(one.title, scope)) for one in card.closest
        ),
    )  # fmt: skip


async def _section(work: UnitOfWork, section: CardSection) -> CardSection:
    question, answer = await work.questions.get(section.question), await work.answers.get(section.answer.id)
    asked = section.asked and (question.query if question else "")
    return replace(section, asked=asked, answer=answer or replace(section.answer, claims=()))


def _clear(text: str, scope: Scope) -> str:
    masked = scope.masked(text)
    return "" if scope.lost.leans(masked, frozenset()) else masked
