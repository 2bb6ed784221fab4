"""A circuit breaker: after several failures in a row nobody waits for the provider any more until a probe succeeds."""

from collections.abc import Callable

from core.domain.errors import TransientError

OPENS_AFTER = 5
"""Failed calls in a row, each after its own retries."""
FIRST_PAUSE_S = 15.0
LONGEST_PAUSE_S = 120.0
PROBE_S = 10.0
"""How long a probe keeps others from probing: a task that may take a minute must not hold up one that somebody waits for."""
OUTAGE = "The model has been failing: Vigil asks it again in a moment."


class Breaker:
    """Counts failures in a row; ``monotonic_s`` is real time. While it is open, ``check`` raises at once. When the pause is
    over one call goes through as a probe; if it fails too, the next pause is twice as long. Calls that were under way when it
    opened change nothing by failing."""

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._failures, self._pause_s, self._open_until, self._why = 0, FIRST_PAUSE_S, 0.0, OUTAGE
        self._probe_until = 0.0

    def check(self) -> bool:
        """Return when a call may be made, and whether it is the probe: how it ended is to be told with that. Raises
        ``TransientError`` with the seconds until the next probe."""
        if self._failures < OPENS_AFTER:
            return False
        now = self._monotonic_s()
        left = max(self._open_until, self._probe_until) - now
        if left > 0:
            raise TransientError(self._why, max(left, 1.0))
        self._probe_until = now + PROBE_S
        return True

    def succeeded(self) -> None:
        """A call was answered, usable or not: the provider is there."""
        self._failures, self._pause_s, self._probe_until, self._why = 0, FIRST_PAUSE_S, 0.0, OUTAGE

    def failed(self, *, probe: bool, why: str = OUTAGE) -> None:
        """A call failed for a reason that is the provider's; ``why`` is told while it is open."""
        self._failures, self._why = self._failures + 1, why
        if probe or self._failures == OPENS_AFTER:
            self._open_until = self._monotonic_s() + self._pause_s
            self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        self.ended(probe=probe)

    def ended(self, *, probe: bool) -> None:
        """A call ended, however: after a probe there may be another."""
        if probe:
            self._probe_until = 0.0
