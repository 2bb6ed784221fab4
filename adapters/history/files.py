"""Where the files of an export are: a folder on this disk. Names are relative to it, with ``/``."""

from pathlib import Path
from typing import Protocol

from core.domain.errors import MalformedExportError

LISTS = ("channels.json", "groups.json", "mpims.json", "dms.json")
USERS = "users.json"
SETTINGS = "vigil.yaml"


class UnreadableError(Exception):
    """A file that cannot be read, with the reason in a few words that can be counted."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Files(Protocol):
    """The files of an export. ``name`` is what the export is called; ``bad`` lists names that are left out, with why."""

    name: str
    bad: list[tuple[str, str]]

    def folders(self) -> list[str]:
        """The folders beside the lists, sorted; hidden ones are left out."""
        ...

    def days(self, folder: str) -> list[str]:
        """The JSON files in a folder, sorted; hidden ones are left out."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        ...

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises ``UnreadableError``."""
        ...


class OnDisk:
    """``Files`` of an unpacked export."""

    def __init__(self, path: Path) -> None:
        self._path, self.name, self.bad = path, path.resolve().name, list[tuple[str, str]]()
        if not path.is_dir():
            what = "is a file that is no zip" if path.exists() else "does not exist"
            raise MalformedExportError(f"{path} {what}: name a Slack export, as a zip or as an unpacked folder.")

    def folders(self) -> list[str]:
        """As the protocol says; raises ``MalformedExportError`` where the folder may not be looked into."""
        try:
            return sorted(p.name for p in self._path.iterdir() if p.is_dir() and not p.name.startswith((".", "__")))
        except OSError as error:
            raise self._closed(error) from error

    def days(self, folder: str) -> list[str]:
        """As the protocol says; raises ``MalformedExportError`` where the folder may not be looked into."""
        try:
            found = [p for p in (self._path / folder).iterdir() if p.suffix == ".json" and not p.name.startswith(".")]
        except OSError as error:
            raise self._closed(error) from error
        return sorted(f"{folder}/{path.name}" for path in found)

    def _closed(self, error: OSError) -> MalformedExportError:
        return MalformedExportError(
            f"{self._path} cannot be read ({error.strerror}): give yourself the right to read it, then try again."
        )

    def has(self, name: str) -> bool:
        """As the protocol says."""
        return (self._path / name).is_file()

    def read(self, name: str) -> bytes:
        """As the protocol says."""
        try:
            return (self._path / name).read_bytes()
        except OSError as error:
            raise UnreadableError(f"cannot be read: {error.strerror or type(error).__name__}") from error
