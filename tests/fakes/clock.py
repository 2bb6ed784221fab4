"""A clock that a test sets."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        """The time set."""
        return self.at

    def advance(self, to: datetime) -> None:
        """Move on; never back."""
        self.at = max(self.at, to)

    def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)

    def monotonic_s(self) -> float:
        """Seconds since it was made, by its own time."""
        return self.at.timestamp()
