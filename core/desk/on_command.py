"""A slash command, or a person's home page: a look-up that only they see, or a page (DESIGN 11; UX, Asked directly)."""

from dataclasses import replace

from core.desk.config import config_form
from core.desk.consumers import mode_of
from core.desk.context import Desk
from core.desk.home import COMMAND, home_page
from core.desk.refusals import ONLY_ANALYST
from core.desk.stats import shadow_items, stats_page
from core.desk.why import why_page
from core.domain.cards import Notice
from core.domain.channels import DeliveryMode
from core.domain.events import CommandIssued
from core.domain.ids import MessageId, make_id
from core.domain.jobs import JobOrder, Lane
from core.domain.pages import Page, PageItem, PageKind
from core.domain.people import Role, RoleBasis, Standing
from core.domain.replies import Form
from core.domain.sessions import Message, SessionKind
from core.ports.records import UnitOfWork
from core.session.lifecycle import asked_by_hand
from core.session.roles import is_analyst
from core.text.catalogue import say
from core.text.language import language_of

MOST_SAID_CHARS = 120


async def on_command(work: UnitOfWork, event: CommandIssued, desk: Desk) -> Page | Form | Notice:
    """Do what was commanded. Free text is a question, also where it begins like a command ("why does ..."); who configures must
    be an analyst."""
    name, _, rest = event.text.strip().partition(" ")
    language, rest = language_of(event.text), rest.strip()
    analyst = is_analyst(event.by, event.channel.workspace, desk.policy)
    match name.casefold():
        case "" | "help" if not rest:
            return help_page(language)
        case "home" if not rest:
            return await home_page(work, event.by, event.channel, desk)
        case "stats" if not rest:
            return await _stats(work, event, language, desk, analyst=analyst)
        case "why" if "/" in rest and " " not in rest:
            return await why_page(work, event, rest, language, desk.policy.retention_days, analyst=analyst)
        case "search" if rest:
            return await _ask(work, event, rest, SessionKind.SEARCH, desk)
        case "config" | "pause" | "resume" if not rest:
            if not analyst:
                return replace(ONLY_ANALYST, language=language)
            return await _configure(work, event, name.casefold(), language, desk)
        case "search" | "why" if not rest:
            return help_page(language, event.text)
        case _:
            return await _ask(work, event, event.text.strip(), SessionKind.LOOKUP, desk)


async def _stats(work: UnitOfWork, event: CommandIssued, language: str, desk: Desk, *, analyst: bool) -> Page:
    """The week; in a channel where Vigil only records, analysts see what it would have said."""
    page = await stats_page(work, desk.clock.now(), language)
    mode = mode_of((await work.channels.get(event.channel)).settings, desk.policy)
    if not analyst or mode is not DeliveryMode.SHADOW:
        return page
    return replace(page, items=(*page.items, *await shadow_items(work, event.channel, desk, language)))


def help_page(language: str, not_understood: str = "") -> Page:
    """How to talk to Vigil, on one screen; first what was not understood, if anything."""
    said = not_understood[:MOST_SAID_CHARS]
    first = (PageItem(say(language, "not_understood", said=said)),) if said else ()
    keys = ("help_ask", "help_search", "help_why", "help_stats", "help_analysts", "help_mention")
    texts = [say(language, key, command=COMMAND).split("\n") for key in keys]
    items = (PageItem(lines[0] if len(lines) > 1 else "", tuple(lines[1:] or lines)) for lines in texts)
    return Page(PageKind.HELP, say(language, "help_title"), (*first, *items), language)


async def _ask(work: UnitOfWork, event: CommandIssued, text: str, kind: SessionKind, desk: Desk) -> Notice:
    """Put a question to Vigil alone: a session of one message, answered like any direct question."""
    session = replace(asked_by_hand(event, kind), seq=1)
    await work.sessions.put(session)
    analyst = is_analyst(event.by, event.channel.workspace, desk.policy)
    await work.messages.put(
        Message(
            id=MessageId(make_id("message", event.channel.key, session.thread)),
            session=session.id,
            platform_id=session.thread,
            seq=1,
            at=event.at,
            author=event.by,
            standing=Standing(Role.ANALYST if analyst else Role.REQUESTER, RoleBasis.CONFIGURED),
            text=text,
            direct=True,
        )
    )
    now = desk.clock.now()
    close = JobOrder(Lane.CLOSE, session.id, desk.policy.close_after_s)
    await work.jobs.order(now, JobOrder(Lane.RESPOND, session.id), close)
    return Notice("looking_up", language=language_of(text))


async def _configure(work: UnitOfWork, event: CommandIssued, name: str, language: str, desk: Desk) -> Form | Notice:
    channel = await work.channels.get(event.channel)
    if name == "config":
        return config_form(channel, language)
    if name == "resume" and not channel.settings.paused:
        return Notice("not_paused", language=language)
    paused = name == "pause"
    await work.channels.put(replace(channel, settings=replace(channel.settings, paused=paused)))
    if paused:
        return Notice("paused", language=language)
    mode = mode_of(replace(channel.settings, paused=False), desk.policy)
    return Notice("resumed" if mode is DeliveryMode.AUTO else f"resumed_{mode.value}", language=language)
