"""Why Vigil answered a message, or stayed silent: the turn's record in words (UX, For analysts)."""

import re
from collections.abc import Sequence

from core.desk.cards import ACCEPT
from core.desk.on_click import last_click
from core.domain.cards import Notice
from core.domain.channels import ChannelRef
from core.domain.events import CommandIssued
from core.domain.forgetting import NOBODY
from core.domain.ids import SHORT, AnswerId
from core.domain.knowledge import Viewer
from core.domain.pages import Page, PageItem, PageKind
from core.domain.sessions import Message, Outcome, SeenPassage, Turn, TurnQuestion
from core.knowledge.parts import history_as_cited
from core.ports.records import UnitOfWork
from core.session.lifecycle import message_id
from core.session.models_words import without_models_words
from core.session.transcript import asks
from core.text.catalogue import full_day, say

_LINK = re.compile(r"/(?:archives|client/[A-Z0-9]+)/([A-Z0-9]+)/(?:p|thread/[A-Z0-9]+-)?(\d{10})\.?(\d{6})")
MOST_PASSAGES = 5
STEPS = frozenset({"identify", "rewrite", "retrieve", "rerank", "generate", "skip_repeat"})


async def why_page(
    work: UnitOfWork, event: CommandIssued, link: str, language: str, kept_days: int, *, analyst: bool
) -> Page | Notice:
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
    items = await reasons_of(work, message, viewer, language, kept_days)
    return Page(PageKind.WHY, say(language, "why_title"), items, language)


def linked(link: str) -> tuple[str, str] | None:
    """The channel and the message that a link names, as the platform calls them."""
    found = _LINK.search(link)
    return (found[1], f"{found[2]}.{found[3]}") if found else None


async def reasons_of(
    work: UnitOfWork, message: Message, viewer: Viewer, language: str, kept_days: int
) -> tuple[PageItem, ...]:
    """What the turn that dealt with a message has on record, in the reader's words; nothing that the viewer may not see. Words
    are kept for ``kept_days``; where they are gone, that is said."""
    turn = await work.turns.get(message.turn) if message.turn else None
    if turn is None:
        known = "why_waiting" if asks(message) else f"why_not_asked_{message.role.value}"
        gone = words_gone([message], language, kept_days)
        return (PageItem(gone or say(language, known)),)
    return await reasons_of_turn(work, turn, viewer, language, kept_days)


async def reasons_of_turn(
    work: UnitOfWork, turn: Turn, viewer: Viewer, language: str, kept_days: int
) -> tuple[PageItem, ...]:
    """The same of a turn: each of its questions, then the card, how far ahead it was, and how long it took."""
    told = turn.questions if viewer.audiences is None else [without_models_words(one) for one in turn.questions]
    messages = [found for one in turn.messages if (found := await work.messages.get(one))]
    gone = words_gone(messages, language, kept_days)
    items = [await _question(work, one, viewer, language, gone) for one in told]
    return (*items, PageItem(_delivery(turn, language), tuple(_times(turn, language))))


def words_gone(messages: Sequence[Message], language: str, kept_days: int) -> str:
    """A sentence where the words of one of the messages are not there any more, else an empty one."""
    if any(one.author == NOBODY for one in messages):
        return say(language, "why_forgotten")
    return say(language, "why_expired", days=kept_days) if any(one.expired_at for one in messages) else ""


async def _question(work: UnitOfWork, one: TurnQuestion, viewer: Viewer, language: str, gone: str) -> PageItem:
    lines = [say(language, f"why_class_{one.class_.value if one.class_ else 'none'}")]
    lines.append(gone if gone and not one.query else say(language, "why_query", query=one.query))
    if one.outcome is not Outcome.SILENT:
        lines += await _nearest(work, one, viewer, language)
    if one.answer:
        told = await _answer(work, one.answer, viewer, language, gone)
        lines += [line for line in told if line != gone or gone not in lines]
    return PageItem(say(language, f"why_{one.outcome.value}", reason=one.reason.rstrip(".")), tuple(lines))


async def _nearest(work: UnitOfWork, one: TurnQuestion, viewer: Viewer, language: str) -> list[str]:
    best = sorted(one.passages, key=lambda passage: -passage.score)
    found = [await _passage(work, passage, viewer, language) for passage in best[:MOST_PASSAGES]]
    shown = [line for line in found if line]
    return [say(language, "why_nearest"), *shown] if shown else [say(language, "why_no_passage")]


async def _passage(work: UnitOfWork, seen: SeenPassage, viewer: Viewer, language: str) -> str:
    history = await history_as_cited(work, seen.entry, seen.revision)
    if not history:
        return ""
    entry = history[min(seen.revision, len(history)) - 1].after
    if not viewer.may_see(entry.audience):
        return ""
    return say(language, "why_passage", score=seen.score, title=entry.title, entry=seen.entry[:SHORT])


async def _answer(work: UnitOfWork, name: AnswerId, viewer: Viewer, language: str, gone: str) -> list[str]:
    """What the answer says and what became of it; one that nobody saw is for those alone who see everything."""
    answer = await work.answers.get(name)
    if answer is None or (answer.sent_at is None and viewer.audiences is not None):
        return []
    said = say(language, "why_answer", answer=answer.marked_text) if answer.claims else ""
    lines = [said or gone or say(language, "why_forgotten")]
    click = await last_click(work, name)
    if click and click.kind == ACCEPT:
        lines.append(say(language, f"why_accepted_{click.role}", day=full_day(click.at, language)))
    if answer.withdrawn_at:
        lines.append(say(language, "why_withdrawn", day=full_day(answer.withdrawn_at, language)))
    elif answer.sent_at and not (click and click.kind == ACCEPT):
        lines.append(say(language, "why_stands"))
    return lines


def _delivery(turn: Turn, language: str) -> str:
    because = f": {turn.delivery_reason}" if turn.delivery_reason else ""
    return say(language, f"why_card_{turn.delivery.value}", because=because.rstrip("."))


def _times(turn: Turn, language: str) -> list[str]:
    """How far ahead of the human the card was, and the milliseconds of each step."""
    lines = []
    if turn.lead_s is not None:
        lines.append(say(language, "why_lead", minutes=turn.lead_s / 60))
    if turn.ms:
        steps = ", ".join(f"{_step(name, language)} {ms:.0f}" for name, ms in turn.ms)
        lines.append(say(language, "why_took", total=sum(round(ms) for _, ms in turn.ms), steps=steps))
    return lines


def _step(name: str, language: str) -> str:
    return say(language, f"why_step_{name}") if name in STEPS else name
