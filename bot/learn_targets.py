"""What the names given to ``vigil learn`` mean: addresses, files, and what is in folders."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.terminal.plain import safe
from core.domain.errors import CallerError
from core.text.addresses import canonical, without_secrets

ENDINGS = frozenset((".md", ".markdown", ".html", ".htm", ".pdf", ".txt"))
"""What is read of a folder; a file named by itself may also have one of the rarer endings of what is read, such as .rst."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)
_WEB = ("http:", "https:")


@dataclass(frozen=True, slots=True)
class Targets:
    """Addresses and absolute paths to read, and the links of folders that lead out of them or to what is hidden there; each
    once. ``others`` counts the files in folders that are of kinds that are not read."""

    read: tuple[str, ...]
    outside: tuple[str, ...] = ()
    others: int = 0


async def targets_of(named: Sequence[str], known: Sequence[str]) -> Targets:
    """What is to be read. A folder is what is in it, and what of the ``known`` addresses was in it and is there no more. Raises
    ``CallerError`` for what names neither an address of the web nor a place on this machine."""
    read: list[str] = []
    outside: list[str] = []
    others = 0
    for one in (name.strip() for name in named):
        shown = safe(without_secrets(one))
        if not one:
            raise CallerError("An empty name is no document: name an address, a file or a folder.")
        if canonical(one):
            read.append(one)
        elif one.lower().startswith(_WEB):
            raise CallerError(f"{shown} is no address: write it like https://docs.example.com/page.")
        elif _SCHEME.match(one):
            raise CallerError(f"{shown} is not read: only http and https addresses are, and files by their path.")
        else:
            found = await asyncio.to_thread(_of_place, Path(one), known)
            read += found.read
            outside += found.outside
            others += found.others
    return Targets(tuple(dict.fromkeys(read)), tuple(dict.fromkeys(outside)), others)


def _of_place(place: Path, known: Sequence[str]) -> Targets:
    path = place.expanduser().resolve()
    if not path.is_dir():
        return Targets((str(path),))
    try:
        inside = sorted(one for one in path.rglob("*") if one.is_file())
    except OSError as error:
        raise CallerError(f"{safe(str(place))} cannot be read ({error.strerror}): name a folder of yours.") from error
    seen = [one for one in inside if not _is_hidden(one, path)]
    shown = [one for one in seen if one.suffix.lower() in ENDINGS]
    led = {one: one.resolve() for one in shown}
    outside = [one for one, to in led.items() if not to.is_relative_to(path) or _is_hidden(to, path)]
    gone = [one for one in known if Path(one).is_relative_to(path) and not Path(one).exists()]
    if not shown and not gone:
        raise CallerError(f"{safe(str(place))} holds no document: {', '.join(sorted(ENDINGS))} are read.")
    read = (*(str(to) for one, to in led.items() if one not in outside), *gone)
    return Targets(read, tuple(map(str, outside)), len(seen) - len(shown))


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)
