"""Rows of evaluation files (JSON lines) as dialogues."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from core.domain.dialogue import Line
from core.domain.errors import CallerError
from core.domain.ids import MessageId
from core.domain.people import Role, RoleBasis

Row = Mapping[str, Any]
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
_ROLES = {"customer": Role.REQUESTER, "requester": Role.REQUESTER, "agent": Role.ANALYST, "analyst": Role.ANALYST}


def needed(row: Row, *names: str) -> list[Any]:
    """Give the named fields. Raises ``CallerError`` naming the first that is missing."""
    for name in names:
        if name not in row:
            raise CallerError(f"A row of the file has no {name}: see the formats that `vigil eval --help` names.")
    return [row[name] for name in names]


def line(n: int, role: str, text: str, author: str = "") -> Line:
    """One line of a dialogue, a minute after the one before."""
    at = START + timedelta(minutes=n)
    return Line(MessageId(f"m{n}"), _ROLES.get(role, Role.OTHER), RoleBasis.HOME, author or role, text, at)


def history_lines(row: Row) -> tuple[Line, ...]:
    """The dialogue before a row's last turn."""
    said: Sequence[Row] = row.get("history") or ()
    return tuple(line(n, str(one.get("role", "")), str(one.get("text", ""))) for n, one in enumerate(said))


def without_history(row: Row) -> Row:
    """The row as if its last turn were all that was ever said."""
    return {**row, "history": [], **({"user_turns": row["user_turns"][-1:]} if "user_turns" in row else {})}
