"""The week in numbers, for whoever asks in a channel."""

from datetime import datetime, timedelta

from core.domain.knowledge import ChangeKind
from core.domain.pages import Page, PageItem, PageKind
from core.domain.sessions import QuestionState
from core.ports.records import UnitOfWork
from core.text.catalogue import say

WEEK = timedelta(days=7)


async def stats_page(work: UnitOfWork, now: datetime, language: str) -> Page:
    """What Vigil answered, learned and took back in the last seven days. Numbers only: nobody's words."""
    lines = await week_lines(work, now, language)
    return Page(PageKind.STATS, say(language, "stats_title"), (PageItem("", lines),), language)


async def week_lines(work: UnitOfWork, now: datetime, language: str) -> tuple[str, ...]:
    """The numbers, a line each."""
    shown = await work.lineage.shown(now - WEEK)
    changes = await work.lineage.changes(now - WEEK)
    asked = {answer.question: await work.questions.get(answer.question) for answer in shown}
    counts = {
        "stats_answered": len(asked),
        "stats_accepted": sum(q is not None and q.state is QuestionState.ACCEPTED for q in asked.values()),
        "stats_withdrawn": sum(answer.withdrawn_at is not None for answer in shown),
        "stats_learned": sum(change.change is ChangeKind.ADDED for change in changes),
        "stats_retired": sum(change.change is ChangeKind.RETIRED for change in changes),
    }
    return tuple(say(language, key, count=count) for key, count in counts.items())
