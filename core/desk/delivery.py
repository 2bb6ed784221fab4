"""Where a turn's card goes, by the channel's mode: into its thread, to the analysts as a draft, or only on record."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from core.desk.consumers import mode_of
from core.domain.cards import ActionKind, Card, CardAction, CardKind, Destination, Notice, OutboxItem
from core.domain.channels import Channel, DeliveryMode
from core.domain.ids import CardId, make_id
from core.domain.policy import Policy
from core.domain.sessions import Message
from core.respond.situation import Response

log = structlog.get_logger(__name__)

DRAFT_ACTIONS = (ActionKind.SEND_DRAFT, ActionKind.EDIT_DRAFT, ActionKind.DISMISS_DRAFT)


def waiting_item(
    card: Card, why: str, channel: Channel, burst: Sequence[Message], as_of: int, now: datetime, policy: Policy
) -> OutboxItem | None:
    """The card as it is to wait in the outbox, or ``None`` where the answer is only recorded. ``why`` tells analysts why the
    question is in scope. Where there is no answer, there is nothing for them to decide: whoever asked directly is told so."""
    asked = any(m.direct for m in burst)
    mode = mode_of(channel.settings, policy, asked=asked)
    private = card.kind is CardKind.LOOKUP
    if not policy.posting or not (private or mode in (DeliveryMode.AUTO, DeliveryMode.DRAFT)):
        return None
    if mode is DeliveryMode.DRAFT and not private and card.sections:
        analysts = draft_channel(channel, policy)
        if not analysts:
            log.error("drafts_have_no_place", channel=channel.ref.channel, card=card.id)
            return None
        card = draft_of(card, why, channel, analysts, burst[0].author.name)
    asked_at = max(m.at for m in burst)
    return OutboxItem(
        card,
        as_of,
        not_before=now + timedelta(seconds=policy.send_delay_s),
        not_after=asked_at + timedelta(seconds=policy.answer_within_s),
    )


def is_homeless(channel: Channel, policy: Policy) -> bool:
    """Whether what is drafted in a channel has no channel to be shown in."""
    return mode_of(channel.settings, policy) is DeliveryMode.DRAFT and not draft_channel(channel, policy)


def draft_channel(channel: Channel, policy: Policy) -> str | None:
    """Where a channel's drafts are shown, as the platform names it; ``None`` where that is not set."""
    return channel.settings.analyst_channel or policy.analyst_channel


def allows(card: Card, channel: Channel, policy: Policy, *, asked: bool) -> bool:
    """Whether the channel's mode lets a card go now."""
    mode = mode_of(channel.settings, policy, asked=asked)
    match card.kind:
        case CardKind.LOOKUP:
            return True
        case CardKind.DRAFT:
            return mode is DeliveryMode.DRAFT
        case CardKind.CORRECTION:
            return mode in (DeliveryMode.AUTO, DeliveryMode.DRAFT)
        case CardKind.ANSWER:
            decided = bool(card.approved_by) or not card.sections
            return mode is DeliveryMode.AUTO or (mode is DeliveryMode.DRAFT and decided)


def draft_of(card: Card, why: str, channel: Channel, analyst_channel: str, asker: str) -> Card:
    """The card as analysts see it before anybody else does."""
    draft = draft_id(card.id)
    where = (("channel", channel.name or channel.ref.channel), ("by", asker))
    return replace(
        card,
        id=draft,
        destination=Destination(replace(channel.ref, channel=analyst_channel)),
        kind=CardKind.DRAFT,
        why=why,
        notice=Notice("draft_from", where, card.language),
        actions=tuple(CardAction(kind, draft) for kind in DRAFT_ACTIONS),
    )


def draft_id(card: CardId) -> CardId:
    """The id of the draft of a card."""
    return CardId(make_id("draft", card))


def reasons(response: Response) -> str:
    """Why a draft's questions are in scope, for analysts: the nearest thing known."""
    best = max((p for r in response.resolved for p in r.passages), key=lambda p: p.relevance, default=None)
    return best.entry.title if best else ""
