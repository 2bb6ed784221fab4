"""Rows on their way through an engine: several at once, their results in the order of the rows."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from core.domain.errors import BudgetSpentError, TransientError

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST_LOST = 0.1
FEW = 5
"""So many rows may be lost whatever their share: a few of a short file say nothing of the engine."""


async def in_order(
    items: Sequence[Item],
    work: Callable[[Item], Awaitable[Result]],
    lost: Callable[[Item], Result],
    at_once: int = 1,
) -> list[Result]:
    """Work on ``at_once`` items at a time and give the results in the items' order.

    An item for which the engine had no answer (``TransientError``) comes to what ``lost`` makes of it, as in production one
    failure costs one answer. Raises ``TransientError`` when all are lost, or more than a tenth of the items and more than five:
    then the figures would speak of the outage. Any other error ends the run at once, and so does a spent budget.
    """
    results: dict[int, Result] = {}
    places, gone = iter(range(len(items))), 0

    async def worker() -> None:
        nonlocal gone
        for place in places:
            try:
                results[place] = await work(items[place])
            except BudgetSpentError:
                raise
            except TransientError as error:
                gone += 1
                if gone == len(items) or gone > max(FEW, MOST_LOST * len(items)):
                    raise TransientError(
                        f"{gone} of {len(items)} rows had no answer, last: {error.sentence}"
                    ) from error
                results[place] = lost(items[place])

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(worker())
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None  # the first one ended the others
    return [results[place] for place in range(len(items))]
