"""A home: the folder where one support team's records and knowledge live, held by one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from core.domain.errors import FinalError, HomeInUseError

LOCK = "knowledge.lock"
REPLAYS = "replays"
"""The folder in a home that holds the homes of its replays."""


def is_replay(home: Path) -> bool:
    """Whether it is a replay's home, where time is that of the messages."""
    return home.parent.name == REPLAYS


@contextmanager
def hold(home: Path) -> Iterator[Path]:
    """Make the home and hold its lock. Raises ``HomeInUseError`` when another process has it, ``FinalError`` when it cannot
    be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / LOCK)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise HomeInUseError(
            f"Another Vigil is working in {home}: stop it first, or name another home with VIGIL_HOME."
        ) from error
    except OSError as error:
        raise FinalError(
            f"{home} cannot be written: give this user write access or name another home with VIGIL_HOME."
        ) from error
    try:
        yield home
    finally:
        lock.release()
