"""A meter in memory."""

from core.desk.meter import PATIENT_SHARE
from core.domain.costs import Call
from core.domain.errors import BudgetSpentError


class FakeMeter:
    """Counts calls, and admits none once ``budget_usd`` is spent. A test ends the day by emptying ``calls``."""

    def __init__(self, budget_usd: float | None = None) -> None:
        self.budget_usd = budget_usd
        self.calls: list[Call] = []

    async def admit(self, *, hot: bool = True) -> None:
        """Return while there is money."""
        most = None if self.budget_usd is None else self.budget_usd * (1.0 if hot else PATIENT_SHARE)
        if most is not None and sum(call.usd or 0.0 for call in self.calls) >= most:
            raise BudgetSpentError("The budget is spent.", retry_after_s=3600.0)

    async def spent(self, call: Call) -> None:
        """Count it."""
        self.calls.append(call)
