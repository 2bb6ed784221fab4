"""Sharing a look-up: what one person was shown is posted for everybody in the channel, if everybody there may see it."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.desk.cards import ACCEPT
from core.desk.consumers import mode_of
from core.desk.context import Desk
from core.desk.refusals import CARD_UNKNOWN
from core.desk.withdraw import still_known
from core.domain.cards import SHARED_BY, Card, CardAction, CardKind, CardSection, Notice, OutboxItem, OutboxState
from core.domain.channels import Channel, DeliveryMode
from core.domain.events import ButtonClicked
from core.domain.ids import AnswerId, CardId, make_id
from core.domain.knowledge import Viewer
from core.domain.sessions import Phase
from core.ports.records import UnitOfWork
from core.session.roles import is_analyst

TOLD_WITHIN = timedelta(hours=1)
"""How long it is tried to tell somebody that what they shared is not posted."""


async def on_share(work: UnitOfWork, event: ButtonClicked, desk: Desk) -> Notice:
    """Post what was looked up as a card in the channel, once. Only its asker may; the audience is the channel's, not theirs."""
    item = await work.outbox.get(CardId(event.target))
    if item is None or not _own(item, event):
        return CARD_UNKNOWN
    channel = await work.channels.get(event.channel)
    if reason := await _refusal(work, item.card, channel, event, desk):
        return Notice(reason, language=item.card.language)
    now, shared = desk.clock.now(), _shared(item.card, event)
    await work.answers.put(*(section.answer for section in shared.sections))
    until = now + timedelta(seconds=desk.policy.answer_within_s)
    await work.outbox.put(OutboxItem(shared, item.as_of, not_before=now, not_after=until))
    return Notice("share_done", language=shared.language)


def _own(item: OutboxItem, event: ButtonClicked) -> bool:
    card, seen = item.card, item.state in (OutboxState.SENDING, OutboxState.SENT)
    own = card.destination.person == event.by.id and card.destination.channel == event.channel
    return card.kind is CardKind.LOOKUP and seen and own and bool(card.sections)


async def _refusal(work: UnitOfWork, card: Card, channel: Channel, event: ButtonClicked, desk: Desk) -> str:
    """The text that says why the card is not shared; empty where it may be."""
    session, before = await work.sessions.get(card.session), await work.outbox.get(_shared_id(card))
    if before is not None and before.state is not OutboxState.DROPPED:
        return "share_again"
    if session is None or session.phase is Phase.CLOSED:
        return "share_too_old"
    mode = mode_of(channel.settings, desk.policy, asked=True)
    drafts = mode is DeliveryMode.DRAFT and is_analyst(event.by, event.channel.workspace, desk.policy)
    if mode is not DeliveryMode.AUTO and not drafts:
        return "channel_is_silent"
    viewer = Viewer.of_customer(channel.customer)
    return "" if await still_known(work, card, viewer, desk.clock.now()) else "share_not_for_channel"


def _shared(card: Card, event: ButtonClicked) -> Card:
    """The card as everybody sees it: its answers are answers of their own, so that each card can be accepted and withdrawn."""
    shared, by = _shared_id(card), event.by.name or event.by.id
    sections = tuple(_section(section, shared) for section in card.sections)
    return replace(
        card,
        id=shared,
        destination=replace(card.destination, person=None),
        sections=sections,
        actions=tuple(CardAction(ACCEPT, section.answer.id) for section in sections),
        notice=Notice(SHARED_BY, (("by", by), ("person", event.by.id)), card.language),
        kind=CardKind.ANSWER,
        approved_by=by,
    )


async def not_shared(work: UnitOfWork, item: OutboxItem, why: str, now: datetime) -> None:
    """Tell whoever shared it that it is not posted; ``why`` names a text of the catalogue. Other cards are nobody's."""
    card, told = item.card, item.card.notice
    if told is None or told.text != SHARED_BY:
        return
    note = replace(
        card,
        id=CardId(make_id("unshared", card.id)),
        destination=replace(card.destination, person=dict(told.values)["person"]),
        sections=(),
        actions=(),
        notice=Notice(why, language=card.language),
        kind=CardKind.LOOKUP,
        approved_by="",
    )
    await work.outbox.put(OutboxItem(note, item.as_of, not_before=now, not_after=now + TOLD_WITHIN))


def _section(section: CardSection, card: CardId) -> CardSection:
    name = AnswerId(make_id("shared", section.answer.id))
    return replace(section, answer=replace(section.answer, id=name, card=card, sent_at=None, withdrawn_at=None))


def _shared_id(card: Card) -> CardId:
    return CardId(make_id("shared", card.id))
