"""Ports that end the process at one of their calls, as a power cut would.

The clock is counted with the others but needs no row of its own: it changes nothing, so ending at one of its calls leaves
behind what ending after the call before it does. The same holds for the journal and for reading transactions.
"""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.wiring import Parts
from core.domain.cards import Card

EXIT = 9
WHENS: Mapping[str, tuple[str, ...]] = {
    "records": ("before", "inside", "after"),
    "store": ("before", "after"),
    "embedder": ("before", "after"),
    "engine": ("before", "after"),
    "messenger": ("before", "after"),
}
"""The ports, and where at a call a process may end; a transaction also between its last statement and its commit."""
PORTS = tuple(WHENS)


@dataclass(slots=True)
class Plan:
    """End at the ``call``-th call of ``port``, ``before`` or ``after`` it; ``port`` empty only counts."""

    port: str = ""
    call: int = 0
    when: str = "before"
    counts: dict[str, int] = field(default_factory=dict)

    def reach(self, port: str, when: str) -> None:
        """Count a call when it begins, and end the process where the plan says."""
        if when == "before":
            self.counts[port] = self.counts.get(port, 0) + 1
        if (port, self.counts[port], when) == (self.port, self.call, self.when):
            os._exit(EXIT)


class Crashing:
    """Stands before a port and passes everything on."""

    def __init__(self, port: Any, name: str, plan: Plan) -> None:
        self._port, self._name, self._plan = port, name, plan

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._port, attribute)
        if not callable(found) or attribute in {"read", "close"}:
            return found
        if attribute == "begin":
            return self._begin

        async def call(*arguments: Any, **named: Any) -> Any:
            self._plan.reach(self._name, "before")
            given = await found(*arguments, **named)
            self._plan.reach(self._name, "after")
            return given

        return call

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[Any]:
        """A transaction: ended before it opens, before it commits, or after it has."""
        self._plan.reach(self._name, "before")
        async with self._port.begin() as work:
            yield work
            self._plan.reach(self._name, "inside")
        self._plan.reach(self._name, "after")


class PostingMessenger:
    """A platform that outlives the process: every post is a line in a file, and ``find`` looks there."""

    def __init__(self, file: Path) -> None:
        self._file = file

    async def send(self, card: Card) -> str:
        """Post the card, whether or not it was posted before: a second post is what the test looks for."""
        with self._file.open("a", encoding="utf-8") as file:  # noqa: ASYNC230 - one line
            file.write(f"{card.id}\n")
        return f"posted:{card.id}"

    async def update(self, platform_id: str, card: Card) -> None:
        """Nothing to keep."""

    async def find(self, card: Card) -> str | None:
        """Look the card up among the posts."""
        return f"posted:{card.id}" if card.id in posts(self._file) else None


def posts(file: Path) -> list[str]:
    """The ids of the cards that were posted, in their order."""
    return file.read_text("utf-8").split() if file.is_file() else []


def wrapped(parts: Parts, plan: Plan, posted: Path) -> Parts:
    """All ports of a bot, watched, with a platform that outlives it."""
    parts = replace(parts, messenger=PostingMessenger(posted))
    return replace(parts, **{name: Crashing(getattr(parts, name), name, plan) for name in PORTS})
