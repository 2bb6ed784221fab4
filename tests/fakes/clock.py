"""A clock that a test sets."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 2, 9, tzinfo=UTC)
        self._set_s = 0.0

    def now(self) -> datetime:
        """The time set."""
        return self.at

    def advance(self, to: datetime) -> None:
        """Move on; never back."""
        self.at = max(self.at, to)

    def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)

    def set_by(self, seconds: float) -> None:
        """Be set, ahead or back, as by hand or by a time server: no time has passed."""
        self.at += timedelta(seconds=seconds)
        self._set_s += seconds

    def monotonic_s(self) -> float:
        """Seconds by its own time, but for those by which it was set."""
        return self.at.timestamp() - self._set_s
