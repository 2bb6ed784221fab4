"""What the files of an export hold, one file at a time, and what could not be read of them."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from adapters.history.files import LISTS, SETTINGS, USERS, Files, OnDisk, UnreadableError
from adapters.history.skips import Skipped, Skips
from adapters.history.zipped import Zipped
from adapters.slack_payloads.fields import Payload, text_in, whole
from core.domain.errors import MalformedExportError

MOST_RECORDS = 200_000
"""Records of one file that are read: a channel that has a message every half a second for a day and a night."""
MOST_VALUES = 5_000_000
"""Values of one file, told by its commas: a small file may hold tens of millions of empty ones, each of which takes 60 bytes of
memory once it is read. The list of 50,000 people has 3 million."""
NAMED = 3
"""How many channels without a folder are named."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a day file: the channel's id, where it stands, and what it says."""

    channel: str
    file: str
    index: int
    payload: Payload


@contextmanager
def opened_files(path: Path) -> Iterator[Files]:
    """The files of an export: a folder, or a zip that is read as it is. Raises ``MalformedExportError``."""
    if path.is_file() and (path.suffix.casefold() == ".zip" or zipfile.is_zipfile(path)):
        zipped = Zipped(path)
        try:
            yield zipped
        finally:
            zipped.close()
    else:
        yield OnDisk(path)


class Folder:
    """An export. ``listed`` are the channels that its lists name, ``channels`` (folder, id) of those with day files."""

    def __init__(self, files: Files, path: Path) -> None:
        self.files, self.path = files, path
        self.skipped = Skips(Skipped(whole(name), None, why) for name, why in files.bad)
        folders = _channel_folders(files, path)
        self.listed = {text_in(channel, "id"): channel for name in LISTS for channel in self._list(name)}
        self.users = self._list(USERS)
        ids = {text_in(channel, "name"): key for key, channel in self.listed.items()}
        self.channels = [(folder, ids.get(folder) or whole(folder)) for folder in folders]

    def missing(self) -> Iterator[str]:
        """Say in a sentence each what an export should have and this one has not, and what follows."""
        if not any(self.files.has(name) for name in LISTS):
            yield f"{LISTS[0]} is missing: channels go by their folders' names, and who shares them is told by who writes."
        if not self.files.has(USERS):
            yield f"{USERS} is missing: people go by the names in their messages or by their ids, the home team by who helps."
        read = {key for _, key in self.channels}
        if without := [text_in(one, "name") or key for key, one in self.listed.items() if key not in read]:
            some = ", ".join(without[:NAMED]) + (f" and {len(without) - NAMED} more" if len(without) > NAMED else "")
            yield f"Nothing is read of {some}: {LISTS[0]} lists channels that have no folder with day files."

    @property
    def names(self) -> dict[str, str]:
        """Channel names by id; direct messages have none and go by their folder's name."""
        found = {key: text_in(channel, "name") or key for key, channel in self.listed.items()}
        return found | {key: found.get(key) or whole(folder) for folder, key in self.channels}

    def _list(self, name: str) -> tuple[Payload, ...]:
        if not self.files.has(name):
            return ()
        found = _read_list(self.files, name, name)
        if isinstance(found, Skipped):
            self.skipped.add(found)
            return ()
        return tuple(self._objects(name, found))

    def _objects(self, file: str, found: list[object]) -> Iterator[Payload]:
        for index, one in enumerate(found):
            if isinstance(one, dict) and text_in(cast("Payload", one), "id"):
                yield cast("Payload", one)
            else:
                self.skipped.add(Skipped(file, index, "without an id" if isinstance(one, dict) else "not an object"))

    def records(self) -> Iterator[Record | Skipped]:
        """Every record of every day file, and what is none; one file is in memory at a time. Can be called again."""
        for folder, channel in self.channels:
            for day in self.files.days(folder):
                yield from _records(self.files, day, channel)

    def fingerprint(self) -> str:
        """The sha256 of the names and bytes of every file that is read."""
        whole_export = hashlib.sha256()
        days = [day for folder, _ in self.channels for day in self.files.days(folder)]
        for name in [*LISTS, USERS, SETTINGS, *days]:
            if self.files.has(name):
                named = hashlib.sha256(name.encode(errors="surrogateescape")).digest()
                whole_export.update(named + self._digest(name))
        return whole_export.hexdigest()

    def _digest(self, name: str) -> bytes:
        try:
            return hashlib.sha256(self.files.read(name)).digest()
        except UnreadableError:
            return b"unreadable"


def _records(files: Files, day: str, channel: str) -> Iterator[Record | Skipped]:
    file = whole(day)
    found = _read_list(files, day, file)
    if isinstance(found, Skipped):
        yield found
        return
    for index, one in enumerate(found[:MOST_RECORDS]):
        if isinstance(one, dict):
            yield Record(channel, file, index, cast("Payload", one))
        else:
            yield Skipped(file, index, "not an object")
    if len(found) > MOST_RECORDS:
        yield Skipped(file, None, f"more than {MOST_RECORDS:,} records", f"{len(found) - MOST_RECORDS:,} are not read")


def _read_list(files: Files, day: str, name: str) -> list[object] | Skipped:
    """The JSON list in a file, or why there is none."""
    try:
        content = files.read(day)
        if content.count(b",") >= MOST_VALUES:
            return Skipped(name, None, f"more than {MOST_VALUES:,} values")
        found = json.loads(content)
    except UnreadableError as error:
        return Skipped(name, None, error.reason)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return Skipped(name, None, f"not {error.encoding.upper()} text", f"line {line}")
    except json.JSONDecodeError as error:
        return Skipped(name, None, "not JSON", f"line {error.lineno}: {error.msg}")
    except (ValueError, RecursionError):
        return Skipped(name, None, "not JSON")
    return cast("list[object]", found) if isinstance(found, list) else Skipped(name, None, "not a list")


def _channel_folders(files: Files, path: Path) -> list[str]:
    folders = files.folders()
    found = [folder for folder in folders if files.days(folder)]
    if not found:
        inside = next((folder for folder in folders if files.has(f"{folder}/{LISTS[0]}")), None)
        hint = f"did you mean {path / inside}?" if inside else "name the folder or zip that holds channels.json."
        if any(why == "a zip in the zip" for _, why in files.bad):
            hint = "it holds another zip: unpack it once and name that."
        raise MalformedExportError(f"{path} has no channel folder with day files, so there is nothing to read: {hint}")
    return found
