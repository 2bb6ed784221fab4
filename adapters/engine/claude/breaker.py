"""A circuit breaker: after several failures in a row nobody waits for the provider any more until a probe succeeds."""

from collections.abc import Callable

from core.domain.errors import TransientError

OPENS_AFTER = 5
"""Failed calls in a row, each after its own retries."""
FIRST_PAUSE_S = 15.0
LONGEST_PAUSE_S = 120.0
OUTAGE = "The model has been failing: Vigil asks it again in a moment."


class Breaker:
    """Counts failures in a row; ``monotonic_s`` is real time. While it is open, ``check`` raises at once. When the pause is
    over one call goes through as a probe; if it fails too, the next pause is twice as long."""

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._failures, self._pause_s, self._open_until = 0, FIRST_PAUSE_S, 0.0
        self._probing = False

    def check(self) -> None:
        """Return when a call may be made. Raises ``TransientError`` with the seconds until the next probe."""
        if self._failures < OPENS_AFTER:
            return
        left = self._open_until - self._monotonic_s()
        if left > 0 or self._probing:
            raise TransientError(OUTAGE, max(left, 1.0))
        self._probing = True

    def succeeded(self) -> None:
        """A call was answered, usable or not: the provider is there."""
        self._failures, self._pause_s, self._probing = 0, FIRST_PAUSE_S, False

    def failed(self) -> None:
        """A call failed for a reason that is the provider's."""
        self._failures += 1
        if self._failures >= OPENS_AFTER:
            self._open_until = self._monotonic_s() + self._pause_s
            self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        self._probing = False

    def given_up(self) -> None:
        """A call ended without an answer for a reason of our own: it says nothing about the provider."""
        self._probing = False
