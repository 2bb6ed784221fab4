"""The port that counts what a model costs and says when it is enough."""

from typing import Protocol

from core.domain.costs import Call


class Meter(Protocol):
    """Counts every answered call of a model, used or not."""

    async def admit(self, *, hot: bool = True) -> None:
        """Return when another call may be made. Raises ``BudgetSpentError`` when the day's budget is spent, or what of it is
        for tasks that can wait; for ``hot`` ones somebody waits."""
        ...

    async def spent(self, call: Call) -> None:
        """Count a call. Losing one to a crash is accepted: the answer it brought is lost with it."""
        ...
