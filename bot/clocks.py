"""Real time, and the time of recorded messages."""

import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """Real time in UTC."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """Seconds that never jump."""
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
