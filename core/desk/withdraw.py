"""Cards follow what they cite: withdrawn when it no longer stands, back when it does again (DESIGN 6, UX)."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.desk.context import Desk
from core.desk.edits import back, edit_card, withdrawn
from core.desk.thread import review_name
from core.domain.answers import Answer, Citation
from core.domain.cards import Card, CardKind, CardState
from core.domain.ids import AnswerId, CardId, EntryId, SessionId, make_id, subject_of
from core.domain.jobs import Job, JobOrder, Lane
from core.domain.knowledge import Revision, Viewer
from core.domain.sessions import Phase, QuestionState, Session
from core.knowledge.parts import as_cited
from core.knowledge.quarantine import still_says
from core.ports.records import UnitOfWork

ANSWERED_DIFFERENTLY = "withdrawn_answered_differently"
CHANGED = "withdrawn_changed"
CORRECTED = "correction"
"""The feedback that an answer has once an analyst has told its thread what holds instead."""
MOST_LOOKED_AT = 200
"""Answers in a transaction of a click; looking one up takes 0.7 ms (measured, two citations)."""
OURS = frozenset({ANSWERED_DIFFERENTLY, CHANGED})


@dataclass(frozen=True, slots=True)
class Unsound:
    """A shown answer that cites what no longer stands: the head of the first such entry. ``stands`` says whether people still
    see it as it was: its card could not be withdrawn because its session was closed, or an answer on it was accepted."""

    answer: Answer
    session: Session
    head: Revision
    stands: bool


async def withdraw_job(job: Job, desk: Desk) -> None:
    """Look at the cards that cite an entry which has changed."""
    async with desk.records.begin() as work:
        await withdraw(work, EntryId(job.key), desk.clock.now())
        await work.jobs.finish(job)


async def still_known(work: UnitOfWork, card: Card, viewer: Viewer, now: datetime) -> bool:
    """Whether all that a card cites, or names as closest, still says what was cited, holds now and may be seen there."""
    for citation in (*(c for section in card.sections for c in section.answer.citations), *card.closest):
        history = await work.ledger.history(subject_of(citation.entry))
        if not history:
            continue
        head = history[-1].after
        if not viewer.may_see(head.audience) or (head.expires_at is not None and head.expires_at <= now):
            return False
        if _fallen_in(history, citation):
            return False
    return True


async def catch_up(work: UnitOfWork, answer: Answer, now: datetime) -> None:
    """Nobody could see an answer until now: order a look at its card for what has changed while it was on its way."""
    for citation in answer.citations:
        if await _fallen(work, citation):
            await work.jobs.order(now, JobOrder(Lane.WITHDRAW, subject_of(citation.entry)))


async def withdraw(work: UnitOfWork, entry: EntryId, now: datetime) -> None:
    """Bring the cards that cite an entry up to what it says now, as far as their sessions are open: accepted ones are left, and
    one comes back when all answers on it stand."""
    for answer in await work.lineage.citing(entry):
        session = await work.sessions.get(answer.session)
        if session is None or session.phase is Phase.CLOSED:
            continue
        gone = await fallen(work, answer)
        if gone and answer.withdrawn_at is None and not await _accepted(work, answer):
            reason = ANSWERED_DIFFERENTLY if gone.job == review_name(answer.question) else CHANGED
            await _show(work, answer, withdrawn_at=now, reason=reason, now=now)
        elif gone is None and answer.withdrawn_at is not None and await stand_beside(work, answer):
            await _show(work, answer, withdrawn_at=None, reason="", now=now)


async def take_down(work: UnitOfWork, answer: Answer, now: datetime, reason: str = ANSWERED_DIFFERENTLY) -> None:
    """Withdraw the card of an answer, also where it was accepted or its session is over: by default because an analyst says
    something else."""
    await _show(work, answer, withdrawn_at=now, reason=reason, now=now)


async def fallen(work: UnitOfWork, answer: Answer) -> Revision | None:
    """The head of the first entry an answer cites that no longer says what was cited, or is out of retrieval."""
    for citation in answer.citations:
        head = await _fallen(work, citation)
        if head:
            return head
    return None


async def on_card(work: UnitOfWork, answer: Answer) -> list[Answer]:
    """The answers on the same card, this one among them."""
    return [one for one in await work.answers.of_session(answer.session) if one.card == answer.card]


async def stand_beside(work: UnitOfWork, answer: Answer) -> bool:
    """Whether the other answers on the same card stand."""
    others = [one for one in await on_card(work, answer) if one.id != answer.id]
    return not any([await fallen(work, one) for one in others])


async def _fallen(work: UnitOfWork, citation: Citation) -> Revision | None:
    return _fallen_in(await work.ledger.history(subject_of(citation.entry)), citation)


def _fallen_in(read: list[Revision], citation: Citation) -> Revision | None:
    history = as_cited(read, citation.entry, citation.revision)
    if not history:
        return None
    cited = history[min(citation.revision, len(history)) - 1].after
    return None if still_says(cited, history[-1].after) else history[-1]


async def _accepted(work: UnitOfWork, answer: Answer) -> bool:
    """Whether an answer on the same card was accepted: people rely on it, it stands until somebody says otherwise."""
    questions = [await work.questions.get(one.question) for one in await on_card(work, answer)]
    return any(q is not None and q.state is QuestionState.ACCEPTED for q in questions)


async def _show(work: UnitOfWork, answer: Answer, *, withdrawn_at: datetime | None, reason: str, now: datetime) -> None:
    """Edit the whole card: what is on it together goes together."""

    def change(card: Card) -> Card:
        if withdrawn_at:
            return withdrawn(card, withdrawn_at, reason)
        ours = all(mark.reason in OURS for mark in card.marks if mark.state is CardState.WITHDRAWN)
        return back(card) if ours else card

    card = await edit_card(work, answer.card, change, now) if answer.card else None
    if card is None or (card.state is CardState.WITHDRAWN) is (withdrawn_at is None):
        return
    await work.answers.put(*(replace(one, withdrawn_at=withdrawn_at) for one in await on_card(work, answer)))


async def unsound(work: UnitOfWork, since: datetime) -> list[Unsound]:
    """The answers shown since then that cite what no longer stands, in the order of sending, without those whose thread was
    told what holds."""
    return [one for answer in await work.lineage.shown(since) if (one := await _unsound(work, answer))]


async def uncorrected(work: UnitOfWork, since: datetime) -> list[Unsound]:
    """The threads that were given an unsound answer since then, newest first, each by its newest such answer."""
    found: dict[SessionId, Unsound] = {}
    for answer in await work.overview.outdated(since, MOST_LOOKED_AT):
        one = None if answer.session in found else await _unsound(work, answer)
        if one and await _seen_by_all(work, answer):
            found[answer.session] = one
    return list(found.values())


async def _seen_by_all(work: UnitOfWork, answer: Answer) -> bool:
    """Whether it was posted where everybody sees it, and not only shown to whoever looked it up."""
    item = await work.outbox.get(answer.card) if answer.card else None
    return item is not None and item.card.destination.person is None


async def unsound_in(work: UnitOfWork, session: SessionId) -> list[Unsound]:
    """The answers of one session that everybody could see and that cite what no longer stands."""
    sent = [answer for answer in await work.answers.of_session(session) if answer.sent_at is not None]
    shown = [answer for answer in sent if await _seen_by_all(work, answer)]
    return [one for answer in shown if (one := await _unsound(work, answer))]


async def _unsound(work: UnitOfWork, answer: Answer) -> Unsound | None:
    head = await fallen(work, answer)
    session = await work.sessions.get(answer.session) if head else None
    if head is None or session is None:
        return None
    told = await work.feedback.of_target("answer", answer.id)
    corrected = any(one.kind == CORRECTED for one in told) or await _being_corrected(work, session.id)
    return None if corrected else Unsound(answer, session, head, stands=answer.withdrawn_at is None)


async def _being_corrected(work: UnitOfWork, session: SessionId) -> bool:
    """Whether a correction is on its way into the thread. One that is dropped leaves the thread uncorrected."""
    return any(item.card.kind is CardKind.CORRECTION for item in await work.outbox.waiting(session))


def correction_id(answer: AnswerId) -> CardId:
    """The id of the card that corrects an answer."""
    return CardId(make_id("correction", answer))
