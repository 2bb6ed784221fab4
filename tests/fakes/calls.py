"""``CallStore`` in memory."""

from collections.abc import Iterable
from datetime import datetime

from core.domain.costs import Call, CallOutcome, CallSum
from core.domain.tasks import Usage
from tests.fakes.records import Tables, cleaned


class MemoryCalls:
    """What models were asked, as far as it costs."""

    def __init__(self, tables: Tables) -> None:
        self._t = tables

    async def add(self, call: Call) -> None:
        self._t.calls[max(self._t.calls, default=0) + 1] = cleaned(call)

    def _from(self, at: datetime) -> list[Call]:
        return [call for call in self._t.calls.values() if call.at >= at]

    async def since(self, at: datetime) -> list[CallSum]:
        return _sums(self._from(at))

    async def of_sessions(self, at: datetime) -> list[CallSum]:
        return _sums(call for call in self._from(at) if call.session in self._t.sessions)

    async def drop(self, before: datetime, limit: int) -> int:
        old = [key for key, call in self._t.calls.items() if call.at < before][:limit]
        for key in old:
            del self._t.calls[key]
        return len(old)

    async def spent_usd(self, since: datetime) -> float:
        return sum(call.usd or 0.0 for call in self._from(since))


def _sums(calls: Iterable[Call]) -> list[CallSum]:
    kinds: dict[tuple[str, str], list[Call]] = {}
    for call in calls:
        kinds.setdefault((call.task, call.model), []).append(call)
    return [_sum(*kind, made) for kind, made in sorted(kinds.items())]


def _sum(task: str, model: str, calls: list[Call]) -> CallSum:
    outcomes, prices = [call.outcome for call in calls], [call.usd for call in calls]
    usage = Usage(
        sum(call.usage.input_tokens for call in calls),
        sum(call.usage.output_tokens for call in calls),
        sum(call.usage.cached_tokens for call in calls),
        sum(call.usage.written_tokens for call in calls),
    )
    return CallSum(
        task, model, len(calls), usage, sum(usd or 0.0 for usd in prices), sum(call.ms for call in calls),
        prices.count(None), outcomes.count(CallOutcome.UNUSABLE), outcomes.count(CallOutcome.CUT),
        outcomes.count(CallOutcome.REFUSED),
    )  # fmt: skip
