"""A home: the folder where one support team's records and knowledge live. One process at a time holds it and projects; others
may write its ledger beside that one (DESIGN 7)."""

import asyncio
import errno
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, ReadWriteLock, Timeout

from core.domain.errors import CallerError, FinalError, HomeInUseError

LOCK = "knowledge.lock"
LESSONS = "lessons.lock"
BACKFILL = "backfill.lock"
WRITERS = "writers.lock"
LOOK_S = 0.05
LOOKS_END_WITHIN_S = 0.5
"""How long a backfill waits for who only looks whether there is one, or takes over what one has left."""
REPLAYS = "replays"
"""The folder in a home that holds the homes of its replays."""
CHAT = "chat"
CHATS = "chats"
"""The home of the chat that began with nothing, and the folder of those that began with something."""


def is_replay(home: Path) -> bool:
    """Whether it is a replay's home, where time is that of the messages."""
    return home.parent.name == REPLAYS


def check_can_be(home: Path) -> None:
    """Raise ``FinalError`` where a home that is not there cannot be made either; nothing is written."""
    there = next(one for one in (home.absolute(), *home.absolute().parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise not_writable(home)


def not_writable(home: Path) -> FinalError:
    """What is said of a home that cannot be written."""
    return FinalError(f"{home} cannot be written: give this user write access or name another home with VIGIL_HOME.")


@contextmanager
def hold(home: Path, wait_s: float = 0.0) -> Iterator[Path]:
    """Make the home and hold its lock, which ends with the process however it ends. Raises ``HomeInUseError`` when another
    process has it for longer than ``wait_s``, ``FinalError`` when it cannot be written."""
    try:
        lock = _acquired(home, LOCK, wait_s)
    except Timeout as error:
        raise HomeInUseError(
            f"Another Vigil is working in {home}: stop it first, or name another home with VIGIL_HOME."
        ) from error
    try:
        yield home
    finally:
        lock.release()


@contextmanager
def hold_if_free(home: Path, wait_s: float = 0.0) -> Iterator[bool]:
    """Hold the home for a moment where nobody does, or no longer than ``wait_s``; gives whether it is held. Raises as ``hold``
    does where it cannot be written."""
    with _if_free(home, LOCK, wait_s) as held:
        yield held


@contextmanager
def alone_in_the_past(home: Path) -> Iterator[None]:
    """Be the one backfill of a home. Raises ``CallerError`` while there is another."""
    try:
        lock = _acquired(home, BACKFILL, LOOKS_END_WITHIN_S)
    except Timeout as error:
        raise CallerError(f"Another backfill is feeding {home}: begin this one when that has ended.") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Be one of those that write in a home beside whoever holds it, for as long as that takes. Raises ``HomeInUseError`` while
    something is forgotten there: what this one has read may be what goes."""
    with _among_writers(home, f"Something is being forgotten in {home}: try again when that has ended.", alone=False):
        yield


@contextmanager
def while_nobody_writes(home: Path) -> Iterator[None]:
    """Keep all that write beside whoever holds a home out of it. Raises ``HomeInUseError`` while there is one."""
    busy = f"Another command is writing in {home}, such as a backfill: try again when that has ended."
    with _among_writers(home, busy, alone=True):
        yield


@contextmanager
def _among_writers(home: Path, busy: str, *, alone: bool) -> Iterator[None]:
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = ReadWriteLock(home / WRITERS, timeout=0, is_singleton=False)
        acquired = lock.acquire_write() if alone else lock.acquire_read()
    except Timeout as error:
        raise HomeInUseError(busy) from error
    except (OSError, sqlite3.Error) as error:
        raise not_writable(home) from error
    try:
        with acquired:
            yield
    finally:
        lock.close()


@contextmanager
def past_if_free(home: Path) -> Iterator[bool]:
    """Keep backfills out for a moment where none is feeding the home; gives whether none is."""
    with _if_free(home, BACKFILL, 0.0) as held:
        yield held


@contextmanager
def _if_free(home: Path, name: str, wait_s: float) -> Iterator[bool]:
    try:
        lock = _acquired(home, name, wait_s)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


@asynccontextmanager
async def teaching(home: Path) -> AsyncIterator[None]:
    """Wait until no other process is between looking for near duplicates and writing what is new, and keep the others out."""
    lock = await _waited_for(home, LESSONS)
    try:
        yield
    finally:
        lock.release()


async def _waited_for(home: Path, name: str) -> BaseFileLock:
    while True:
        try:
            return _acquired(home, name, 0.0)
        except Timeout:
            await asyncio.sleep(LOOK_S)


def _acquired(home: Path, name: str, wait_s: float) -> BaseFileLock:
    """A lock of its own for each caller: one that is asked for twice must not be given twice."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / name)
        lock.acquire(timeout=wait_s, poll_interval=LOOK_S)
    except Timeout:
        raise
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            raise FinalError(
                "This process or machine has too many files open: raise the limit (`ulimit -n 4096`) and start again."
            ) from error
        raise not_writable(home) from error
    return lock
