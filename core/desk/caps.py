"""How much one person may teach in a day: requesters and presumed analysts have a cap, configured and home analysts none.

What is over the cap is not lost: its job waits for the next day (DESIGN 6). Days are UTC, of job time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from core.domain.ids import QuestionId
from core.domain.knowledge import ChangeKind, Revision
from core.domain.people import Role, RoleBasis
from core.domain.policy import Policy
from core.domain.sessions import Message
from core.ports.records import UnitOfWork

T = TypeVar("T")

OVER_CAP = "somebody has taught as much as one person may in a day"
TEACHES = frozenset({ChangeKind.ADDED, ChangeKind.UPDATED, ChangeKind.CONFIRMED})
LEARNING = frozenset({"extract", "review"})
"""The jobs that learn from a question's dialogue, as the ledger names them. A click on Accept has no cap: there are no more of
them than answers."""


def capped(message: Message) -> bool:
    """Whether what this message teaches counts against its author's cap."""
    return message.standing.role is Role.REQUESTER or message.standing.basis is RoleBasis.PRESUMED


def next_day(now: datetime) -> datetime:
    """When what is over the cap is tried again."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


async def within_caps(
    work: UnitOfWork, lessons: Sequence[tuple[T, str, Message | None]], policy: Policy, now: datetime
) -> list[T]:
    """Those of the lessons that may be written today; each comes with its job and the message that taught it (``None``: it
    teaches nothing). Each job of a person counts once a day, however often it runs."""
    if not any(taught and capped(taught) for _, _, taught in lessons):
        return [lesson for lesson, _, _ in lessons]
    counted = await _counted(work, now)
    allowed: list[T] = []
    for lesson, job, taught in lessons:
        if taught is not None and capped(taught):
            who = taught.author.id
            if (who, job) not in counted and sum(one == who for one, _ in counted) >= policy.lessons_per_day:
                continue
            counted.add((who, job))
        allowed.append(lesson)
    return allowed


async def _counted(work: UnitOfWork, now: datetime) -> set[tuple[str, str]]:
    """Who has taught by which jobs today, from the ledger, which holds later days too where an older export comes second."""
    end = next_day(now)
    today = [one for one in await work.lineage.changes(end - timedelta(days=1)) if one.at < end]
    teachers = [(await _teacher(work, one), one.job) for one in today if one.change in TEACHES]
    return {(who, job) for who, job in teachers if who}


async def _teacher(work: UnitOfWork, revision: Revision) -> str | None:
    """Whose cap a revision counts against: what was taught comes first among the sources from its question's session."""
    kind, _, question = revision.job.partition(":")
    asked = await work.questions.get(QuestionId(question)) if kind in LEARNING else None
    for one in revision.from_messages if asked else ():
        message = await work.messages.get(one)
        if asked and message and message.session == asked.session:
            return message.author.id if capped(message) else None
    return None
