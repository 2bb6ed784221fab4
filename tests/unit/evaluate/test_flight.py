"""Rows in flight: how many at once, in which order they come back, and what a row without an answer costs."""

import asyncio

import pytest

from core.domain.errors import BudgetSpentError, CallerError, TransientError, VigilError
from core.evaluate.flight import in_order


class Flights:
    """Work whose later items are done first, noting how many were under way."""

    def __init__(self, of: int) -> None:
        self.now = self.most = 0
        self._turns = of

    async def work(self, item: int) -> str:
        self.now += 1
        self.most = max(self.most, self.now)
        for _ in range(self._turns - item):
            await asyncio.sleep(0)
        self.now -= 1
        return f"row {item}"


@pytest.mark.parametrize(("at_once", "most"), [(1, 1), (3, 3), (50, 12)])
async def test_results_come_in_the_order_of_the_rows_and_no_more_are_in_flight_than_allowed(
    at_once: int, most: int
) -> None:
    flights = Flights(12)
    found = await in_order(range(12), flights.work, lambda _: "lost", at_once)
    assert found == [f"row {n}" for n in range(12)]
    assert flights.most == most


def failing(*items: int, error: VigilError) -> "Failing":
    return Failing(frozenset(items), error)


class Failing:
    """Work that fails for some items."""

    def __init__(self, items: frozenset[int], error: VigilError) -> None:
        self.items, self.error = items, error
        self.done: list[int] = []

    async def __call__(self, item: int) -> str:
        await asyncio.sleep(0)
        if item in self.items:
            raise self.error
        self.done.append(item)
        return "right"


async def test_a_row_without_an_answer_comes_to_what_a_lost_row_is_worth() -> None:
    work = failing(1, 3, error=TransientError("It took too long."))
    assert await in_order(range(5), work, lambda n: f"lost {n}", 2) == ["right", "lost 1", "right", "lost 3", "right"]


async def test_when_too_many_rows_are_lost_the_run_ends_with_why() -> None:
    work = failing(*range(6), error=TransientError("The provider is down."))
    assert len(await in_order(range(60), work, lambda _: "lost")) == 60
    with pytest.raises(TransientError, match=r"7 of 60 rows had no answer, last: The provider is down\."):
        await in_order(range(60), failing(*range(7), error=work.error), lambda _: "lost")


@pytest.mark.parametrize("error", [CallerError("A row has no query."), BudgetSpentError("The day's budget is spent.")])
async def test_any_other_error_ends_the_run_as_it_is(error: VigilError) -> None:
    work = failing(2, error=error)
    with pytest.raises(type(error), match=error.sentence):
        await in_order(range(100), work, lambda _: "lost", 4)
    assert len(work.done) < 10
