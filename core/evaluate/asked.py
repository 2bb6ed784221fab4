"""Questions put to the hot path as if asked directly: what it would say to them, with the documents of a corpus."""

from dataclasses import replace
from typing import TypeVar, cast

from core.domain.answers import Answer
from core.domain.sessions import QuestionClass
from core.domain.tasks import Identified, IdentifyInput, Reply, Request, Usage
from core.evaluate.retrieval import in_dialogue
from core.evaluate.rows import Row
from core.ports.engine import Engine
from core.respond.pipeline import respond
from core.respond.situation import Tools
from core.respond.skip_repeat import OFF

In = TypeVar("In")
Out = TypeVar("Out")


class Presumed:
    """An engine for which everything is in scope: identify is not asked, all else goes to the engine behind it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

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
        if isinstance(request.inputs, IdentifyInput):
            presumed = Identified(QuestionClass.WITHIN_SCOPE, "presumed", 1.0)
            return Reply(cast(Out, presumed), "none", Usage(), 0.0)
        return await self._engine.perform(request)


def without_identify(tools: Tools) -> Tools:
    """The tools with identify left out: whether to answer is for generate alone to decide."""
    return replace(tools, engine=Presumed(tools.engine))


def with_repeats(tools: Tools) -> Tools:
    """The tools with the repeat test off: a row's own dialogue often holds what its reference answer says."""
    return replace(tools, calibration=replace(tools.calibration, repeat_theta=OFF))


async def answers(row: Row, query: str, tools: Tools, scope: str) -> list[Answer]:
    """What is answered to ``query`` in the row's dialogue, asked directly, one answer per question that it is put as; none
    where Vigil abstains."""
    asked = with_repeats(without_identify(tools))
    made = await respond(in_dialogue(row, query, scope, direct=True), asked)
    return [one.answer for one in made.resolved if one.answer is not None]
