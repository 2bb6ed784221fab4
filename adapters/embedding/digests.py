"""SHA-256 of files, remembered so that 90 MB of weights are not read again at each start."""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def file_digests(paths: Iterable[Path], memory: Path) -> dict[Path, str]:
    """Give the SHA-256 (hex) of each file, from ``memory`` where path, size and mtime (ns) are as they were.

    ``memory`` is a JSON file; a missing, damaged or unwritable one only costs time. Raises ``OSError`` when one of
    ``paths`` cannot be read. Blocks: call it in a thread.
    """
    known = _read(memory)
    found = {path: _digest(path, known) for path in paths}
    if any(key not in known or known[key] != row for key, row in found.values()):
        _write(memory, known | dict(found.values()))
    return {path: str(row[2]) for path, (_, row) in found.items()}


def _digest(path: Path, known: dict[str, Any]) -> tuple[str, list[int | str]]:
    key, stat = str(path.resolve()), path.stat()
    row = known.get(key)
    if isinstance(row, list) and len(row) == 3 and row[:2] == [stat.st_size, stat.st_mtime_ns]:
        return key, row
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return key, [stat.st_size, stat.st_mtime_ns, digest]


def _read(memory: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(memory.read_text("utf-8"))
        if isinstance(known, dict):
            return known
    return {}


def _write(memory: Path, known: dict[str, Any]) -> None:
    """Replace ``memory`` at once; of two processes the last wins, and the other hashes again some day."""
    kept = {key: row for key, row in known.items() if Path(key).exists()}
    draft = memory.with_name(f"{memory.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        memory.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(kept), "utf-8")
        draft.replace(memory)
