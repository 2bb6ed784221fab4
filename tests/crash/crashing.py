"""Ports that end the process at one of their calls, as a power cut would."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bot.wiring import Parts

EXIT = 9
PORTS = ("records", "store", "embedder", "engine", "messenger")


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
            if (self._plan.port, self._plan.call, self._plan.when) == (
                self._name,
                self._plan.counts[self._name],
                "inside",
            ):
                os._exit(EXIT)
        self._plan.reach(self._name, "after")


def wrapped(parts: Parts, plan: Plan) -> Parts:
    """All ports of a bot, watched."""
    watched: dict[str, Any] = {name: Crashing(getattr(parts, name), name, plan) for name in PORTS}
    return replace(parts, **watched)
