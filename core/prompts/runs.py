"""The record of one performed task, to judge it or train from it later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from core.domain.ids import QuestionId, RunId, SessionId, make_id
from core.domain.records import Run
from core.domain.tasks import Reply, Task

_ANY: TypeAdapter[object] = TypeAdapter(object)


@dataclass(frozen=True, slots=True)
class Occasion:
    """For which question a task was performed, and when; ``nth`` tells apart its runs over one question."""

    session: SessionId
    question: QuestionId
    at: datetime
    nth: tuple[int, ...] = ()


def run_of(
    task: Task[Any, Any], reply: Reply[Any], on: Occasion, *,
    inputs: object, evidence: Sequence[object] = (), output: object = None,
) -> Run:  # fmt: skip
    """Record a reply with what it was given; ``output`` stands for the reply's own where more is to be kept."""
    return Run(
        id=RunId(make_id("run", task.name, on.question, *on.nth)),
        task=task.name,
        prompt_hash=task.prompt.hash,
        model=reply.model,
        at=on.at,
        session=on.session,
        question=on.question,
        inputs=_ANY.dump_json(inputs).decode(),
        evidence=_ANY.dump_json(evidence, exclude={"__all__": {"vectors"}}).decode(),
        output=_ANY.dump_json(reply.output if output is None else output).decode(),
        ms=reply.ms,
        tokens=reply.usage.input_tokens + reply.usage.output_tokens,
    )
