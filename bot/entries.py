"""An entry as ``vigil kb`` prints it."""

from dataclasses import asdict
from datetime import datetime

from adapters.terminal.json_lines import moment
from adapters.terminal.plain import one_line
from adapters.terminal.words import times
from core.domain.documents import DOCUMENT
from core.domain.ids import SHORT
from core.domain.knowledge import EntryStatus, KnowledgeEntry, Revision
from core.domain.people import Role
from core.knowledge.forgetting import is_forgotten

EXPIRED = "expired"
FORGOTTEN = "forgotten"
STATUSES = (*(status.value for status in EntryStatus), EXPIRED)


def standing(entry: KnowledgeEntry, now: datetime) -> str:
    """The entry's status as retrieval sees it, one of ``STATUSES``: what has expired is not answered from any more."""
    expired = entry.status is EntryStatus.ACTIVE and entry.expires_at is not None and entry.expires_at <= now
    return EXPIRED if expired else entry.status.value


def status(entry: KnowledgeEntry, now: datetime) -> str:
    """The same in words, with the day; of a retired entry that was emptied, that it was forgotten."""
    if is_forgotten(entry):
        return FORGOTTEN
    word = standing(entry, now)
    return f"{word} on {day(entry.expires_at)}" if word == EXPIRED and entry.expires_at else word


def day(at: datetime) -> str:
    """A date with its year: ``2 Nov 2026``."""
    return f"{at.day} {at:%b %Y}"


def entry_json(head: Revision, now: datetime) -> dict[str, object]:
    """An entry for a program."""
    entry = asdict(head.after)
    entry |= {k: moment(v) for k, v in entry.items() if isinstance(v, datetime)}
    expired = head.after.expires_at is not None and head.after.expires_at <= now
    own = {"audience": head.after.audience.value, "revision": head.n, "expired": expired}
    return {"v": 1, "type": "entry", **entry, **own}


def rows(head: Revision, now: datetime) -> dict[str, str]:
    """Everything about an entry, by name; empty where there is nothing to say."""
    entry = head.after
    last = f", last on {day(entry.confirmed_at)}" if entry.confirmed_at else ""
    return {
        "entry": entry.id, "title": entry.title, "answer": entry.answer, "conditions": entry.conditions,
        "question": entry.question, "keys": ", ".join(entry.keys), "audience": entry.audience.value,
        "taught by": "a requester, as their own fix" if entry.taught_by is Role.REQUESTER else "support",
        "status": status(entry, now), "revision": str(head.n), "learned": day(entry.created_at),
        "confirmed": f"{times(entry.confirmations)}{last}" if entry.confirmations else "never",
        "expires": day(entry.expires_at) if entry.expires_at else "never", "because": head.why,
        "rests on": ", ".join(source[:SHORT] for source in entry.derived_from),
    }  # fmt: skip


def _end_of(address: str, width: int) -> str:
    """An address in at most ``width`` columns: its end tells it from others of the same place."""
    return one_line(address[::-1], width)[::-1]


def list_line(head: Revision, now: datetime, width: int, address: str = "") -> str:
    """An entry on at most two lines of ``width`` columns: id, last change, audience, title, and its status unless active. An
    ``address`` tells it from others of its title."""
    entry = head.after
    left = f"{entry.id[:SHORT]}  {day(head.at):>11}  {entry.audience.value:<18} "
    word = status(entry, now)
    kind = " · document" if entry.kind == DOCUMENT else ""
    kind = f" · {_end_of(address, width)}{kind}" if address else kind
    right = kind if word == EntryStatus.ACTIVE else f"{kind} ({word})"
    return (
        f"{left}{one_line(entry.title, 2 * width - len(left) - len(right))}{right if entry.title else right.lstrip()}"
    )
