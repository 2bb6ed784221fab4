"""Why Vigil answered a message, or stayed silent: the turn's record in words (UX, For analysts)."""

import re
from dataclasses import replace

from core.domain.cards import Notice
from core.domain.channels import ChannelRef
from core.domain.events import CommandIssued
from core.domain.knowledge import Viewer
from core.domain.pages import Page, PageItem, PageKind
from core.domain.sessions import Delivery, Message, Outcome, SeenPassage, Turn, TurnQuestion
from core.knowledge.parts import history_as_cited
from core.ports.records import UnitOfWork
from core.session.lifecycle import message_id
from core.session.transcript import asks
from core.text.catalogue import say

_LINK = re.compile(r"/(?:archives|client/[A-Z0-9]+)/([A-Z0-9]+)/(?:p|thread/[A-Z0-9]+-)?(\d{10})\.?(\d{6})")
MOST_PASSAGES = 5


async def why_page(work: UnitOfWork, event: CommandIssued, link: str, language: str, *, analyst: bool) -> Page | Notice:
    """Say why, of the message that a link names. Only of the channel where it is asked, unless an analyst asks."""
    found = linked(link)
    ref = ChannelRef(event.channel.platform, event.channel.workspace, found[0]) if found else event.channel
    if found is None or (ref != event.channel and not analyst):
        return Notice("why_unknown", language=language)
    message = await work.messages.get(message_id(ref.key, found[1]))
    if message is None:
        return Notice("why_unknown", language=language)
    channel = await work.channels.get(ref)
    viewer = Viewer.operator() if analyst else Viewer.of_customer(channel.customer)
    return Page(PageKind.WHY, say(language, "why_title"), await reasons_of(work, message, viewer, language), language)


def linked(link: str) -> tuple[str, str] | None:
    """The channel and the message that a link names, as the platform calls them."""
    found = _LINK.search(link)
    return (found[1], f"{found[2]}.{found[3]}") if found else None


async def reasons_of(work: UnitOfWork, message: Message, viewer: Viewer, language: str) -> tuple[PageItem, ...]:
    """What the turn that dealt with a message has on record; titles only of what the viewer may see."""
    turn = await work.turns.get(message.turn) if message.turn else None
    if turn is None:
        known = "why_waiting" if asks(message) else "why_not_asked"
        return (PageItem(say(language, known, role=message.role.value)),)
    told = turn.questions if viewer.audiences is None else [_without_models_words(one) for one in turn.questions]
    items = [await _question(work, one, viewer, language) for one in told]
    return (*items, _delivery(turn, language))


def _without_models_words(one: TurnQuestion) -> TurnQuestion:
    """Why a model finds that nothing is to be said is put in its own words: those are for analysts."""
    said = "" if one.class_ is None else one.class_.value.replace("_", " ")
    return replace(one, reason=said) if one.outcome is Outcome.SILENT else one


async def _question(work: UnitOfWork, one: TurnQuestion, viewer: Viewer, language: str) -> PageItem:
    heading = say(language, "why_outcome", outcome=one.outcome.value, reason=one.reason)
    lines = [say(language, "why_class", class_=one.class_.value if one.class_ else "-")]
    lines.append(say(language, "why_query", query=one.query))
    passages = [
        line for line in [await _passage(work, p, viewer, language) for p in one.passages[:MOST_PASSAGES]] if line
    ]
    return PageItem(heading, (*lines, *(passages or (say(language, "why_no_passage"),))))


async def _passage(work: UnitOfWork, seen: SeenPassage, viewer: Viewer, language: str) -> str:
    history = await history_as_cited(work, seen.entry, seen.revision)
    if not history:
        return ""
    entry = history[min(seen.revision, len(history)) - 1].after
    return say(language, "why_passage", score=seen.score, title=entry.title) if viewer.may_see(entry.audience) else ""


def _delivery(turn: Turn, language: str) -> PageItem:
    if turn.delivery is Delivery.NONE:
        return PageItem(say(language, "why_no_card"))
    return PageItem(say(language, "why_delivery", delivery=turn.delivery.value, reason=turn.delivery_reason).strip())
