"""What a server's status means for whoever wants to read."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from core.domain.errors import CallerError, NotPublicError, TransientError

REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST_WAIT_S = 86_400.0
_LATER = frozenset({408, 425, 429})
_LOGIN = frozenset({401, 403, 407})


def raise_for(status: int, told: Mapping[str, str], shown: str) -> None:
    """Raise for every status under which no document comes; ``told`` are the headers by their names in lower case."""
    if status in (200, 203):
        return
    if status in _LOGIN:
        raise NotPublicError(
            f"{shown} is not read: it wants a login (HTTP {status}). "
            "An operator can set a header for its host in VIGIL_DOCUMENT_HEADERS."
        )
    if status in _LATER or status >= 500:
        raise TransientError(f"{shown} cannot be read now: its server answers HTTP {status}.", wait_s(told))
    raise CallerError(f"{shown} is not read: its server answers HTTP {status} and sends no document.")


def wait_s(told: Mapping[str, str]) -> float | None:
    """Seconds that ``Retry-After`` asks for, at most a day; a date is held against the server's own clock."""
    text = told.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT_S)
    until, now = _date(text), _date(told.get("date", ""))
    if until is None or now is None:
        return None
    return min(max((until - now).total_seconds(), 0.0), LONGEST_WAIT_S)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo is not None else None
