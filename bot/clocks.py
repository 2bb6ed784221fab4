"""Real time, and the time of recorded messages."""

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """Real time in UTC."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """Seconds that never jump."""
        return time.monotonic()


class MovableClock:
    """The machine's clock, which can be moved ahead and then goes on from there; never backwards."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)
        """How far it is ahead of the machine's."""
        self._reached = datetime.now(UTC)

    def now(self) -> datetime:
        """The time in UTC."""
        self._reached = max(self._reached, datetime.now(UTC) + self.ahead)
        return self._reached

    def advance(self, to: datetime) -> None:
        """Move on; an earlier time changes nothing."""
        self.ahead += max(to - self.now(), timedelta(0))

    def monotonic_s(self) -> float:
        """Real seconds that never jump."""
        return time.monotonic()


class MessageClock:
    """A clock that a replay moves along with its messages; never backwards."""

    def __init__(self) -> None:
        self._now = datetime(1970, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """The message time reached."""
        return self._now

    def advance(self, to: datetime) -> None:
        """Move on; an earlier time changes nothing."""
        self._now = max(self._now, to)

    def monotonic_s(self) -> float:
        """Real seconds that never jump."""
        return time.monotonic()
