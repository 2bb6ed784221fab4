"""An engine that says what a test tells it to."""

import inspect
from collections.abc import Callable
from typing import Any

from core.domain.answers import Claim
from core.domain.errors import FinalError, UnknownTaskError, VigilError
from core.domain.reviews import EntryRuling, Review, ReviewInput, Verdict
from core.domain.sessions import QuestionClass
from core.domain.tasks import (
    ExtractInput,
    Extraction,
    Generated,
    GenerateInput,
    Identified,
    IdentifyInput,
    NotKnownYet,
    Reply,
    Request,
    RewriteInput,
    Rewriting,
    Rewritten,
    Usage,
)


class FakeEngine:
    """By default: everything is in scope, the burst is the question, the best passage is quoted, nothing is learned, every
    reviewed entry is kept. What is told may be a coroutine function, for what happens while a task is performed."""

    name = "fake"
    quotes = True
    remote = False

    def __init__(self) -> None:
        self.says: dict[str, Callable[[Any], object] | VigilError] = {}
        self.asked: list[str] = []

    async def perform(self, request: Request[Any, Any]) -> Reply[Any]:
        """Give what was told for the task, else the default."""
        self.asked.append(request.task.name)
        told = self.says.get(request.task.name)
        if isinstance(told, VigilError):
            raise told
        output = told(request.inputs) if told else _default(request.inputs)
        if inspect.isawaitable(output):
            output = await output
        if output is None:
            raise UnknownTaskError(f"The fake engine was told nothing about {request.task.name}.")
        if not isinstance(output, request.task.output_type):
            raise FinalError(f"The fake engine was told something else than what {request.task.name} gives.")
        return Reply(output, "fake/1", Usage(), 1.0)


def _default(inputs: object) -> object:
    match inputs:
        case IdentifyInput():
            return Identified(QuestionClass.WITHIN_SCOPE, "told so", 1.0)
        case RewriteInput():
            text = "\n".join(line.text for line in inputs.burst)
            return Rewriting((Rewritten(text, tuple(line.id for line in inputs.burst)),))
        case GenerateInput():
            return Generated((Claim(inputs.passages[0].entry.answer, (1,)),))
        case ExtractInput():
            return Extraction(NotKnownYet("told so"))
        case ReviewInput():
            return Review(tuple(EntryRuling(c.n, Verdict.KEEP, "told so", confidence=1.0) for c in inputs.cited))
    return None
