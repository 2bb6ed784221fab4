"""What calls of models cost, on a real database and on its twin."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.costs import Call, CallOutcome, CallSum
from core.domain.errors import CallerError
from core.domain.ids import SessionId
from core.domain.sessions import Session
from core.domain.tasks import Usage
from core.ports.records import Records
from tests.contract.test_records import KIM, NOW, REF

HOUR = timedelta(hours=1)
CALL = Call(NOW, "identify", "small", SessionId("s"), Usage(100, 20, 60, 10), 0.25, 300.0, CallOutcome.OK)


async def _kept(records: Records, *calls: Call) -> None:
    async with records.begin() as work:
        await work.sessions.put(Session(SessionId("s"), REF, "1", KIM, NOW, NOW))
        for call in calls:
            await work.calls.add(call)


async def test_nothing_was_asked_and_nothing_spent(records: Records) -> None:
    async with records.read() as work:
        assert await work.calls.since(NOW) == []
        assert await work.calls.of_sessions(NOW) == []
        assert await work.calls.spent_usd(NOW) == 0.0


async def test_calls_are_summed_by_task_and_model_and_the_same_call_counts_twice(records: Records) -> None:
    await _kept(records, CALL, CALL, replace(CALL, task="generate", model="large"), replace(CALL, model="large"))
    async with records.read() as work:
        assert await work.calls.since(NOW) == [
            CallSum("generate", "large", 1, CALL.usage, 0.25, 300.0),
            CallSum("identify", "large", 1, CALL.usage, 0.25, 300.0),
            CallSum("identify", "small", 2, Usage(200, 40, 120, 20), 0.5, 600.0),
        ]
        assert await work.calls.spent_usd(NOW) == 1.0


async def test_what_gave_no_answer_and_what_has_no_price_is_counted(records: Records) -> None:
    outcomes = [CallOutcome.UNUSABLE, CallOutcome.CUT, CallOutcome.CUT, CallOutcome.REFUSED]
    await _kept(records, CALL, *(replace(CALL, outcome=one, usd=None) for one in outcomes))
    async with records.read() as work:
        (one,) = await work.calls.since(NOW)
        assert (one.calls, one.unusable, one.cut, one.refused) == (5, 1, 2, 1)
        assert (one.unpriced, one.usd, await work.calls.spent_usd(NOW)) == (4, 0.25, 0.25)


async def test_a_model_without_any_price_costs_nothing(records: Records) -> None:
    await _kept(records, replace(CALL, usd=None))
    async with records.read() as work:
        assert [(one.usd, one.unpriced) for one in await work.calls.since(NOW)] == [(0.0, 1)]
        assert await work.calls.spent_usd(NOW) == 0.0


async def test_sums_begin_at_a_moment(records: Records) -> None:
    await _kept(records, replace(CALL, at=NOW - HOUR), CALL, replace(CALL, at=NOW + HOUR))
    async with records.read() as work:
        assert [one.calls for one in await work.calls.since(NOW)] == [2]
        assert await work.calls.spent_usd(NOW + HOUR) == 0.25


async def test_what_was_asked_by_hand_is_of_no_session(records: Records) -> None:
    await _kept(records, CALL, replace(CALL, session=None), replace(CALL, session=SessionId("asked")))
    async with records.read() as work:
        assert [one.calls for one in await work.calls.since(NOW)] == [3]
        assert [one.calls for one in await work.calls.of_sessions(NOW)] == [1]


async def test_a_call_cannot_be_kept_while_reading(records: Records) -> None:
    async with records.read() as work:
        with pytest.raises(CallerError):
            await work.calls.add(CALL)
