"""An engine that counts what it is asked and what that costs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from core.domain.errors import VigilError
from core.domain.tasks import Reply, Request, Usage
from core.ports.engine import Engine

In = TypeVar("In")
Out = TypeVar("Out")
Price = Callable[[str, Usage], float | None]
"""US dollars for a call of a model, ``None`` where its prices are not known."""


@dataclass(frozen=True, slots=True)
class TaskCost:
    """What one task came to: answered ``calls``, ``failed`` ones (whose tokens no reply tells, and which are not in
    ``usage``), the models that answered, their mean time in milliseconds, and US dollars, ``None`` where a price is not
    known."""

    task: str
    calls: int
    failed: int
    models: tuple[str, ...]
    usage: Usage
    mean_ms: float
    usd: float | None

    def as_json(self) -> dict[str, object]:
        """As a report holds it."""
        used = self.usage
        return {
            "calls": self.calls, "failed": self.failed, "input_tokens": used.input_tokens,
            "cached_tokens": used.cached_tokens, "written_tokens": used.written_tokens,
            "output_tokens": used.output_tokens, "mean_ms": round(self.mean_ms, 1), "usd": self.usd,
        }  # fmt: skip


@dataclass(slots=True)
class _Count:
    replies: list[Reply[object]] = field(default_factory=list)
    failed: int = 0


class Counting:
    """Performs by the engine behind it. What an answer used counts whether it comes from the provider or, where it ``replays``,
    from a record."""

    def __init__(self, engine: Engine, price: Price = lambda _model, _usage: None, *, replays: bool = False) -> None:
        self._engine, self._price, self.replays = engine, price, replays
        self._counts: dict[str, _Count] = {}

    @property
    def name(self) -> str:
        """See ``Engine.name``."""
        return self._engine.name

    @property
    def quotes(self) -> bool:
        """See ``Engine.quotes``."""
        return self._engine.quotes

    @property
    def remote(self) -> bool:
        """See ``Engine.remote``."""
        return self._engine.remote

    async def perform(self, request: Request[In, Out]) -> Reply[Out]:
        """See ``Engine.perform``."""
        count = self._counts.setdefault(request.task.name, _Count())
        try:
            reply = await self._engine.perform(request)
        except VigilError:
            count.failed += 1
            raise
        count.replies.append(Reply(None, reply.model, reply.usage, reply.ms))
        return reply

    def costs(self) -> tuple[TaskCost, ...]:
        """What has been performed so far, by name of the task."""
        return tuple(self._cost(task, count) for task, count in sorted(self._counts.items()))

    def _cost(self, task: str, count: _Count) -> TaskCost:
        replies = count.replies
        prices = [self._price(one.model, one.usage) for one in replies]
        known = [price for price in prices if price is not None]
        return TaskCost(
            task=task,
            calls=len(replies),
            failed=count.failed,
            models=tuple(sorted({one.model for one in replies})),
            usage=sum((one.usage for one in replies), Usage()),
            mean_ms=sum(one.ms for one in replies) / len(replies) if replies else 0.0,
            usd=sum(known) if len(known) == len(prices) else None,
        )  # fmt: skip
