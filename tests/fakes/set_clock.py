"""``python -m tests.fakes.set_clock run``: Vigil on a machine whose clock is set. The file ``clock_set_by`` in the working
folder says by how many seconds; without it the clock is right."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import clocks
from bot.cli import main

FILE = "clock_set_by"


def _now(_: clocks.SystemClock) -> datetime:
    file = Path(FILE)
    seconds = float(file.read_text("utf-8") or 0) if file.exists() else 0.0
    return datetime.now(UTC) + timedelta(seconds=seconds)


if __name__ == "__main__":
    clocks.SystemClock.now = _now  # type: ignore[method-assign, assignment]  # the machine's clock cannot be set by a test
    main()
