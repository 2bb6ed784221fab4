"""The files of an export in its zip, read where they are: nothing is unpacked to the disk, so no name in it can lead anywhere.

What a zip says of its sizes is not believed: bytes are counted as they come out.
"""

import struct
import zipfile
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from adapters.history.files import LISTS, SETTINGS, USERS, UnreadableError
from core.domain.errors import MalformedExportError

_ENCRYPTED, _UTF8 = 0x1, 0x800
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError)
STRANGE = "packed in a way that cannot be read"
DEPTH = 4
"""In how many folders, one in the other, the export may lie."""


@dataclass(frozen=True, slots=True)
class Caps:
    """How much is taken out of a zip: bytes of one file, of all files, and how many names it may hold. A busy channel's day is
    a few MB; an export of 4 GB would not fit into memory either."""

    file_bytes: int = 128 * 1024**2
    all_bytes: int = 4 * 1024**3
    names: int = 500_000


class Zipped:
    """``Files`` of a zip. Raises ``MalformedExportError`` for one that cannot be read at all."""

    def __init__(self, path: Path, caps: Caps | None = None) -> None:
        self._path, self._caps = path, caps or Caps()
        self.name, self.bad = path.resolve().stem, list[tuple[str, str]]()
        self._sizes: dict[str, int] = {}
        self._all_bytes = 0
        with ExitStack() as unless_read:
            self._zip = unless_read.enter_context(_opened(path))
            infos = self._zip.infolist()
            if len(infos) > self._caps.names:
                raise MalformedExportError(f"{path} holds {len(infos):,} files: that is no Slack export.")
            self._members = _without_top(self._named(infos))
            unless_read.pop_all()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def _named(self, infos: list[zipfile.ZipInfo]) -> dict[tuple[str, ...], zipfile.ZipInfo]:
        """The files by the parts of their names, as far as these are sound; the first of a name counts."""
        found: dict[tuple[str, ...], zipfile.ZipInfo] = {}
        for info in infos:
            name = _name(info)
            parts = PurePosixPath(name).parts
            if not parts or info.is_dir() or any(part.startswith((".", "__")) and part != ".." for part in parts):
                continue
            if name.startswith("/") or ".." in parts or "\\" in name or ":" in parts[0]:
                self.bad.append((name, "a name that leads out of the export"))
            elif parts in found:
                self.bad.append((name, "a second file of this name"))
            elif name.casefold().endswith(".zip"):
                self.bad.append((name, "a zip in the zip"))
            else:
                found[parts] = info
        return found

    def folders(self) -> list[str]:
        """As the protocol says."""
        return sorted({parts[0] for parts in self._members if len(parts) > 1})

    def days(self, folder: str) -> list[str]:
        """As the protocol says."""
        inside = [parts for parts in self._members if len(parts) == 2 and parts[0] == folder]
        return sorted("/".join(parts) for parts in inside if parts[1].endswith(".json"))

    def has(self, name: str) -> bool:
        """As the protocol says."""
        return tuple(name.split("/")) in self._members

    def read(self, name: str) -> bytes:
        """As the protocol says. Raises ``MalformedExportError`` once all files together are more than may be."""
        info = self._members.get(tuple(name.split("/")))
        if info is None:
            raise UnreadableError("not in the zip")
        if info.flag_bits & _ENCRYPTED:
            raise UnreadableError("encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others may ask for any memory
            raise UnreadableError(STRANGE)
        content = self._content(info)
        self._all_bytes += len(content) - self._sizes.get(name, 0)  # a file is read more than once, and counts once
        self._sizes[name] = len(content)
        if self._all_bytes > self._caps.all_bytes:
            raise MalformedExportError(
                f"{self._path} unpacks to more than {_size(self._caps.all_bytes)}: that is no Slack export, or one to be "
                "unpacked and read as a folder."
            )
        if len(content) > self._caps.file_bytes:
            raise UnreadableError(f"more than {_size(self._caps.file_bytes)} when unpacked")
        return content

    def _content(self, info: zipfile.ZipInfo) -> bytes:
        try:
            with self._zip.open(info) as file:
                return file.read(self._caps.file_bytes + 1)
        except NotImplementedError as error:
            raise UnreadableError(STRANGE) from error
        except RuntimeError as error:  # what zipfile raises for a password, whatever the flags say
            raise UnreadableError("encrypted") from error
        except _DAMAGED as error:
            raise UnreadableError("damaged in the zip") from error


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, struct.error) as error:
        raise MalformedExportError(
            f"{path} is no whole zip file: its table of contents is missing or damaged. Fetch or pack it again."
        ) from error
    except (UnicodeDecodeError, NotImplementedError) as error:
        raise MalformedExportError(
            f"{path} has a table of contents that cannot be read: unpack it and name the folder."
        ) from error
    except OSError as error:
        raise MalformedExportError(f"{path} cannot be read ({error.strerror}): give yourself the right to.") from error


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 without saying so."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.orig_filename


def _without_top(members: dict[tuple[str, ...], zipfile.ZipInfo]) -> dict[tuple[str, ...], zipfile.ZipInfo]:
    """Without the one folder that everything lies in, if it does."""
    for _ in range(DEPTH):
        tops = {parts[0] for parts in members}
        known = {parts[1] for parts in members if len(parts) > 1} & {*LISTS, USERS, SETTINGS}
        nested = any(len(parts) > 2 for parts in members)
        if len(tops) != 1 or any(len(parts) == 1 for parts in members) or not (known or nested):
            break
        members = {parts[1:]: info for parts, info in members.items()}
    return members


def _size(count: int) -> str:
    return f"{count / 1024**3:.0f} GB" if count >= 1024**3 else f"{count / 1024**2:.0f} MB"
