"""The port for whatever performs tasks."""

from typing import Protocol, TypeVar

from core.domain.tasks import Reply, Request

In = TypeVar("In")
Out = TypeVar("Out")


class Engine(Protocol):
    """Performs one named task. Has no memory and no tool that writes."""

    @property
    def name(self) -> str:
        """``offline`` or the provider's name; shown by doctor and on cards."""
        ...

    @property
    def quotes(self) -> bool:
        """Whether answers are quoted from sources rather than reasoned; the card says so."""
        ...

    @property
    def remote(self) -> bool:
        """Whether a call leaves this machine: it takes seconds, costs money and may fail, so calls that need not wait for each
        other are made at once."""
        ...

    async def perform(self, request: Request[In, Out]) -> Reply[Out]:
        """Give the task's output, checked to be of ``request.task.output_type``.

        Raises ``TransientError`` when it may work later (outage, rate limit, timeout, the day's budget), its kind
        ``UnusableAnswerError`` when an answer came that is not of that type, ``FinalError`` when it never will, its kind
        ``UnknownTaskError`` when this engine has no way to perform the task.
        """
        ...
