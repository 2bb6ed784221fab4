"""The files of an export folder, one at a time, and what could not be read of them."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from adapters.slack_payloads.fields import Payload, text_in, whole
from core.domain.errors import MalformedExportError

LISTS = ("channels.json", "groups.json", "mpims.json", "dms.json")
USERS = "users.json"
SETTINGS = "vigil.yaml"
NAMED = 3
"""How many channels without a folder are named."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that replay leaves out: a whole file, or the record at ``index`` of it, and why. The reason is one of few, so
    that it can be counted; ``detail`` says more of this one."""

    file: str
    index: int | None
    reason: str
    detail: str = ""

    def __str__(self) -> str:
        """Where and why."""
        where = self.file if self.index is None else f"{self.file} record {self.index + 1}"
        return f"{where}: {self.reason}" + (f" ({self.detail})" if self.detail else "")


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a day file: the channel's id, where it stands, and what it says."""

    channel: str
    file: str
    index: int
    payload: Payload


class Folder:
    """An export folder. ``listed`` are the channels that its lists name, ``channels`` (folder, id) of those with day files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.skipped: list[Skipped] = []
        folders = _channel_folders(path)
        self.listed = {text_in(channel, "id"): channel for name in LISTS for channel in self._list(name)}
        self.users = self._list(USERS)
        ids = {text_in(channel, "name"): key for key, channel in self.listed.items()}
        self.channels = [(folder, ids.get(folder.name) or whole(folder.name)) for folder in folders]

    def missing(self) -> Iterator[str]:
        """Say in a sentence each what an export should have and this one has not, and what follows."""
        if not any((self.path / name).exists() for name in LISTS):
            yield f"{LISTS[0]} is missing: channels go by their folders' names, and who shares them is told by who writes."
        if not (self.path / USERS).exists():
            yield f"{USERS} is missing: people go by the names in their messages or by their ids, the home team by who helps."
        read = {key for _, key in self.channels}
        if without := [text_in(one, "name") or key for key, one in self.listed.items() if key not in read]:
            some = ", ".join(without[:NAMED]) + (f" and {len(without) - NAMED} more" if len(without) > NAMED else "")
            yield f"Nothing is read of {some}: {LISTS[0]} lists channels that have no folder with day files."

    @property
    def names(self) -> dict[str, str]:
        """Channel names by id; direct messages have none and go by their folder's name."""
        found = {key: text_in(channel, "name") or key for key, channel in self.listed.items()}
        return found | {key: found.get(key) or whole(folder.name) for folder, key in self.channels}

    def _list(self, name: str) -> tuple[Payload, ...]:
        path = self.path / name
        if not path.exists():
            return ()
        found = _read_list(path, name)
        if isinstance(found, Skipped):
            self.skipped.append(found)
            return ()
        return tuple(self._objects(name, found))

    def _objects(self, file: str, found: list[object]) -> Iterator[Payload]:
        for index, one in enumerate(found):
            if isinstance(one, dict) and text_in(cast("Payload", one), "id"):
                yield cast("Payload", one)
            else:
                self.skipped.append(Skipped(file, index, "without an id" if isinstance(one, dict) else "not an object"))

    def records(self) -> Iterator[Record | Skipped]:
        """Every record of every day file, and what is none; one file is in memory at a time. Can be called again."""
        for folder, channel in self.channels:
            for day in _day_files(folder):
                yield from _records(day, channel)

    def fingerprint(self) -> str:
        """The sha256 of the names and bytes of every file that is read."""
        whole_export = hashlib.sha256()
        days = [day for folder, _ in self.channels for day in _day_files(folder)]
        for path in [self.path / name for name in (*LISTS, USERS, SETTINGS)] + days:
            if path.is_file():
                name = path.relative_to(self.path).as_posix().encode(errors="surrogateescape")
                whole_export.update(hashlib.sha256(name).digest() + _digest(path))
        return whole_export.hexdigest()


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return b"unreadable"


def _records(day: Path, channel: str) -> Iterator[Record | Skipped]:
    file = whole(f"{day.parent.name}/{day.name}")
    found = _read_list(day, file)
    if isinstance(found, Skipped):
        yield found
        return
    for index, one in enumerate(found):
        if isinstance(one, dict):
            yield Record(channel, file, index, cast("Payload", one))
        else:
            yield Skipped(file, index, "not an object")


def _read_list(path: Path, name: str) -> list[object] | Skipped:
    """The JSON list in a file, or why there is none."""
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        return Skipped(name, None, f"cannot be read: {error.strerror or type(error).__name__}")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return Skipped(name, None, f"not {error.encoding.upper()} text", f"line {line}")
    except json.JSONDecodeError as error:
        return Skipped(name, None, "not JSON", f"line {error.lineno}: {error.msg}")
    except (ValueError, RecursionError):
        return Skipped(name, None, "not JSON")
    return cast("list[object]", found) if isinstance(found, list) else Skipped(name, None, "not a list")


def _day_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix == ".json" and not path.name.startswith("."))


def _channel_folders(path: Path) -> list[Path]:
    _check_folder(path)
    try:
        folders = sorted(p for p in path.iterdir() if p.is_dir() and not p.name.startswith((".", "__")))
        found = [folder for folder in folders if _day_files(folder)]
    except OSError as error:
        raise MalformedExportError(
            f"{path} cannot be read ({error.strerror}): give yourself the right to read it, then try again."
        ) from error
    if not found:
        inside = next((p for p in folders if (p / LISTS[0]).is_file()), None)
        hint = f"did you mean {inside}?" if inside else "name the folder that holds channels.json."
        raise MalformedExportError(f"{path} has no channel folder with day files, so there is nothing to read: {hint}")
    return found


def _check_folder(path: Path) -> None:
    if path.is_dir():
        return
    if not path.exists():
        raise MalformedExportError(f"{path} does not exist: name the folder of an unpacked Slack export.")
    if path.suffix.casefold() == ".zip":
        raise MalformedExportError(f"{path} is a zip file: unpack it and name the folder that holds channels.json.")
    raise MalformedExportError(f"{path} is a file: name the folder of an unpacked Slack export.")
