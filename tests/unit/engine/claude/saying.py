"""What the model says where a test does not care, and the parts of what it says where one does."""

import json
from typing import Any

from tests.fakes.claude.offline_model import task_of
from tests.fakes.claude.prompt import search_results_of
from tests.fakes.claude.refusals import Json
from tests.fakes.claude.said import Said, say_json, say_malformed, say_text

SOLUTION: Json = {
    "object": "uploads", "symptom": "503 SlowDown", "conditions": "", "answer": "Set `max_concurrency` to 4.",
    "keys": ["SlowDown"], "from_messages": ["m2"], "temporary": False, "expires_at": None, "confirmed": False,
    "confidence": 0.9,
}  # fmt: skip
RULING: Json = {
    "n": 1, "reason": "they agree", "verdict": "keep", "correction": [], "confirmed": False, "sibling": False,
    "confidence": 0.8, "question": "", "solution": None,
}  # fmt: skip
SAYS: dict[str, Json] = {
    "identify": {"reason": "an error", "class": "within_scope", "confidence": 0.9},
    "rewrite": {"questions": [{"query": "why 503?", "messages": ["m2"], "context": "SlowDown"}]},
    "extract": {"reason": "it is stated", "found": True, "solution": SOLUTION, "likely": []},
    "review": {"rulings": [RULING, RULING | {"n": 2}]},
    "judge": {"reason": "the same", "agreement": "full"},
}


def plain(body: Json) -> Said:
    """A good answer to any request: the first sentence of the first reference, or what ``SAYS`` has."""
    task = task_of(body)
    if task != "generate":
        return say_json(SAYS[task])
    return say_text(("Set it to 4.", (0, 0, 1))) if search_results_of(body) else say_text("NO_RELIABLE_ANSWER")


def says(task: str, **other: Any) -> Json:
    """The good answer of a task with some fields changed."""
    return SAYS[task] | other


def solved(**other: Any) -> Json:
    """An answer of extract whose solution has some fields changed."""
    return says("extract", solution=SOLUTION | other)


def spoilt(value: object) -> Said:
    """An answer that is JSON and may not fit."""
    return say_malformed(json.dumps(value))
