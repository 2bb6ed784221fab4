"""While the provider fails, nobody waits for it: one probe after each pause, and all is as before once one is answered."""

import asyncio

import pytest

from adapters.engine.claude.breaker import FIRST_PAUSE_S, LONGEST_PAUSE_S, OPENS_AFTER, OUTAGE, Breaker
from adapters.engine.claude.failures import BUSY
from core.domain.errors import FinalError, TransientError, UnusableAnswerError
from core.domain.tasks import Extraction
from tests.fakes.asked import SAID, extract, identify, judge
from tests.fakes.claude.opened import FAST, At
from tests.fakes.claude.said import say_malformed
from tests.unit.engine.claude.saying import plain


class Time:
    """Seconds that a test lets pass."""

    now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


def opened(time: Time) -> Breaker:
    breaker = Breaker(time)
    for _ in range(OPENS_AFTER):
        breaker.failed(probe=breaker.check())
    return breaker


def wait_s(breaker: Breaker) -> float:
    with pytest.raises(TransientError) as given:
        breaker.check()
    assert (given.value.sentence, given.value.retry_after_s is not None) == (OUTAGE, True)
    return given.value.retry_after_s or 0.0


def test_it_opens_after_some_failures_in_a_row_and_not_before() -> None:
    breaker = Breaker(Time())
    for _ in range(OPENS_AFTER - 1):
        breaker.failed(probe=breaker.check())
    breaker.succeeded()
    for _ in range(OPENS_AFTER - 1):
        breaker.failed(probe=breaker.check())
    assert breaker.check() is False
    breaker.failed(probe=False)
    assert wait_s(breaker) == FIRST_PAUSE_S


def test_after_the_pause_one_probe_goes_through() -> None:
    time = Time()
    breaker = opened(time)
    time.now_s += FIRST_PAUSE_S
    assert breaker.check() is True
    assert wait_s(breaker) > 0
    breaker.succeeded()
    assert [breaker.check(), breaker.check()] == [False, False]


def test_each_failed_probe_doubles_the_pause_up_to_the_longest_and_success_ends_that() -> None:
    time = Time()
    breaker = opened(time)
    pauses = []
    for _ in range(6):
        pauses.append(wait_s(breaker))
        time.now_s += pauses[-1]
        breaker.failed(probe=breaker.check())
    assert pauses == [15.0, 30.0, 60.0, 120.0, 120.0, 120.0]
    assert max(pauses) == LONGEST_PAUSE_S
    time.now_s += LONGEST_PAUSE_S
    breaker.check()
    breaker.succeeded()
    for _ in range(OPENS_AFTER):
        breaker.failed(probe=breaker.check())
    assert wait_s(breaker) == FIRST_PAUSE_S


def test_calls_that_were_under_way_when_it_opened_neither_lengthen_the_pause_nor_end_the_probe() -> None:
    time = Time()
    breaker = opened(time)
    for _ in range(20):
        breaker.failed(probe=False)
    assert wait_s(breaker) == FIRST_PAUSE_S
    time.now_s += FIRST_PAUSE_S
    assert breaker.check() is True
    breaker.failed(probe=False)
    breaker.ended(probe=False)
    assert wait_s(breaker) > 0


def test_after_a_probe_that_ended_for_a_reason_of_ours_there_is_another() -> None:
    time = Time()
    breaker = opened(time)
    time.now_s += FIRST_PAUSE_S
    breaker.ended(probe=breaker.check())
    assert breaker.check() is True


async def fail(at: At, times: int = OPENS_AFTER) -> None:
    for _ in range(times):
        with pytest.raises(TransientError):
            await at.engine.perform(identify("why?"))


async def test_while_it_is_open_nothing_reaches_the_provider(at: At) -> None:
    at.claude.faults.outage = True
    await fail(at)
    asked = len(at.claude.requests)
    with pytest.raises(TransientError) as given:
        await at.engine.perform(identify("why?"))
    assert (given.value.sentence, given.value.retry_after_s, len(at.claude.requests)) == (BUSY, FIRST_PAUSE_S, asked)
    at.now_s += FIRST_PAUSE_S - 0.5
    await fail(at, 1)
    assert len(at.claude.requests) == asked


async def test_a_model_that_is_there_is_asked_while_another_is_not(at: At) -> None:
    at.claude.faults.status(1_000, 529, when=lambda body: body["model"] == FAST)
    await fail(at)
    assert isinstance((await at.engine.perform(extract(SAID))).output, Extraction)


async def test_half_open_one_of_many_calls_goes_through_and_then_all(at: At) -> None:
    at.claude.faults.outage = True
    await fail(at)
    at.claude.faults.outage, asked = False, len(at.claude.requests)
    at.now_s += FIRST_PAUSE_S
    calls = [at.engine.perform(identify("why?")) for _ in range(8)]
    given = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(one) for one in given].count(TransientError) == 7
    assert len(at.claude.requests) == asked + 1
    await asyncio.gather(*(at.engine.perform(identify("why?")) for _ in range(8)))
    assert len(at.claude.requests) == asked + 9


async def test_a_burst_that_fails_at_once_costs_one_short_pause(at: At) -> None:
    at.claude.faults.outage = True
    await asyncio.gather(*(at.engine.perform(judge("why?")) for _ in range(30)), return_exceptions=True)
    at.claude.faults.outage = False
    at.now_s += FIRST_PAUSE_S
    await at.engine.perform(judge("why?"))


async def test_answers_that_cannot_be_used_come_from_a_provider_that_is_there(at: At) -> None:
    at.claude.model = lambda body: say_malformed("no")
    for _ in range(2 * OPENS_AFTER):
        with pytest.raises(UnusableAnswerError):
            await at.engine.perform(identify("why?"))
    at.claude.model = plain
    await at.engine.perform(identify("why?"))


async def test_calls_that_are_not_accepted_open_nothing_and_end_a_probe(at: At) -> None:
    at.claude.faults.outage = True
    await fail(at)
    at.claude.faults.outage = False
    at.now_s += FIRST_PAUSE_S
    at.claude.faults.status(1, 413)
    with pytest.raises(FinalError):
        await at.engine.perform(identify("why?"))
    await at.engine.perform(identify("why?"))


async def test_a_refused_key_opens_it_too(at: At) -> None:
    at.claude.faults.status(OPENS_AFTER, 401)
    await fail(at)
    await fail(at, 1)
    assert len(at.claude.requests) == OPENS_AFTER
