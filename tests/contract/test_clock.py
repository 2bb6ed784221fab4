"""What every clock promises: the machine's, the one of a replay, and the one that tests set."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clocks import MessageClock, MovableClock, SystemClock
from core.ports.clock import Clock
from tests.fakes.clock import FakeClock


@pytest.fixture(params=[SystemClock, MessageClock, MovableClock, FakeClock])
def clock(request: pytest.FixtureRequest) -> Clock:
    made: Clock = request.param()
    return made


def test_it_tells_utc_and_monotonic_seconds_that_never_run_backwards(clock: Clock) -> None:
    assert clock.now().tzinfo is UTC
    seconds = [clock.monotonic_s() for _ in range(100)]
    assert seconds == sorted(seconds)


@pytest.mark.parametrize("made", [MessageClock, FakeClock])
def test_a_clock_that_is_set_goes_on_and_never_back(made: type[MessageClock] | type[FakeClock]) -> None:
    clock = made()
    later = datetime(2026, 12, 1, tzinfo=UTC)
    clock.advance(later)
    assert clock.now() == later
    clock.advance(later - timedelta(days=1))
    assert clock.now() == later


def test_a_clock_that_was_moved_ahead_goes_on_from_there_with_the_machines() -> None:
    clock, machine = MovableClock(), SystemClock()
    later = machine.now() + timedelta(days=3)
    clock.advance(later)
    assert later <= clock.now() <= machine.now() + timedelta(days=3, seconds=1)
    clock.advance(later - timedelta(days=1))
    assert clock.now() >= later
    assert timedelta(days=2, hours=23) < clock.ahead <= timedelta(days=3)
