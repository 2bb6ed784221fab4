"""The week in numbers, for whoever asks in a channel; for analysts also what Vigil would have said where it only records."""

from datetime import datetime, timedelta

from core.desk.context import Desk
from core.desk.shadow import Comparison, ShadowReport, Topic, Unseen, shadow_report, wrong_first
from core.domain.channels import ChannelRef
from core.domain.pages import Page, PageItem, PageKind
from core.ports.records import UnitOfWork
from core.text.catalogue import say

WEEK = timedelta(days=7)
MOST_TURNS = 100
"""Turns of a shadow channel that are looked at in a command's transaction; `vigil shadow` looks at all."""
MOST_TOPICS = 5


async def stats_page(work: UnitOfWork, now: datetime, language: str) -> Page:
    """What Vigil answered, learned and took back in the last seven days. Numbers only: nobody's words."""
    lines = await week_lines(work, now, language)
    return Page(PageKind.STATS, say(language, "stats_title"), (PageItem("", lines),), language)


async def week_lines(work: UnitOfWork, now: datetime, language: str) -> tuple[str, ...]:
    """The numbers, a line each."""
    week = await work.overview.numbers(now - WEEK)
    counts = {
        "stats_answered": week.answered,
        "stats_accepted": week.accepted,
        "stats_withdrawn": week.withdrawn,
        "stats_learned": week.learned,
        "stats_retired": week.retired,
    }
    return tuple(say(language, key, count=count) for key, count in counts.items())


async def shadow_items(work: UnitOfWork, channel: ChannelRef, desk: Desk, language: str) -> list[PageItem]:
    """What Vigil would have said in a channel in these days, by topic, and links to where it would have been wrong."""
    report = await shadow_report(work, channel, desk.clock.now() - WEEK, MOST_TURNS)
    heading = say(language, "shadow_would", answers=report.answers, asked=report.asked)
    lines = [_compared(report, language), *(_topic(one, language) for one in report.topics[:MOST_TOPICS])]
    wrong = wrong_first(report.topics)[:MOST_TOPICS]
    return [
        PageItem(heading, tuple(lines if report.answers else ())),
        *(_example(one, desk, language) for one in wrong),
    ]


def _compared(of: ShadowReport | Topic, language: str) -> str:
    return ", ".join(say(language, f"shadow_{kind}", count=of.count(kind)) for kind in Comparison)


def _topic(topic: Topic, language: str) -> str:
    return f"{topic.name}: {len(topic.unseen)} ({_compared(topic, language)})"


def _example(one: Unseen, desk: Desk, language: str) -> PageItem:
    link = desk.messenger.link(one.session.channel, one.session.thread, one.session.thread)
    return PageItem(one.asked, (say(language, "shadow_example", words=one.answer.plain_text),), url=link)
