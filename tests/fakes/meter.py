"""A meter in memory."""

from core.domain.costs import Call
from core.domain.errors import BudgetSpentError


class FakeMeter:
    """Counts calls, and admits none once ``budget_usd`` is spent. A test ends the day by emptying ``calls``."""

    def __init__(self, budget_usd: float | None = None) -> None:
        self.budget_usd = budget_usd
        self.calls: list[Call] = []

    async def admit(self) -> None:
        """Return while there is money."""
        if self.budget_usd is not None and sum(call.usd or 0.0 for call in self.calls) >= self.budget_usd:
            raise BudgetSpentError("The budget is spent.", retry_after_s=3600.0)

    async def spent(self, call: Call) -> None:
        """Count it."""
        self.calls.append(call)
