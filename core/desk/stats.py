"""The week in numbers, for whoever asks in a channel."""

from datetime import datetime, timedelta

from core.domain.pages import Page, PageItem, PageKind
from core.ports.records import UnitOfWork
from core.text.catalogue import say

WEEK = timedelta(days=7)


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
