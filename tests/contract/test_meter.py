"""What every meter promises: the one over the records, on a database and on their twin, and the one that tests use."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.desk.meter import PATIENT_SHARE, REREAD_S, RecordsMeter
from core.domain.costs import Call, CallOutcome
from core.domain.errors import BudgetSpentError, FinalError
from core.domain.tasks import Usage
from core.ports.meter import Meter
from core.ports.records import Records
from tests.fakes.clock import FakeClock
from tests.fakes.meter import FakeMeter
from tests.fakes.unit_of_work import MemoryRecords

Make = Callable[[float | None], Meter]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def over_records(records: Records, clock: FakeClock) -> Make:
    return lambda budget_usd: RecordsMeter(records, clock.now, budget_usd)


@pytest.fixture(params=["sql", "memory", "fake"])
def make(request: pytest.FixtureRequest, clock: FakeClock) -> Make:
    if request.param == "fake":
        return FakeMeter
    kept: Records = MemoryRecords() if request.param == "memory" else request.getfixturevalue("on_sql")
    return lambda budget_usd: RecordsMeter(kept, clock.now, budget_usd)


def call(clock: FakeClock, usd: float | None = 0.5) -> Call:
    return Call(clock.now(), "identify", "small", None, Usage(100, 20), usd, 300.0, CallOutcome.OK)


async def refused(meter: Meter) -> float:
    """Check that no call is admitted; gives the seconds until one is."""
    with pytest.raises(BudgetSpentError) as caught:
        await meter.admit()
    assert caught.value.retry_after_s is not None
    return caught.value.retry_after_s


async def test_without_a_budget_every_call_is_admitted(make: Make, clock: FakeClock) -> None:
    meter = make(None)
    await meter.spent(call(clock, 1000.0))
    assert await meter.admit() is None  # type: ignore[func-returns-value]  # that it returns is the claim


async def test_calls_are_admitted_until_the_budget_is_spent(make: Make, clock: FakeClock) -> None:
    meter = make(1.0)
    for _ in range(2):
        await meter.admit()
        await meter.spent(call(clock))
    assert 0 < await refused(meter) <= 86_400


async def test_what_can_wait_leaves_a_share_for_those_who_ask(make: Make, clock: FakeClock) -> None:
    meter = make(1.0)
    await meter.spent(call(clock, PATIENT_SHARE))
    with pytest.raises(BudgetSpentError):
        await meter.admit(hot=False)
    await meter.admit()


async def test_one_call_may_cost_more_than_what_is_left(make: Make, clock: FakeClock) -> None:
    meter = make(1.0)
    await meter.admit()
    await meter.spent(call(clock, 7.0))
    assert await refused(meter) > 0


async def test_what_has_no_known_price_costs_nothing(make: Make, clock: FakeClock) -> None:
    meter = make(1.0)
    await meter.spent(call(clock, None))
    await meter.spent(call(clock, 0.99))
    assert await meter.admit() is None  # type: ignore[func-returns-value]  # that it returns is the claim


async def test_it_says_how_long_it_is_to_midnight_utc_and_begins_anew_then(
    over_records: Make, clock: FakeClock
) -> None:
    clock.at = datetime(2026, 11, 2, 23, 59, 30, tzinfo=UTC)
    meter = over_records(1.0)
    await meter.spent(call(clock, 1.0))
    assert await refused(meter) == 30
    clock.pass_s(30)
    await meter.admit()
    await meter.spent(call(clock, 1.0))
    assert await refused(meter) == 86_400


async def test_the_day_is_one_of_utc_wherever_the_clock_is(over_records: Make, clock: FakeClock) -> None:
    clock.at = datetime.fromisoformat("2026-11-03T07:59:00+08:00")
    meter = over_records(1.0)
    await meter.spent(call(clock, 1.0))
    assert await refused(meter) == 60


async def test_what_was_spent_before_a_start_counts(over_records: Make, clock: FakeClock) -> None:
    await over_records(None).spent(call(clock, 1.0))
    assert await refused(over_records(1.0)) > 0


async def test_what_another_process_spends_is_seen_within_a_minute(over_records: Make, clock: FakeClock) -> None:
    one, other = over_records(1.0), over_records(1.0)
    await one.admit()
    await other.spent(call(clock, 1.0))
    clock.pass_s(REREAD_S - 1)
    await one.admit()
    clock.pass_s(1)
    assert await refused(one) > 0


async def test_a_call_is_kept_with_all_that_it_says(over_records: Make, records: Records, clock: FakeClock) -> None:
    await over_records(None).spent(replace(call(clock), outcome=CallOutcome.CUT))
    async with records.read() as work:
        (kept,) = await work.calls.since(clock.now() - timedelta(days=1))
    assert (kept.task, kept.model, kept.usage, kept.usd, kept.ms, kept.cut) == (
        "identify", "small", Usage(100, 20), 0.5, 300.0, 1,
    )  # fmt: skip


async def test_records_that_refuse_a_call_do_not_lose_the_answer_that_it_brought(
    over_records: Make, records: Records, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise FinalError("The disk is full.")

    meter = over_records(1.0)
    await meter.admit()
    with monkeypatch.context() as failing:
        failing.setattr(records, "begin", full)
        await meter.spent(call(clock, 1.0))
    assert await refused(meter) > 0
