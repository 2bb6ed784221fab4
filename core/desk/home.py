"""A person's home: the week, and how to ask; for analysts the review queue, what is to be corrected, and the channels (UX)."""

from collections.abc import Sequence

from core.desk.consumers import mode_of
from core.desk.context import Desk
from core.desk.dropping import not_sent
from core.desk.stats import WEEK, week_lines
from core.desk.withdraw import Unsound, correction_id, uncorrected
from core.domain.cards import ActionKind, CardAction, Notice, OutboxState
from core.domain.channels import Channel, ChannelRef
from core.domain.events import ButtonClicked, FormSubmitted
from core.domain.knowledge import INTERNAL, SHARED, Audience, Revision
from core.domain.pages import Page, PageItem, PageKind
from core.domain.people import Person
from core.domain.policy import Policy
from core.ports.records import UnitOfWork
from core.session.roles import is_analyst
from core.session.transcript import is_live
from core.text.catalogue import say
from core.text.language import language_of

COMMAND = "/vigil"
MOST = 10
"""Of each list. A home tab of Slack takes 100 blocks, and three lists of ten with their buttons are near that."""
MOST_QUOTED_CHARS = 200
LOOKED_BACK = WEEK * 4
"""How long ago an answer may have been given for its thread to be listed: transcripts are kept about as long."""


async def home_page(work: UnitOfWork, by: Person, workspace: ChannelRef, desk: Desk, said: str = "") -> Page:
    """Somebody's home. ``workspace`` names any channel of it; ``said`` names a text about what they have just done. Nobody's
    words tell its language, so that it is the one in which the team has written what it supports."""
    language, now = language_of(desk.policy.scope), desk.clock.now()
    items = [PageItem(say(language, said))] if said else []
    items.append(PageItem(say(language, "stats_title"), await week_lines(work, now, language)))
    analyst = is_analyst(by, workspace.workspace, desk.policy)
    if analyst:
        items += await _queue(work, language)
        items += await _corrections(work, desk, language)
        items += await _channels(work, workspace, desk.policy, language)
    return Page(PageKind.HOME, say(language, "home_title"), (*items, _how(language, analyst=analyst)), language)


def for_analysts(event: ButtonClicked | FormSubmitted, desk: Desk) -> Notice | None:
    """The note to somebody who is no analyst and uses what only an analyst's home has; ``None`` lets an analyst go on."""
    if is_analyst(event.by, event.channel.workspace, desk.policy):
        return None
    return Notice("only_analyst", language=language_of(desk.policy.scope))


def _how(language: str, *, analyst: bool) -> PageItem:
    keys = ("help_ask", "help_search", "help_mention") if analyst else ("home_not_analyst", "help_ask", "help_mention")
    lines = [say(language, key, command=COMMAND).replace("\n", " · ") for key in keys]
    return PageItem(say(language, "help_title"), tuple(lines))


async def _queue(work: UnitOfWork, language: str) -> list[PageItem]:
    """The entries that wait for an approval, those that wait longest first."""
    count = await work.overview.how_many_wait()
    if not count:
        return [PageItem(say(language, "home_queue_empty"))]
    items = [await _waiting(work, head, language) for head in await work.overview.waiting(MOST)]
    return [PageItem(say(language, "home_queue", count=count)), *items, *_more(count, language)]


async def _waiting(work: UnitOfWork, head: Revision, language: str) -> PageItem:
    entry, target = head.after, f"{head.subject_id}@{head.n}"
    lines = [entry.answer, f"{_audience(entry.audience, language)} · {head.why}"]
    if words := await _words(work, head):
        lines.append(say(language, "home_from", words=words))
    kinds = (ActionKind.APPROVE, ActionKind.EDIT_ENTRY, ActionKind.REJECT)
    return PageItem(entry.title, tuple(lines), actions=tuple(CardAction(kind, target) for kind in kinds))


async def _words(work: UnitOfWork, head: Revision) -> str:
    """How what an entry was learned from begins."""
    found = [message for one in head.from_messages[:MOST] if (message := await work.messages.get(one))]
    return " / ".join(m.text for m in found if is_live(m))[:MOST_QUOTED_CHARS]


def _audience(audience: Audience, language: str) -> str:
    if audience in (INTERNAL, SHARED):
        return say(language, f"audience_{audience.value}")
    return say(language, "audience_customer", customer=audience.value.removeprefix("customer:"))


async def _corrections(work: UnitOfWork, desk: Desk, language: str) -> list[PageItem]:
    """The threads that were answered from what no longer holds, newest first."""
    found = await uncorrected(work, desk.clock.now() - LOOKED_BACK)
    if not found:
        return []
    items = [await _thread(work, one, desk, language) for one in found[:MOST]]
    return [PageItem(say(language, "home_corrections", count=len(found))), *items, *_more(len(found), language)]


async def _thread(work: UnitOfWork, one: Unsound, desk: Desk, language: str) -> PageItem:
    question = await work.questions.get(one.answer.question)
    channel = await work.channels.get(one.session.channel)
    asked = question.query if question else one.answer.plain_text
    told = say(language, "home_answered", words=one.answer.plain_text[:MOST_QUOTED_CHARS])
    link = desk.messenger.link(one.session.channel, one.session.thread, one.session.thread)
    action = CardAction(ActionKind.POST_CORRECTION, one.answer.id)
    tried = await work.outbox.get(correction_id(one.answer.id))
    failed = say(language, not_sent(tried.reason)) if tried and tried.state is OutboxState.DROPPED else ""
    return PageItem(asked, (told, f"#{_name(channel)} · {one.head.why}"), failed, (action,), link)


async def _channels(work: UnitOfWork, workspace: ChannelRef, policy: Policy, language: str) -> list[PageItem]:
    """The channels of this workspace that have a name: conversations with one person have none."""
    here = (workspace.platform, workspace.workspace)
    known = [c for c in await work.channels.all() if c.name and (c.ref.platform, c.ref.workspace) == here]
    shown = sorted(known, key=lambda channel: channel.name)[:MOST]
    items = [_channel(channel, policy, language) for channel in shown]
    return [PageItem(say(language, "home_channels")), *items, *_more(len(known), language)] if items else []


def _channel(channel: Channel, policy: Policy, language: str) -> PageItem:
    mode = "paused" if channel.settings.paused else mode_of(channel.settings, policy).value
    heading = say(language, "home_channel", name=channel.name, mode=say(language, f"mode_{mode}"))
    if count := len(channel.organisations):
        key = "home_shared" if count > 1 else "home_shared_once"
        heading = f"{heading} · {say(language, key, count=count)}"
    return PageItem(heading, actions=(CardAction(ActionKind.CONFIGURE, channel.ref.channel),))


def _name(channel: Channel) -> str:
    return channel.name or channel.ref.channel


def _more(count: int, language: str) -> Sequence[PageItem]:
    return [PageItem("", (say(language, "home_more", count=count - MOST),))] if count > MOST else []
