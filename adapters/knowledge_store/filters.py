"""The filter inside every query, built by one quoting function (DESIGN 10)."""

from collections.abc import Sequence
from datetime import datetime

from core.domain.knowledge import EntryStatus, Viewer


def quote(value: str) -> str:
    """Give an SQL string literal that equals exactly ``value``. LanceDB's SQL knows no escape but the doubled quote."""
    return "'" + value.replace("'", "''") + "'"


def one_of(column: str, values: Sequence[str]) -> str:
    """Give a condition that holds for these values alone; an empty list holds for none."""
    return f"{column} IN ({', '.join(quote(value) for value in values)})" if values else "false"


def visible(viewer: Viewer, kind: str, now: datetime) -> str:
    """Active, unexpired entries of one kind that the viewer may see."""
    parts = [
        f"kind = {quote(kind)}",
        f"status = {quote(EntryStatus.ACTIVE)}",
        f"(expires_at IS NULL OR expires_at > {microseconds(now)})",
    ]
    if viewer.audiences is not None:
        parts.append(one_of("audience", [audience.value for audience in viewer.audiences]))
    return " AND ".join(parts)


def microseconds(at: datetime) -> int:
    """Microseconds since 1970, exact."""
    delta = at - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
