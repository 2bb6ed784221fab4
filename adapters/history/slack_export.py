"""Reads a Slack export folder: ``channels.json``, ``users.json``, ``CHANNEL/DATE.json``."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.history.home import home_of
from adapters.history.parse import NotRead, Places, name_of, parse, time_of
from adapters.history.settings_file import TeamFile, read_team_file
from core.domain.channels import ChannelRef
from core.domain.errors import MalformedExportError
from core.domain.events import ChannelChanged, InboundEvent, MessagePosted

_LISTS = ("channels.json", "groups.json", "mpims.json", "dms.json")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record or file that gave nothing: where, and why."""

    file: str
    index: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Export:
    """An export as events in the order of time, with all that was skipped."""

    name: str
    home: str
    home_reason: str
    fingerprint: str
    events: tuple[InboundEvent, ...]
    skipped: tuple[Skipped, ...]
    team: TeamFile
    channels: Mapping[str, str]

    @property
    def messages(self) -> int:
        """How many messages were posted."""
        return sum(isinstance(event, MessagePosted) for event in self.events)


@dataclass(slots=True)
class _Found:
    """What reading collects."""

    records: dict[str, list[tuple[str, int, Any]]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256)


def read_export(folder: Path, home: str | None = None) -> Export:
    """Read the whole export. Raises ``MalformedExportError`` when it is no export at all; single bad files and records are
    skipped and listed."""
    if not folder.is_dir():
        raise MalformedExportError(f"{folder.name} is not a folder: unpack the Slack export and name its folder.")
    found = _Found()
    users = {str(u["id"]): u for u in _list(folder / "users.json", found) if isinstance(u, dict) and u.get("id")}
    listed = [c for name in _LISTS for c in _list(folder / name, found) if isinstance(c, dict)]
    by_name = {str(c.get("name") or c.get("id")): c for c in listed if c.get("name") or c.get("id")}
    for path in sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")):
        found.records[path.name] = list(_days(path, found))
    if not any(found.records.values()):
        raise MalformedExportError(f"{folder.name} holds no messages: a Slack export has a folder per channel with a JSON file per day.")
    raw = [r for records in found.records.values() for _, _, r in records if isinstance(r, dict)]
    team, reason = home_of(home, users.values(), raw)
    source = f"export:{folder.resolve().name}"
    names = {one: name_of(user) for one, user in users.items()}
    events: list[InboundEvent] = []
    for channel, records in found.records.items():
        ref = ChannelRef("slack", team, str(by_name.get(channel, {}).get("id") or channel))
        events += _channel(channel, ref, by_name.get(channel, {}), records, users, names, source, found)
    events.sort(key=lambda e: e.at)
    channels = {str(by_name.get(c, {}).get("id") or c): c for c in found.records}
    return Export(
        folder.resolve().name, team, reason, found.digest.hexdigest(), tuple(events), tuple(found.skipped),
        read_team_file(folder / "vigil.yaml"), channels,
    )  # fmt: skip


def _channel(
    name: str, ref: ChannelRef, listed: Mapping[str, Any], records: list[tuple[str, int, Any]],
    users: Mapping[str, Mapping[str, Any]], names: Mapping[str, str], source: str, found: _Found,
) -> list[InboundEvent]:  # fmt: skip
    places = Places(source, ref, users, names, _thread_ends([r for _, _, r in records]))
    events: list[InboundEvent] = []
    seen: set[str] = set()
    for file, index, record in records:
        read = parse(record, places)
        if isinstance(read, NotRead):
            found.skipped.append(Skipped(file, index, read.reason))
        elif read[0].external_id in seen:
            found.skipped.append(Skipped(file, index, "a second message with this ts"))
        else:
            seen.add(read[0].external_id)
            events += read
    events.sort(key=lambda e: e.at)
    if not events:
        return []
    outside = {e.author.organisation for e in events if isinstance(e, MessagePosted) and not e.author.is_bot} - {ref.workspace}
    outside |= {str(t) for key in ("shared_team_ids", "connected_team_ids") for t in listed.get(key) or ()} - {ref.workspace}
    first = events[0].at - timedelta(microseconds=1)
    external = bool(outside) or bool(listed.get("is_ext_shared"))
    opened = ChannelChanged(
        source=source, external_id=f"{ref.channel}:channel", at=first, channel=ref, name=name, external=external,
        organisations=frozenset(outside),
    )  # fmt: skip
    return [opened, *events]


def _thread_ends(records: list[Any]) -> dict[str, datetime]:
    ends: dict[str, datetime] = {}
    for record in records:
        at = time_of(record.get("ts")) if isinstance(record, dict) else None
        if at is not None:
            thread = str(record.get("thread_ts") or record["ts"])
            ends[thread] = max(at, ends.get(thread, at))
    return ends


def _days(path: Path, found: _Found) -> Iterator[tuple[str, int, Any]]:
    for file in sorted(path.glob("*.json")):
        records = _read(file, found)
        if records is None:
            continue
        if not isinstance(records, list):
            found.skipped.append(Skipped(f"{path.name}/{file.name}", None, "not a list of messages"))
            continue
        yield from ((f"{path.name}/{file.name}", index, record) for index, record in enumerate(records))


def _list(path: Path, found: _Found) -> list[Any]:
    if not path.is_file():
        return []
    read = _read(path, found)
    if read is not None and not isinstance(read, list):
        found.skipped.append(Skipped(path.name, None, "not a list"))
    return read if isinstance(read, list) else []


def _read(path: Path, found: _Found) -> Any:
    """The file's JSON; ``None`` with the reason noted when it has none."""
    try:
        data = path.read_bytes()
        found.digest.update(f"{path.parent.name}/{path.name}\0".encode() + data)
        return json.loads(data)
    except (ValueError, RecursionError):
        found.skipped.append(Skipped(f"{path.parent.name}/{path.name}", None, "not valid JSON"))
    except OSError:
        found.skipped.append(Skipped(f"{path.parent.name}/{path.name}", None, "not readable"))
    return None


