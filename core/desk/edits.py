"""Editing posted cards. The outbox keeps how a card is to look; the lane ``edit`` brings the platform up to it (DESIGN 8)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from core.desk.cards import ACCEPT, UNDO_ACCEPT
from core.desk.context import Desk
from core.domain.cards import Card, CardAction, CardMark, CardState, OutboxState
from core.domain.errors import CallerError, FinalError, TransientError
from core.domain.ids import AnswerId, CardId
from core.domain.jobs import Job, JobOrder, Lane
from core.ports.records import UnitOfWork

log = structlog.get_logger(__name__)

STILL_BEING_SENT = "The card is still on its way to the platform."


async def edit_card(work: UnitOfWork, card: CardId, change: Callable[[Card], Card], now: datetime) -> Card | None:
    """Change how a posted card looks, and order that the platform shows it. Both happen in this transaction: neither a kill nor
    an outage loses the edit, and of several edits the platform ends up with the last. ``change`` is pure.

    Gives the card as it is to look, or ``None`` where it never was to be seen (waiting, dropped or unknown).
    """
    item = await work.outbox.get(card)
    if item is None or item.state not in (OutboxState.SENDING, OutboxState.SENT):
        return None
    edited = change(item.card)
    if edited != item.card:
        await work.outbox.put(replace(item, card=edited))
        await work.jobs.order(now, JobOrder(Lane.EDIT, card))
    return edited


async def edit_job(job: Job, desk: Desk) -> None:
    """Show a card on the platform as the outbox has it. A platform that refuses for good leaves the old look, on record."""
    async with desk.records.read() as work:
        item = await work.outbox.get(CardId(job.key))
    if item and item.state is OutboxState.SENDING:
        raise TransientError(STILL_BEING_SENT)
    if item and item.state is OutboxState.SENT:
        try:
            await _show(item.platform_id, item.card, desk)
        except CallerError as error:  # a right that is missing parks the job with its sentence
            raise FinalError(error.sentence) from error
        except FinalError as error:
            log.error("card_not_edited", card=job.key, error=error.sentence)
    async with desk.records.begin() as work:
        await work.jobs.finish(job)


async def _show(platform_id: str | None, card: Card, desk: Desk) -> None:
    """Update the post; one whose id never came back is looked for."""
    found = platform_id or await desk.messenger.find(card)
    if found is not None:
        await desk.messenger.update(found, card)


def accepted(card: Card, answer: AnswerId, by: str, at: datetime, *, stands: bool = True) -> Card:
    """The card once somebody accepted one of its answers; what was withdrawn before ``stands`` again, or is left withdrawn."""
    kept = [m for m in card.marks if (m.answer or not stands) and m.answer != answer]
    return _marked(card, (*kept, CardMark(CardState.ACCEPTED, at, answer, by)))


def reopened(card: Card, answer: AnswerId) -> Card:
    """The card once that was undone."""
    return _marked(card, tuple(m for m in card.marks if m.answer != answer))


def withdrawn(card: Card, at: datetime, reason: str) -> Card:
    """The card once what it says no longer holds; ``reason`` names a text of the catalogue. Nothing can be clicked on it."""
    return _marked(card, (CardMark(CardState.WITHDRAWN, at, reason=reason),))


def as_posted(card: Card) -> Card:
    """The card as it was before anything happened to it."""
    return _marked(card, ())


def back(card: Card) -> Card:
    """The card as it is without its withdrawal."""
    return _marked(card, tuple(m for m in card.marks if m.state is not CardState.WITHDRAWN))


def _marked(card: Card, marks: tuple[CardMark, ...]) -> Card:
    gone = any(m.state is CardState.WITHDRAWN for m in marks)
    taken = {m.answer for m in marks if m.state is CardState.ACCEPTED}
    answers = [section.answer.id for section in card.sections]
    all_taken = bool(answers) and taken >= set(answers)
    state = CardState.WITHDRAWN if gone else CardState.ACCEPTED if all_taken else CardState.POSTED
    actions = () if gone else tuple(CardAction(UNDO_ACCEPT if a in taken else ACCEPT, a) for a in answers)
    return replace(card, marks=marks, actions=actions, state=state)
