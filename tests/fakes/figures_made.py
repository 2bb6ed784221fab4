"""Figures of a made-up period, seeded."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from core.desk.figures import lead_of
from core.domain.figures import AnswerDay, Figures, Help, Knowledge, KnowledgeDay, Lead, Over
from core.domain.knowledge import CHUNK, QA, ChangeKind

END = datetime(2026, 11, 11, tzinfo=UTC)
GROWS = {ChangeKind.ADDED: 1, ChangeKind.RETIRED: -1}


def over(days: int) -> Over:
    """The last days before the end."""
    return Over(END - timedelta(days=days), END)


def nothing(days: int = 1) -> Figures:
    """A period in which nothing happened."""
    return Figures(over(days), dict.fromkeys(Help, 0), (0,) * 5, (), (), Lead(), 0, (), Knowledge({}, {}, {}))


def busy(days: int) -> Figures:
    """A period with answers, lessons and documents on most of its days."""
    chance, span = random.Random(days), over(days)
    each = [(span.since + timedelta(days=n)).date() for n in range(days)]
    answers = tuple(AnswerDay(day, n, n // 20, n // 5, n // 9) for day in each if (n := chance.randrange(40)))
    growth = tuple(
        KnowledgeDay(day, kind, change, n, n * GROWS.get(change, 0))
        for day in each for kind in (QA, CHUNK) for change in ChangeKind
        if (n := chance.randrange(9) if change is not ChangeKind.RETIRED else chance.randrange(3))
    )  # fmt: skip
    size, changes = Counter[str](), Counter[ChangeKind]()
    for one in growth:
        size[one.kind] += one.grew
        changes[one.change] += one.revisions
    posted = sum(one.posted for one in answers)
    leads = sorted(chance.lognormvariate(6, 1) for _ in range(posted // 2))
    helped = {Help.BEFORE: posted // 2, Help.AFTER: posted // 4, Help.NONE: posted}
    dealt = (posted, posted // 2, posted // 4, 0, 0)
    known = Knowledge(changes, {}, size)
    return Figures(span, helped, dealt, answers, tuple(leads), lead_of(leads), 3, growth, known)
