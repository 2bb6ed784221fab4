"""The day's budget for models, kept by what is on record: a day is one of UTC, money is US dollars."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from core.domain.costs import Call
from core.domain.errors import BudgetSpentError, VigilError
from core.ports.records import Records

log = structlog.get_logger(__name__)

REREAD_S = 60.0
"""How long the sum is trusted: other processes on the same records spend too."""
PATIENT_SHARE = 0.7
"""What of a day's budget (0..1) may go into tasks that can wait: what has waited for a new day must not spend it before anybody
asks."""
SPENT = "Today's budget for models (VIGIL_DAILY_BUDGET_USD) is spent: it begins anew at 00:00 UTC."


def day_of(now: datetime) -> datetime:
    """When the UTC day of ``now`` began."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


class RecordsMeter:
    """``Meter`` over the records. ``now`` is real time in UTC, in a replay too: its money is as real; ``budget_usd`` is for a
    day, ``None`` for no limit.

    What a call will cost is not known before it: one that alone costs more than what is left is made, and so are those under
    way beside it; the next is refused. A call whose price is not known counts as a call and as no money.
    """

    def __init__(self, records: Records, now: Callable[[], datetime], budget_usd: float | None) -> None:
        self._records, self._now, self._budget_usd = records, now, budget_usd
        self._read_at: datetime | None = None
        self._sum_usd = 0.0

    async def admit(self, *, hot: bool = True) -> None:
        """As the port says; ``retry_after_s`` reaches to 00:00 UTC."""
        if self._budget_usd is None:
            return
        now = self._now()
        if not self._is_fresh(now):
            async with self._records.read() as work:
                self._sum_usd = await work.calls.spent_usd(day_of(now))
            self._read_at = now
        if self._sum_usd >= self._budget_usd * (1.0 if hot else PATIENT_SHARE):
            tomorrow = day_of(now) + timedelta(days=1)
            raise BudgetSpentError(SPENT, retry_after_s=(tomorrow - now).total_seconds())

    async def spent(self, call: Call) -> None:
        """As the port says. What the records refuse is logged and still counts in this process until the next reading: the
        answer that was paid for is not lost with it."""
        self._sum_usd += call.usd or 0.0
        try:
            async with self._records.begin() as work:
                await work.calls.add(call)
        except VigilError as error:
            log.warning("call_not_recorded", task=call.task, error=error.sentence)

    def _is_fresh(self, now: datetime) -> bool:
        read = self._read_at
        return read is not None and day_of(read) == day_of(now) and 0 <= (now - read).total_seconds() < REREAD_S
