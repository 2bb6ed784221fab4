"""A platform in a file: what was posted stays when the process ends, whatever the records say."""

import os
from pathlib import Path

from core.domain.cards import Card
from core.domain.channels import Channel, ChannelRef
from core.domain.errors import FinalError


class FileMessenger:
    """A ``Messenger`` that adds a line per post, and finds only what is there."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def send(self, card: Card) -> str:
        """Post the card, as often as it is called."""
        with self._file.open("a", encoding="utf-8") as out:
            out.write(f"{card.id}\n")
            out.flush()
            os.fsync(out.fileno())
        return f"posted:{card.id}"

    async def update(self, platform_id: str, card: Card) -> None:
        """Show the card in another way, as often as it is called; only its last look counts."""
        if card.id not in posts(self._file):
            raise FinalError("The platform has no such post.")
        with self._file.with_suffix(".looks").open("a", encoding="utf-8") as out:
            out.write(f"{card.id} {card.state} {' '.join(mark.by for mark in card.marks)}\n")
            out.flush()
            os.fsync(out.fileno())

    def link(self, channel: ChannelRef, message_id: str, thread: str) -> str:
        """A file has no addresses."""
        return ""

    async def find(self, card: Card) -> str | None:
        """Give the id of the card if it was posted."""
        return f"posted:{card.id}" if card.id in posts(self._file) else None

    async def channel(self, ref: ChannelRef) -> Channel:
        """A file knows of no outsiders."""
        return Channel(ref)


def looks(file: Path) -> dict[str, str]:
    """How each edited card looks in the end."""
    edits = file.with_suffix(".looks")
    return dict(line.split(" ", 1) for line in edits.read_text("utf-8").splitlines()) if edits.exists() else {}


def posts(file: Path) -> list[str]:
    """The ids of the cards posted, one for each post."""
    return file.read_text("utf-8").splitlines() if file.exists() else []
