"""What a model is asked to answer, as types: the schema that goes with a call, and the check of what comes back.

The fields stand in the order in which they are to be written: the reason before what follows from it.
"""

from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.domain.judging import Agreement
from core.domain.reviews import Verdict
from core.domain.sessions import QuestionClass


class Said(BaseModel):
    """A part of an answer: no field may be missing, and no other one may be there."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SaidIdentified(Said):
    """Answer of ``identify``."""

    reason: str
    class_: QuestionClass = Field(alias="class")
    confidence: float


class SaidQuestion(Said):
    """One question of ``rewrite``."""

    query: str
    messages: list[str]
    context: str


class SaidRewriting(Said):
    """Answer of ``rewrite``."""

    questions: list[SaidQuestion]


class SaidSolution(Said):
    """A lesson, in an answer of ``extract`` or ``review``; ``expires_at`` is ISO 8601 in UTC."""

    object: str
    symptom: str
    conditions: str
    answer: str
    keys: list[str]
    from_messages: list[str]
    temporary: bool
    expires_at: str | None
    confirmed: bool
    confidence: float


class SaidExtraction(Said):
    """Answer of ``extract``."""

    reason: str
    found: bool
    solution: SaidSolution | None
    likely: list[str]


class SaidRuling(Said):
    """The ruling on one entry in an answer of ``review``."""

    n: int
    reason: str
    verdict: Verdict
    correction: list[str]
    confirmed: bool
    sibling: bool
    confidence: float
    question: str
    solution: SaidSolution | None


class SaidReview(Said):
    """Answer of ``review``."""

    rulings: list[SaidRuling]


class SaidJudged(Said):
    """Answer of the judges."""

    reason: str
    agreement: Agreement


ANSWERS: dict[str, type[Said]] = {
    "identify": SaidIdentified,
    "rewrite": SaidRewriting,
    "extract": SaidExtraction,
    "review": SaidReview,
    "judge": SaidJudged,
    "judge_claims": SaidJudged,
}
"""By task. ``generate`` is not among them: it answers in text, because citations and structured output cannot share a call."""


@cache
def schema_of(task: str) -> dict[str, Any] | None:
    """The JSON schema of a task's answer; ``None`` where it is text."""
    answer = ANSWERS.get(task)
    return _plain(answer.model_json_schema()) if answer else None


def _plain(node: Any) -> Any:
    """Without titles and descriptions: the prompt says what each field means."""
    if isinstance(node, dict):
        told = {key for key in ("title", "description") if isinstance(node.get(key), str)}
        return {key: _plain(value) for key, value in node.items() if key not in told}
    return [_plain(one) for one in node] if isinstance(node, list) else node
