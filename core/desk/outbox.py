"""The outbox: the last look at the moment of sending, and a card that is never posted twice (DESIGN 5.7, 8)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from core.desk.accept_reactions import AFTER_CARD, accept_wished
from core.desk.context import Desk
from core.desk.correcting import corrected
from core.desk.drafts import went_out
from core.desk.dropping import REFUSED, drop, of_turn
from core.desk.last_look import MOST_ATTEMPTS, OUTSIDERS, UNFORESEEN, last_look, turn_of
from core.desk.withdraw import catch_up
from core.domain.cards import CardKind, OutboxItem, OutboxState
from core.domain.channels import ChannelRef
from core.domain.errors import CallerError, FinalError, TransientError, VigilError
from core.domain.ids import CardId
from core.domain.sessions import Delivery, QuestionState
from core.ports.records import UnitOfWork

log = structlog.get_logger(__name__)

UNSURE = "whether the platform has the card could not be found out"
ASKED_TO_WAIT = "the platform asks to wait"

RETRY_S = 5.0
LEAST_RETRY_S = 1.0


def queue(items: Sequence[OutboxItem]) -> list[tuple[datetime, OutboxItem]]:
    """Say when each of these waiting cards may go, earliest first. Where the platform asked to wait, the channel's later cards
    wait behind the first; other channels go on."""
    held: dict[ChannelRef, datetime] = {}
    for item in items:
        if item.reason == ASKED_TO_WAIT:
            channel = item.card.destination.channel
            held[channel] = max(held.get(channel, item.not_before), item.not_before)
    times = [(max(i.not_before, held.get(i.card.destination.channel, i.not_before)), i) for i in items]
    return sorted(times, key=lambda at: at[0])


async def deliver(item: OutboxItem, desk: Desk) -> None:
    """Send one card that is due, or drop it with its reason. What was being sent when a call failed or the process died is
    looked for first; where the platform does not have it, the last look is taken anew."""
    now = desk.clock.now()
    if item.state is OutboxState.SENDING and await _found(item, desk, now):
        return
    if item.card.kind is CardKind.DRAFT and not await _looked_up(item, desk, now):
        return
    async with desk.records.begin() as work:
        if await work.outbox.get(item.card.id) != item:
            return  # overtaken since it was read
        reason = await last_look(work, item, desk, now)
        if reason:
            await drop(work, item, reason, now)
            return
        item = replace(item, state=OutboxState.SENDING, sending_at=now)
        await work.outbox.put(item)
    await _send(item, desk, now)


async def _looked_up(item: OutboxItem, desk: Desk, now: datetime) -> bool:
    """Take over what the platform says now of the channel that a draft goes to: it may never have been heard of, or be shared
    with outsiders since. Gives False where the platform does not say, and the draft waits or is dropped."""
    ref = item.card.destination.channel
    try:
        said = await desk.messenger.channel(ref)
    except VigilError as error:
        await _not_sent(item, error, desk, now)
        return False
    async with desk.records.begin() as work:
        known = await work.channels.get(ref)
        told = known.told(said.name, said.organisations, external=said.external)
        await work.channels.put(told)
    if told.is_shared:
        log.error("draft_not_shown", card=item.card.id, channel=ref.channel, reason=OUTSIDERS)
    return True


async def _found(item: OutboxItem, desk: Desk, now: datetime) -> bool:
    """Look for a card that may have been posted; gives False when the platform does not have it. It is looked for until the
    platform says so; where it never will, the card counts as seen, because saying the same twice is the worse mistake."""
    try:
        platform_id = await desk.messenger.find(item.card)
    except (TransientError, CallerError) as error:
        await _put(desk, _later(item, now, _asked_to_wait_s(error)))
        return True
    except FinalError as error:
        log.error("card_not_looked_for", card=item.card.id, error=error.sentence)
        await _was_sent(item, replace(item, reason=UNSURE), desk, now)
        return True
    if platform_id is None:
        return False
    await _was_sent(item, replace(item, platform_id=platform_id, reason=""), desk, now)
    return True


async def _was_sent(read: OutboxItem, item: OutboxItem, desk: Desk, now: datetime) -> None:
    """People may have seen it since it was being sent, unless that is on record already."""
    async with desk.records.begin() as work:
        if await work.outbox.get(read.card.id) == read:
            await _sent(work, item, desk, read.sending_at or now)


async def _send(item: OutboxItem, desk: Desk, now: datetime) -> None:
    try:
        platform_id = await desk.messenger.send(item.card)
    except VigilError as error:
        await _not_sent(item, error, desk, now)
        return
    async with desk.records.begin() as work:
        await _sent(work, replace(item, platform_id=platform_id, reason=""), desk, now)


async def _not_sent(item: OutboxItem, error: VigilError, desk: Desk, now: datetime) -> None:
    """What becomes of a card after an error of the platform. One that was refused because of a token or a scope was surely not
    posted: it waits as before, until somebody mends that or it is too old. So does one for a single person after any error: it
    cannot be looked for, and to be told twice is better than never."""
    unsent = replace(item, state=OutboxState.PENDING, sending_at=None)
    if isinstance(error, TransientError):
        private = item.card.destination.person is not None
        await _put(desk, _later(unsent if private else item, now, error.retry_after_s))
        return
    log.error("card_refused", card=item.card.id, error=error.sentence)
    if isinstance(error, CallerError):
        await _put(desk, _later(unsent, now))
        return
    async with desk.records.begin() as work:
        await drop(work, item, REFUSED, now)


def _asked_to_wait_s(error: VigilError) -> float | None:
    return error.retry_after_s if isinstance(error, TransientError) else None


async def put_off(card: CardId, desk: Desk) -> None:
    """After an error that nobody foresaw: try again later, and in the end give up, so that no card stops the others."""
    now = desk.clock.now()
    async with desk.records.begin() as work:
        item = await work.outbox.get(card)
        if item is None or item.state not in (OutboxState.PENDING, OutboxState.SENDING):
            return
        if item.attempts < MOST_ATTEMPTS:
            await work.outbox.put(_later(item, now, reason=UNFORESEEN))
        elif item.state is OutboxState.SENDING:
            await _sent(work, replace(item, reason=UNSURE), desk, now)
        else:
            await drop(work, item, UNFORESEEN, now)


def _later(item: OutboxItem, now: datetime, retry_after_s: float | None = None, reason: str = "") -> OutboxItem:
    attempts = item.attempts + 1
    if retry_after_s is None:
        wait_s = RETRY_S * 2 ** min(attempts, 6)
    else:
        wait_s, reason = max(retry_after_s, LEAST_RETRY_S), ASKED_TO_WAIT
    return replace(item, attempts=attempts, not_before=now + timedelta(seconds=wait_s), reason=reason)


async def _put(desk: Desk, item: OutboxItem) -> None:
    async with desk.records.begin() as work:
        await work.outbox.put(await _as_edited(work, item))


async def _as_edited(work: UnitOfWork, item: OutboxItem) -> OutboxItem:
    """The item with its card as it is to look by now: it may have been clicked before the platform's answer came."""
    kept = await work.outbox.get(item.card.id)
    return item if kept is None else replace(item, card=kept.card)


async def _sent(work: UnitOfWork, item: OutboxItem, desk: Desk, now: datetime) -> None:
    await work.outbox.put(replace(await _as_edited(work, item), state=OutboxState.SENT))
    if item.card.kind is CardKind.CORRECTION:
        await corrected(work, item.card, now)
    if item.card.kind in (CardKind.DRAFT, CardKind.CORRECTION):
        return  # seen by analysts only, or no answer of Vigil's
    turn = await turn_of(work, item)
    if of_turn(item, turn):
        await went_out(work, item.card, now)
        await work.turns.put(replace(turn, delivery=Delivery.SENT, delivery_reason=item.reason))
    sections = item.card.sections
    answers = [await work.answers.get(section.answer.id) or section.answer for section in sections]
    await work.answers.put(*(replace(answer, card=item.card.id, sent_at=now) for answer in answers))
    for answer in answers:
        await catch_up(work, answer, now)
    questions = [await work.questions.get(section.question) for section in sections]
    still_open = [one for one in questions if one and one.state is QuestionState.OPEN]
    await work.questions.put(*(replace(question, state=QuestionState.ANSWERED) for question in still_open))
    if desk.policy.accept_reactions:
        await accept_wished(work, turn.messages, now + AFTER_CARD, now)
