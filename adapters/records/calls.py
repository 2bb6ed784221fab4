"""What models were asked and what it cost: the table ``calls``."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, case, delete, func, select

from adapters.records import tables
from adapters.records.database import Database, insert_new
from adapters.records.retention import first_rows
from core.domain.costs import Call, CallOutcome, CallSum
from core.domain.tasks import Usage

_c = tables.calls.c
_SINCE = _c.at >= bindparam("since")
_TOKENS = ("input_tokens", "output_tokens", "cached_tokens", "written_tokens")
_WITHOUT_ANSWER = (CallOutcome.UNUSABLE, CallOutcome.CUT, CallOutcome.REFUSED)


def _sums() -> Select[Any]:
    counted = [func.sum(case((_c.outcome == one.value, 1), else_=0)).label(one.value) for one in _WITHOUT_ANSWER]
    return (
        select(
            _c.task, _c.model, func.count().label("calls"), func.count(_c.usd).label("priced"),
            func.coalesce(func.sum(_c.usd), 0.0).label("usd"), func.sum(_c.ms).label("ms"),
            *(func.sum(_c[name]).label(name) for name in _TOKENS), *counted,
        )
        .where(_SINCE).group_by(_c.task, _c.model).order_by(_c.task, _c.model)
    )  # fmt: skip


_SUMS = _sums()
_SUMS_OF_SESSIONS = _SUMS.where(_c.session.in_(select(tables.sessions.c.id)))
_SPENT = select(func.coalesce(func.sum(_c.usd), 0.0)).where(_SINCE)


class SqlCallStore:
    """``CallStore`` over the table ``calls``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, call: Call) -> None:
        """As the port says."""
        row = {
            "at": call.at, "task": call.task, "model": call.model, "session": call.session, "usd": call.usd, "ms": call.ms,
            "outcome": call.outcome.value, **{name: getattr(call.usage, name) for name in _TOKENS},
        }  # fmt: skip
        await self._db.write(insert_new(tables.calls), row)

    async def since(self, at: datetime) -> list[CallSum]:
        """As the port says."""
        return [_row_to_sum(row) for row in await self._db.rows(_SUMS, {"since": at})]

    async def of_sessions(self, at: datetime) -> list[CallSum]:
        """As the port says."""
        return [_row_to_sum(row) for row in await self._db.rows(_SUMS_OF_SESSIONS, {"since": at})]

    async def drop(self, before: datetime, limit: int) -> int:
        """As the port says."""
        return await self._db.write(
            delete(tables.calls).where(_c.row.in_(first_rows(tables.calls, limit, _c.at < before)))
        )

    async def spent_usd(self, since: datetime) -> float:
        """As the port says."""
        return float(await self._db.value(_SPENT, {"since": since}) or 0.0)


def _row_to_sum(row: RowMapping) -> CallSum:
    usage = Usage(*(row[name] for name in _TOKENS))
    without = {one.value: row[one.value] for one in _WITHOUT_ANSWER}
    return CallSum(
        row["task"], row["model"], row["calls"], usage, row["usd"], row["ms"],
        unpriced=row["calls"] - row["priced"], **without,
    )  # fmt: skip
