"""LanceDB's failures as the error tree, one sentence each."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.domain.errors import FinalError, TransientError, VigilError

_PASSING = ("conflict", "retry", "timeout", "temporarily")
_TOO_MANY = ("too many open", "os error 24")
_FULL = ("no space left", "disk full", "quota exceeded", "file too large")
_READ_ONLY = ("read-only", "permission denied", "operation not permitted")

UNREADABLE = "The knowledge store cannot be read: run `vigil kb rebuild` to make it anew from the ledger."


@contextmanager
def told() -> Iterator[None]:
    """Turn what LanceDB, Arrow or the system raises into a ``VigilError``."""
    try:
        yield
    except VigilError:
        raise
    except (RuntimeError, ValueError, OSError) as error:
        raise _as_told(str(error).lower()) from error


def _as_told(words: str) -> VigilError:
    if any(word in words for word in _FULL):
        return FinalError("The disk of the knowledge store is full: free some space; nothing was half-written.")
    if any(word in words for word in _READ_ONLY):
        return FinalError("The knowledge store cannot be written: give this user write access to VIGIL_HOME.")
    if any(word in words for word in _TOO_MANY):
        return TransientError(
            "Too many files are open for the knowledge store; it is tried again. If this stays, raise the limit "
            "(`ulimit -n 4096`) and start again."
        )
    if any(word in words for word in _PASSING):
        return TransientError("The knowledge store is busy; it is tried again.")
    return FinalError(UNREADABLE)
