"""The port for time."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Wall time for people and timers, monotonic time for leases and timeouts."""

    def now(self) -> datetime:
        """The time in UTC: the real clock live, the message's time in a replay."""
        ...

    def monotonic_s(self) -> float:
        """Real seconds that never jump or run backwards, whatever ``now`` says."""
        ...
