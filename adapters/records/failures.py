"""What the database reports, as the errors of the domain with one sentence each."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.domain.errors import CallerError, FinalError, TransientError, VigilError

_FINAL = {
    sqlite3.SQLITE_FULL: "The disk that holds the records is full: nothing was stored. Free some space and start Vigil again.",
    sqlite3.SQLITE_READONLY: (
        "The records cannot be written because their file or folder is read-only: give Vigil's user the right to write there."
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The records cannot be opened: their folder is missing or closed to Vigil's user. "
        "Check VIGIL_HOME and VIGIL_RECORDS_URL."
    ),
    sqlite3.SQLITE_CORRUPT: "The records file is damaged: restore it from a backup, or move it away to start anew.",
    sqlite3.SQLITE_NOTADB: (
        "The records file is not a database: check VIGIL_RECORDS_URL, restore it from a backup, or move it away to start anew."
    ),
    sqlite3.SQLITE_IOERR: "The disk that holds the records reports an error: nothing was stored. Check the disk.",
}
_FINAL[sqlite3.SQLITE_PERM] = _FINAL[sqlite3.SQLITE_AUTH] = _FINAL[sqlite3.SQLITE_CANTOPEN]


@contextmanager
def failures_told(*, reading: bool = False) -> Iterator[None]:
    """Raise what the database reports as ``TransientError``, ``FinalError`` or ``CallerError``; a bug passes as it is."""
    try:
        yield
    except PoolTimeoutError as error:
        raise TransientError("Too much is reading the records at once: try again in a moment.") from error
    except DBAPIError as error:
        told = _told(error, reading)
        if told is None:
            raise
        raise told from error


def _told(error: DBAPIError, reading: bool) -> VigilError | None:
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest its variant
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return TransientError("Another program is holding the records: try again in a moment.")
    if code == sqlite3.SQLITE_READONLY and reading:
        return CallerError(
            "Something was to be written while the records were open for reading only: use begin() to write."
        )
    if code == sqlite3.SQLITE_CONSTRAINT:
        return CallerError("The records refused a row that contradicts others, such as one of an unknown session.")
    return FinalError(_FINAL[code]) if code in _FINAL else None
