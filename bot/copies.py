"""The homes below a home that hold copies of what it knows, or of exports: those of chats and of replays."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bot.home import CHAT, CHATS, REPLAYS, hold


def chats(home: Path) -> list[Path]:
    """The homes of its chats: the one that began with nothing, and those that began with a home or an export."""
    return _folders([home / CHAT, *(home / CHATS).glob("*")])


def is_chat(copy: Path, home: Path) -> bool:
    """Whether a copy below the home is a chat's."""
    return copy == home / CHAT or copy.parent == home / CHATS


def replays(home: Path) -> list[Path]:
    """The homes of its replays."""
    return _folders((home / REPLAYS).glob("*"))


def _folders(paths: Iterable[Path]) -> list[Path]:
    return sorted(one for one in paths if one.is_dir())


@contextmanager
def held(homes: Sequence[Path]) -> Iterator[None]:
    """Hold all of them. Raises ``HomeInUseError`` where one is at work."""
    with ExitStack() as stack:
        for one in homes:
            stack.enter_context(hold(one))
        yield


def remove(homes: Sequence[Path]) -> None:
    """Remove homes that are held."""
    for one in homes:
        shutil.rmtree(one)
