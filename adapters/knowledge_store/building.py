"""The vector index built in a process of its own, so that neither searches nor writes wait for it."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

import structlog
from filelock import FileLock, Timeout

log = structlog.get_logger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
MODULE = "adapters.knowledge_store.build_index"
BUILT_ELSEWHERE = 4
"""Exit code when another process is building the same index."""
_LOCK = "index.lock"


@contextmanager
def alone(uri: str, wait_s: float = 0.0) -> Iterator[bool]:
    """Whether nobody else is building at ``uri``, or not after ``wait_s``, and nobody can begin to for as long as it lasts.
    Only a folder can be locked: elsewhere the lock of the home must do."""
    if not Path(uri).is_dir():
        yield True
        return
    lock = FileLock(Path(uri) / _LOCK)
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


class Building:
    """At most one process that builds the index of the table at ``uri``. It ends with us, however we end: its standard input is
    a pipe of ours. What it has not finished is not there. Unless it ``starts`` one it leaves that to others."""

    def __init__(self, uri: str, *, starts: bool = True) -> None:
        self._uri, self._starts = uri, starts
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether it is being built now; tells in the log how the last one has ended."""
        if self._process is None:
            return False
        if self._process.poll() is None:
            return True
        self._tell(self._process.returncode)
        self._clear()
        return False

    def held_off(self) -> AbstractContextManager[bool]:
        """Keep every process from building; gives whether none is at it."""
        return alone(self._uri)

    def start(self) -> None:
        """Begin, unless it is being built already or left to others."""
        if self.running or not self._starts:
            return
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # read and closed when the process has ended
        self._process = subprocess.Popen(  # noqa: S603  # this interpreter and a module of ours
            [sys.executable, "-m", MODULE, self._uri], cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=self._errors,
        )  # fmt: skip
        log.info("index_building", process=self._process.pid)

    def wait(self) -> None:
        """Block until it is built, or not."""
        if self._process is not None:
            self._process.wait()
            assert not self.running, "it has ended"

    def stop(self) -> None:
        """End it. Nothing of it is kept, and a later upkeep begins anew."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._clear()

    def _tell(self, code: int) -> None:
        if code == 0:
            log.info("index_built")
        elif code == BUILT_ELSEWHERE:
            log.info("index_built_elsewhere")
        elif self._errors is not None:
            self._errors.seek(0)
            log.error("index_not_built", code=code, stderr=self._errors.read()[-2000:].decode(errors="replace"))

    def _clear(self) -> None:
        for file in (self._errors, self._process.stdin if self._process else None):
            if file is not None:
                file.close()
        self._process = self._errors = None
