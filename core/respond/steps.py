"""Measuring the steps of one response, and asking before each whether it is still wanted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.ports.clock import Clock
from core.respond.situation import Situation, Superseded


class Steps:
    """Collects (step, milliseconds) and tokens of one response."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ms: dict[str, float] = {}
        self.tokens = 0

    @asynccontextmanager
    async def step(self, name: str, situation: Situation) -> AsyncIterator[None]:
        """Time a step. Raises ``Superseded`` instead of entering it when what waits has changed."""
        if not await situation.still_current():
            raise Superseded
        begun = self._clock.monotonic_s()
        yield
        self._ms[name] = self._ms.get(name, 0.0) + (self._clock.monotonic_s() - begun) * 1000

    @property
    def ms(self) -> tuple[tuple[str, float], ...]:
        """Milliseconds per step in the order the steps were first taken."""
        return tuple((name, round(ms, 3)) for name, ms in self._ms.items())
