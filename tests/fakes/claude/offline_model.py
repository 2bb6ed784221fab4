"""A model behind the fake API that judges as the offline engine does, so that whole workspaces can be replayed over the wire.

``OfflineModel(offline, engine)`` is an engine: it lets the offline one perform a request, keeps that as what the model will say
to it, and asks ``engine``, which asks the API.
"""

import re
from typing import Any

from core.domain.reviews import Review
from core.domain.tasks import Extraction, Generated, Identified, Lesson, NotKnownYet, Reply, Request, Rewriting, labels
from core.ports.engine import Engine
from core.text.passages import cited_parts
from tests.fakes.claude.refusals import Json
from tests.fakes.claude.said import Said, say_json, say_text

ABSTAINS = "NO_RELIABLE_ANSWER"
MOST_CHARS = 2_000


class OfflineModel:
    """Set ``claude.model = this.says``."""

    name = "claude"
    quotes = False
    remote = True

    def __init__(self, offline: Engine, engine: Engine) -> None:
        self._offline, self._engine = offline, engine
        self._known: dict[str, Said] = {}

    async def perform(self, request: Request[Any, Any]) -> Reply[Any]:
        """What the engine makes of what the API says."""
        told = await self._offline.perform(request)
        self._known[_key(request.task.name, *(block.text for block in request.prompt.blocks))] = said(
            told.output, request
        )
        return await self._engine.perform(request)

    def says(self, body: Json) -> Said:
        """The answer to a request, found by what its blocks hold."""
        texts = [block["text"] for block in body["messages"][0]["content"] if block["type"] == "text"]
        blocks = re.findall(r'<block label="[^"]*" id="(\w+)">\n(.*?)\n</block \1>', texts[-1], re.DOTALL)
        return self._known[_key(task_of(body), *(text for _, text in blocks))]


def task_of(body: Json) -> str:
    """The task that a request is for, by what its answer must have."""
    schema = body.get("output_config", {}).get("format", {}).get("schema", {})
    fields = {
        "class": "identify",
        "questions": "rewrite",
        "found": "extract",
        "rulings": "review",
        "agreement": "judge",
    }
    return next((task for field, task in fields.items() if field in schema.get("properties", {})), "generate")


def _key(task: str, *texts: str) -> str:
    return "\n\n".join((task, *texts))


def said(output: object, request: Request[Any, Any]) -> Said:
    """An output as the model would write it."""
    named = labels(request.inputs.lines)
    match output:
        case Identified():
            return say_json({"reason": output.reason, "class": output.class_.value, "confidence": output.confidence})
        case Rewriting():
            questions = [
                {
                    "query": q.query[:MOST_CHARS],
                    "messages": [named[m] for m in q.messages if m in named],
                    "context": q.context,
                }
                for q in output.questions
            ]
            return say_json({"questions": questions})
        case Generated():
            return _cited(output, request)
        case Extraction(NotKnownYet() as nothing):
            likely = [named[m] for m in nothing.likely]
            return say_json({"reason": nothing.reason, "found": False, "solution": None, "likely": likely})
        case Extraction(Lesson() as lesson):
            told = {"reason": "stated", "found": True, "solution": _solution(lesson, named), "likely": []}
            return say_json(told)
        case Review():
            return say_json({"rulings": [_ruling(one, named) for one in output.rulings]})
    raise AssertionError(f"nothing is said for {output}")


def _cited(output: Generated, request: Request[Any, Any]) -> Said:
    if not output.claims:
        return say_text(ABSTAINS)
    sizes = [len(cited_parts(passage.entry)) for passage in request.inputs.passages]
    parts: list[Any] = [(claim.text, *((n - 1, 0, sizes[n - 1]) for n in claim.cites)) for claim in output.claims]
    return say_text(*(piece for part in parts for piece in (part, "\n")))


def _solution(lesson: Lesson, named: Any) -> Json:
    return {
        "object": lesson.object, "symptom": lesson.symptom, "conditions": lesson.conditions, "answer": lesson.answer,
        "keys": list(lesson.keys), "from_messages": [named[m] for m in lesson.from_messages], "temporary": False,
        "expires_at": lesson.expires_at and lesson.expires_at.isoformat(), "confirmed": lesson.confirmed,
        "confidence": lesson.confidence,
    }  # fmt: skip


def _ruling(one: Any, named: Any) -> Json:
    return {
        "n": one.n, "reason": one.reason, "verdict": one.verdict.value, "correction": [named[m] for m in one.correction],
        "confirmed": one.confirmed, "sibling": one.sibling, "confidence": one.confidence, "question": one.question,
        "solution": _solution(one.lesson, named) if one.lesson else None,
    }  # fmt: skip
