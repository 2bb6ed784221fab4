"""The one door: every event comes in here and is stored before it is acknowledged (DESIGN 2)."""

from dataclasses import replace
from typing import assert_never

import structlog

from core.desk import config, correcting, drafts, opening, queue, sharing, shortcuts
from core.desk.consumers import mode_of
from core.desk.context import Desk
from core.desk.on_change import as_left_by, on_deleted, on_edited, on_reaction
from core.desk.on_click import CLICKS, on_click
from core.desk.on_command import on_command
from core.desk.on_message import on_message, will_be_answered
from core.desk.presence import channel_with
from core.desk.refusals import CARD_UNKNOWN
from core.domain.cards import ActionKind, Notice
from core.domain.channels import DeliveryMode
from core.domain.errors import VigilError
from core.domain.events import (
    ButtonClicked,
    ChannelChanged,
    CommandIssued,
    FormSubmitted,
    InboundEvent,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    OpsEvent,
    ReactionChanged,
)
from core.domain.replies import Receipt, Reply
from core.ports.records import UnitOfWork
from core.session.lifecycle import message_id
from core.text.redaction import redact

log = structlog.get_logger(__name__)

REFUSALS = frozenset(
    {"only_analyst", "only_asker_or_analyst", "only_asker_closes", "card_unknown", "card_withdrawn", "entry_unknown",
     "entry_gone", "why_unknown", "channel_is_silent", "share_not_for_channel", "share_too_old"}
)  # fmt: skip
"""The notes that tell somebody that they may not do this, here or with that."""


class Intake:
    """Receives events. ``receive`` is one short transaction; when it raises, the event is not acknowledged and comes again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def receive(self, event: InboundEvent) -> Receipt:
        """Store the event, append it to its session, order jobs, and decide clicks at once.

        Gives ``stored=False`` for a repetition and for channels whose mode is ``off``, which are neither read nor stored:
        there, only what was stored before is still deleted, and whoever commands Vigil or clicks on what it showed is heard.
        """
        masked = without_secrets(event)
        try:
            async with self._desk.records.begin() as work:
                if await self._is_off(work, masked):
                    return Receipt(stored=False)
                early = await _early_change(work, masked)
                current = as_left_by(early, masked)
                if not await work.events.add(current):
                    return Receipt(stored=False)
                if isinstance(early, MessageDeleted):
                    return Receipt(stored=True)
                await _see(work, current)
                reply = await self._handle(work, current)
                waits = isinstance(current, MessagePosted) and await will_be_answered(work, current, self._desk)
                return Receipt(stored=True, reply=reply, answers=waits)
        except VigilError as error:
            log.warning("event_not_stored", source=event.source, event_id=event.external_id, reason=error.sentence)
            raise
        except Exception:
            log.exception("event_not_stored", source=event.source, event_id=event.external_id)
            raise

    async def _is_off(self, work: UnitOfWork, event: InboundEvent) -> bool:
        if isinstance(event, OpsEvent | ChannelChanged | CommandIssued | FormSubmitted | ButtonClicked):
            return False
        if isinstance(event, MessageDeleted) and await work.messages.get(
            message_id(event.channel.key, event.message_id)
        ):
            return False
        channel = await work.channels.get(event.channel)
        return mode_of(channel.settings, self._desk.policy) is DeliveryMode.OFF

    async def _handle(self, work: UnitOfWork, event: InboundEvent) -> Reply:
        match event:
            case MessagePosted():
                return await on_message(work, event, self._desk)
            case MessageEdited():
                await on_edited(work, event, self._desk)
            case MessageDeleted():
                await on_deleted(work, event, self._desk)
            case ReactionChanged():
                await on_reaction(work, event, self._desk)
            case ChannelChanged():
                await on_channel(work, event)
            case ButtonClicked():
                return _logged(event, await _clicked(work, event, self._desk))
            case FormSubmitted():
                return _logged(event, await _submitted(work, event, self._desk))
            case CommandIssued():
                await channel_with(work, event.channel, event.by)
                return _logged(event, await on_command(work, event, self._desk))
            case OpsEvent():
                pass
            case _:
                assert_never(event)
        return None


async def _see(work: UnitOfWork, event: InboundEvent) -> None:
    """Remember who did it, also where they never write: whoever is forgotten must be known by name."""
    if isinstance(event, ButtonClicked | FormSubmitted | CommandIssued | ReactionChanged):
        await work.channels.see(event.channel.platform, event.by)


async def _clicked(work: UnitOfWork, event: ButtonClicked, desk: Desk) -> Reply:
    await channel_with(work, event.channel, event.by)
    if event.action in CLICKS:
        return await on_click(work, event, desk)
    if event.action in drafts.CLICKS:
        return await drafts.on_draft(work, event, desk)
    if event.action in opening.CLICKS:
        return await opening.on_open(work, event, desk)
    if event.action in queue.CLICKS:
        return await queue.on_queue(work, event, desk)
    if event.action in shortcuts.CLICKS:
        return await shortcuts.on_shortcut(work, event, desk)
    match event.action:
        case ActionKind.CONFIGURE:
            return await queue.on_configure(work, event, desk)
        case ActionKind.POST_CORRECTION:
            return await correcting.on_correct(work, event, desk)
        case ActionKind.SHARE:
            return await sharing.on_share(work, event, desk)
    return CARD_UNKNOWN


async def _submitted(work: UnitOfWork, event: FormSubmitted, desk: Desk) -> Reply:
    match event.form:
        case drafts.EDITED:
            return await drafts.on_edited_draft(work, event, desk)
        case config.CONFIG:
            return await queue.on_configured(work, event, desk)
        case correcting.CORRECTION:
            return await correcting.on_correction(work, event, desk)
        case queue.EDITED:
            return await queue.on_edited_entry(work, event, desk)
        case _:
            return CARD_UNKNOWN


def _logged(event: ButtonClicked | FormSubmitted | CommandIssued, reply: Reply) -> Reply:
    """The reply; where it refuses what somebody wanted, that is on the log. What they sent may be forged and stays off it."""
    if isinstance(reply, Notice) and reply.text in REFUSALS:
        channel = event.channel.channel
        log.info(
            "refused", event_id=event.external_id, type=event.type, by=event.by.id, channel=channel, why=reply.text
        )
    return reply


async def _early_change(work: UnitOfWork, event: InboundEvent) -> MessageEdited | MessageDeleted | None:
    return await work.events.take(event.channel, event.message_id) if isinstance(event, MessagePosted) else None


async def on_channel(work: UnitOfWork, event: ChannelChanged) -> None:
    """Take over what is known of the channel now; organisations that were seen writing are kept, and so is a name where the
    event knows none."""
    known = await work.channels.get(event.channel)
    await work.channels.put(known.told(event.name, event.organisations, external=event.external))


def without_secrets(event: InboundEvent) -> InboundEvent:
    """The event with secrets masked in every text that people wrote, before anything is stored, prompted or logged."""
    match event:
        case MessagePosted() | MessageEdited():
            files = tuple(replace(a, name=redact(a.name).text, url=redact(a.url).text) for a in event.attachments)
            return replace(event, text=redact(event.text).text, attachments=files)
        case CommandIssued():
            return replace(event, text=redact(event.text).text)
        case FormSubmitted():
            return replace(event, fields=tuple((name, redact(value).text) for name, value in event.fields))
        case OpsEvent():
            return replace(event, payload=redact(event.payload).text)
        case ButtonClicked() | ReactionChanged() | MessageDeleted() | ChannelChanged():
            return event
        case _:
            assert_never(event)
