"""One record of a Slack export as events, or the reason why it is none. Pure: no file, no SDK."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from adapters.history.text import mentions, readable, text_of_blocks
from core.domain.channels import ChannelRef
from core.domain.events import Attachment, InboundEvent, MessageDeleted, MessageEdited, MessagePosted, ReactionChanged
from core.domain.people import Person

Record = Mapping[str, Any]

_POSTS = frozenset({None, "", "file_share", "thread_broadcast", "me_message", "bot_message", "reply_broadcast"})
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Places:
    """What a record is read against: its export, channel, home team, and the users (id to record)."""

    source: str
    channel: ChannelRef
    users: Mapping[str, Record]
    names: Mapping[str, str]
    threads: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class NotRead:
    """Why a record gives no event."""

    reason: str


def time_of(ts: object) -> datetime | None:
    """Slack's timestamp as exact UTC time; ``None`` when it is none."""
    try:
        micro = int((Decimal(str(ts)) * 1_000_000).to_integral_value())
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micro)
    except (InvalidOperation, ValueError, OverflowError):
        return None
    return at if micro > 0 and at < _LATEST else None


def parse(record: object, places: Places) -> list[InboundEvent] | NotRead:
    """Give the events of one record."""
    if not isinstance(record, dict):
        return NotRead("not a message object")
    if record.get("type", "message") != "message":
        return NotRead(f"type {record.get('type')}")
    at = time_of(record.get("ts"))
    if at is None:
        return NotRead("no valid ts")
    subtype = record.get("subtype")
    if subtype == "message_changed":
        return _edited(record, at, places)
    if subtype in ("message_deleted", "tombstone"):
        return _deleted(record, at, places)
    if subtype not in _POSTS:
        return NotRead(f"subtype {subtype}")
    return _posted(record, at, places)


def _posted(record: Record, at: datetime, places: Places) -> list[InboundEvent] | NotRead:
    author = person_of(record, places)
    if author is None:
        return NotRead("no user")
    raw = raw_text(record)
    files = _attachments(record)
    if raw is None and not files:
        return NotRead("no text")
    text = readable(raw or "", places.names)
    ts = str(record["ts"])
    thread = record.get("thread_ts")
    event = MessagePosted(
        source=places.source,
        external_id=f"{places.channel.channel}:{ts}",
        at=at,
        channel=places.channel,
        message_id=ts,
        author=author,
        text=text,
        thread=str(thread) if thread else None,
        broadcast=record.get("subtype") in ("thread_broadcast", "reply_broadcast"),
        direct=bool(re.search(r"(?<!\w)@vigil\b", text, re.IGNORECASE)),
        mentions=mentions(raw or ""),
        attachments=files,
    )
    return [event, *_reactions(record, places)]


def raw_text(record: Record) -> str | None:
    """The text as written, from the blocks where ``text`` is empty; ``None`` when the record has neither."""
    text = record.get("text")
    if isinstance(text, str) and text:
        return text
    return text_of_blocks(record.get("blocks")).strip() or (text if isinstance(text, str) else None)


def person_of(record: Record, places: Places) -> Person | None:
    """The author; a bot by its ``bot_id`` or subtype; ``None`` when nobody is named."""
    user = record.get("user") or record.get("bot_id")
    if not isinstance(user, str) or not user:
        return None
    known = places.users.get(user, {})
    bot = bool(record.get("bot_id")) or record.get("subtype") == "bot_message" or bool(known.get("is_bot"))
    profile = record.get("user_profile")
    name = (_name(profile) if isinstance(profile, dict) else "") or str(record.get("username") or "") or places.names.get(user, user)
    return Person(user, name, organisation_of(record, known) or places.channel.workspace, bot)


def organisation_of(record: Record, user: Record) -> str:
    """The author's team: what the message says first, then what the users file says."""
    for key in ("user_team", "source_team", "team"):
        if isinstance(record.get(key), str) and record[key]:
            return str(record[key])
    return str(user.get("team_id") or "")


def _name(profile: Record) -> str:
    return str(profile.get("real_name") or profile.get("display_name") or profile.get("name") or "")


def name_of(user: Record) -> str:
    """How a user of the users file is called."""
    profile = user.get("profile")
    return str(user.get("real_name") or (_name(profile) if isinstance(profile, dict) else "") or user.get("name") or user.get("id"))


def _attachments(record: Record) -> tuple[Attachment, ...]:
    files = record.get("files")
    found = [f for f in files if isinstance(f, dict) and f.get("id")] if isinstance(files, list) else []
    return tuple(
        Attachment(
            str(f["id"]), str(f.get("name") or ""), str(f.get("mimetype") or ""), _size(f.get("size")),
            str(f.get("url_private") or ""),
        )
        for f in found
    )  # fmt: skip


def _size(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0


def _edited(record: Record, at: datetime, places: Places) -> list[InboundEvent] | NotRead:
    new, old = record.get("message"), record.get("previous_message") or record.get("original")
    if not isinstance(new, dict) or time_of(new.get("ts")) is None:
        return NotRead("an edit without its message")
    text = raw_text(new) or ""
    if isinstance(old, dict) and (raw_text(old) or "") == text:
        return NotRead("an edit that changes no text")
    return [
        MessageEdited(
            source=places.source, external_id=f"{places.channel.channel}:{record['ts']}:edited", at=at,
            channel=places.channel, message_id=str(new["ts"]), text=readable(text, places.names), attachments=_attachments(new),
        )
    ]  # fmt: skip


def _deleted(record: Record, at: datetime, places: Places) -> list[InboundEvent] | NotRead:
    previous = record.get("previous_message")
    gone = record.get("deleted_ts") or (previous.get("ts") if isinstance(previous, dict) else None)
    if record.get("subtype") == "tombstone" or gone is None:
        return NotRead("a message deleted before the export")
    return [
        MessageDeleted(
            source=places.source, external_id=f"{places.channel.channel}:{record['ts']}:deleted", at=at,
            channel=places.channel, message_id=str(gone),
        )
    ]  # fmt: skip


def _reactions(record: Record, places: Places) -> list[InboundEvent]:
    """Reactions carry no time: each counts as put one second after the thread's last message."""
    thread = str(record.get("thread_ts") or record["ts"])
    last = places.threads.get(thread) or time_of(record["ts"])
    given = record.get("reactions")
    if last is None or not isinstance(given, list):
        return []
    pairs = [
        (str(one["name"]), str(user))
        for one in given
        if isinstance(one, dict) and one.get("name") and isinstance(one.get("users"), list)
        for user in one["users"]
    ]
    return [
        ReactionChanged(
            source=places.source, external_id=f"{places.channel.channel}:{record['ts']}:{name}:{user}",
            at=last + timedelta(seconds=1), channel=places.channel, message_id=str(record["ts"]), name=name,
            by=_reactor(user, places),
        )
        for name, user in pairs
    ]  # fmt: skip


def _reactor(user: str, places: Places) -> Person:
    known = places.users.get(user, {})
    team = str(known.get("team_id") or places.channel.workspace)
    return Person(user, places.names.get(user, user), team, bool(known.get("is_bot")))
