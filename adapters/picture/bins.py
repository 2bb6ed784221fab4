"""Days put together so that a page can show them: each alone for two months, then weeks, then months of four weeks. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.figures import Over

MOST = 62
STEPS = {1: "day", 7: "week", 28: "four weeks"}


@dataclass(frozen=True, slots=True)
class Bins:
    """The periods of ``step`` days that end with the last day; the first may be shorter. ``starts`` are their first days."""

    step: int
    starts: tuple[date, ...]
    lengths: tuple[int, ...]

    @property
    def word(self) -> str:
        """What one of them is called."""
        return STEPS[self.step]

    def sums(self, days: Iterable[tuple[date, int]]) -> list[int]:
        """The numbers of days added up in their bins; days outside are left out."""
        end = self.starts[-1] + timedelta(days=self.lengths[-1])
        found = [0] * len(self.starts)
        for day, number in days:
            if self.starts[0] <= day < end:
                found[-1 - ((end - timedelta(days=1)) - day).days // self.step] += number
        return found


def bins_of(over: Over) -> Bins:
    """Choose the step by the length of the period."""
    days, end = (over.until - over.since).days, over.until.date()
    step = next((one for one in STEPS if days <= MOST * one * (2 if one > 1 else 1)), max(STEPS))
    count = -(-days // step)
    starts = [max(over.since.date(), end - timedelta(days=step * (count - n))) for n in range(count)]
    lengths = [(after - before).days for before, after in zip(starts, [*starts[1:], end], strict=True)]
    return Bins(step, tuple(starts), tuple(lengths))
