"""What a record of an export is, before its text is read: kind, time, thread, author. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from adapters.slack_payloads.fields import Payload, number_in, object_in, text_in

_TS = re.compile(r"(\d{1,11})(?:\.(\d{1,6}))?")
_POSTS = frozenset({"", "file_share", "thread_broadcast", "me_message", "bot_message"})
_CONTENT = ("text", "blocks", "files", "attachments")


class Kind(StrEnum):
    """What a record does to the transcript."""

    POST = "post"
    EDIT = "edit"
    DELETION = "deletion"
    TOMBSTONE = "removal"


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that is not replayed, and why in a short form that can be counted."""

    reason: str


@dataclass(frozen=True, slots=True)
class Head:
    """A record that is replayed. ``ts`` names the message that it is or changes, ``at`` is when; ``author`` is a user id,
    or a bot id where no user stands behind it; ``team`` is empty where the record does not say it."""

    kind: Kind
    ts: str
    at: datetime
    thread: str | None = None
    replies: bool = False
    author: str = ""
    bot: str = ""
    team: str = ""


def head_of(payload: Payload) -> Head | Refused:
    """Say what a record is, or why it is not replayed."""
    kind = text_in(payload, "type")
    if kind not in ("", "message"):
        return Refused(f"not a message: {kind[:40]}")
    subtype = text_in(payload, "subtype")
    at = time_of(payload.get("ts"))
    if at is None:
        return Refused("no ts" if payload.get("ts") in (None, "") else "ts is not a time")
    if subtype in _POSTS:
        return _post(payload, at)
    match subtype:
        case "message_changed":
            return _change(Kind.EDIT, at, object_in(payload, "message").get("ts"))
        case "message_deleted":
            ts = payload.get("deleted_ts") or object_in(payload, "previous_message").get("ts")
            return _change(Kind.DELETION, at, ts)
        case "tombstone":
            return _change(Kind.TOMBSTONE, at, payload.get("ts"))
        case _:
            return Refused(f"not a post: {subtype[:40]}")


def _post(payload: Payload, at: datetime) -> Head | Refused:
    bot = text_in(payload, "bot_id")
    author = text_in(payload, "user") or bot or text_in(payload, "username")
    if not author:
        return Refused("no user")
    if not any(payload.get(name) for name in _CONTENT):
        return Refused("no text")
    ts, thread = key_of(payload["ts"]), payload.get("thread_ts")
    return Head(
        kind=Kind.POST,
        ts=ts,
        at=at,
        thread=key_of(thread) if time_of(thread) and key_of(thread) != ts else None,
        replies=number_in(payload, "reply_count") > 0,
        author=author,
        bot=bot or (author if text_in(payload, "subtype") == "bot_message" else ""),
        team=text_in(payload, "user_team", "source_team", "team"),
    )


def _change(kind: Kind, at: datetime, ts: object) -> Head | Refused:
    if time_of(ts) is None:
        return Refused(f"{kind} of a message without ts")
    return Head(kind, key_of(ts), at)


def key_of(ts: object) -> str:
    """A ts as the platform writes it; exports that lost the quotes get theirs back."""
    return f"{ts:.6f}" if isinstance(ts, float) else str(ts)


def time_of(ts: object) -> datetime | None:
    """The exact time that a ts means, to the microsecond, or ``None`` when it means none."""
    if isinstance(ts, bool) or not isinstance(ts, str | int | float):
        return None
    found = _TS.fullmatch(key_of(ts))
    if found is None:
        return None
    seconds, micro = int(found[1]), int((found[2] or "").ljust(6, "0"))
    return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micro)
